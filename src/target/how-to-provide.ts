import type { Verb } from './ports.ts'

const accounts = (request: string): string =>
  `Give target.accounts in idpact.yaml: the driver cloudinary-provisioning-api or cloudsmith-api, or http with "${request}", or a module of yours.`
const admin = (request: string): string =>
  `Give target.admin in idpact.yaml: the driver http with "${request}", or a module of yours; or say in target.settings how the SP is set.`

const sentences: Record<Verb, string> = {
  'acs.post': 'Give target.saml.acs in idpact.yaml: the URL where the SP takes Responses.',
  'acs.second': 'Give target.saml.acs in idpact.yaml as a list of two URLs, if the SP has a second ACS.',
  'acs.metadata':
    'Give target.saml.metadata in idpact.yaml, or --sp-metadata: a file or URL with the metadata of the SP itself.',
  'start.login': 'Give target.saml.start in idpact.yaml: the URL where a login begins at the SP, with {email} in it.',
  'session.whoAmI':
    'Give target.session in idpact.yaml: a URL that says who is logged in, and where in its answer (identity: /email, or a CSS selector).',
  'passwordLogin.login':
    'Give target.passwordLogin in idpact.yaml: the driver http with the URL that the login form is posted to, or a module of yours.',
  'accounts.find': accounts('find'),
  'accounts.list': accounts('list'),
  'accounts.create': accounts('create'),
  'accounts.update': accounts('update'),
  'accounts.delete': accounts('delete'),
  'accounts.groups': accounts('groups'),
  'accounts.manageGroups': accounts('createGroup", "deleteGroup" and "groups'),
  'accounts.environments': accounts('environments'),
  'admin.saml': admin('saml'),
  'admin.provisioning': admin('provisioning'),
  'admin.enforce': admin('enforce'),
  'admin.metadata': admin('metadata'),
  'admin.twoFactor':
    'Give target.admin in idpact.yaml: the driver http with "twoFactor", or a module of yours that exports setTwoFactor.',
  'admin.scim': admin('scim'),
  'scim.call':
    'Give target.scim in idpact.yaml: the base URL of the SCIM server, and how it is authorised (basic, header or oauth2).',
  'scim.consent': 'Give target.scim.consent in idpact.yaml: the driver pages, with an account that may consent.',
  'outbox.read':
    'Give target.outbox in idpact.yaml: { driver: smtp } and let the SP send its mail to idpact, or the driver http of your mail catcher, or a module of yours.',
  'admin.groupSync': admin('groupSync'),
  'groupSync.map': 'Give target.groupSync in idpact.yaml: the driver cloudsmith-api, or a module of yours.',
  'groupSync.switch': 'Give target.groupSync in idpact.yaml: the driver cloudsmith-api, or a module of yours.',
  'ssoSetup.save':
    'Give target.ssoSetup in idpact.yaml: the URL where the page of the settings saves the metadata, and its fields.',
  'tenantB.login':
    'Give target.tenants.b in idpact.yaml: the saml of a second organisation at the SP, which trusts the IdP that `idpact metadata --tenant b` prints.',
  'tenantB.start': 'Give target.tenants.b.saml.start in idpact.yaml, beside the rest of a second organisation.',
  'tenantB.accounts': 'Give target.tenants.b.accounts in idpact.yaml: how accounts of a second organisation are read.',
  'tenantB.scim':
    'Give target.tenants.b.scim in idpact.yaml: the SCIM server with the credential of a second organisation.',
}

/** What to write into idpact.yaml to get a verb. */
export const howToProvide = (verb: Verb): string => sentences[verb]
