import { also, type Defect, defect } from '../../defects/defect.ts'
import { nameIdFormats } from '../../saml/namespaces.ts'

/** Whatever has a scenario in which somebody is let in at the console's ACS. */
const needsTheConsole = [
  'CLD-SAML-01',
  'CLD-SAML-02',
  'CLD-SAML-04',
  'CLD-SAML-05',
  'CLD-SAML-07',
  'CLD-SAML-08',
  'CLD-SAML-09',
  'CLD-SAML-11',
  'CLD-SAML-21',
  'CLD-SAML-26',
  'CLD-SAML-28',
  'CLD-SAML-31',
  'CLD-SCIM-32',
  'CLD-SCIM-37',
  'CLD-SCIM-70',
  'CLD-PROV-03',
  'CLD-PROV-10',
  'CLD-PROV-12',
  'CLD-PROV-13',
  'CLD-PROV-16',
  'CLD-PROV-17',
  'CLD-PROV-18',
  'CLD-PROV-20',
  'CLD-PROV-21',
  'CLD-PROV-22',
  'CLD-PROV-23',
  'CLD-PROV-27',
  'CLD-PROV-29',
  'CLD-PROV-46',
]

/** What is taken for a message that is meant for this SP, and is not. */
export const verificationDefects: readonly Defect[] = [
  defect('CLD-SAML-01', {
    title: 'Only identity providers that look like Okta are accepted.',
    rules: () => ({ supportsIdp: (idp) => /^http:\/\/www\.okta\.com\/exk/.test(idp.entityId) }),
  }),
  defect('CLD-SAML-04', {
    title: 'A metadata URL is stored and never fetched.',
    rules: () => ({ fetchesMetadataUrl: () => false }),
  }),
  defect('CLD-SAML-05', {
    title:
      'With pasted metadata, each login still fetches the metadata from the identity provider, and fails without it.',
    rules: () => ({
      urlNeededByInline: ({ sso }) => {
        const location = sso.redirect ?? sso.post ?? ''
        const okta = location.replace(/\/app\/[^/]+\/(exk[^/]+\/sso\/saml)$/, '/app/$1/metadata')
        return okta === location ? new URL('metadata.xml', location).toString() : okta
      },
    }),
  }),
  defect('CLD-SAML-14', {
    title: 'A Response that is no success and has no Assertion breaks the SP: it answers with 500.',
    alsoFails: [also('CLD-SAML-22', 'this refusal is answered with 500')],
    rules: () => ({ expectsAssertionOfDenied: () => true }),
  }),
  defect('CLD-SAML-19', {
    title: 'Destination and Recipient are not compared with the ACS URL.',
    alsoFails: [also('CLD-SAML-29', 'another Recipient is accepted at the second ACS too')],
    rules: () => ({ destinationIsOurs: () => true, recipientIsOurs: () => true }),
  }),
  defect('CLD-SAML-20', {
    title: 'Assertions for other audiences are accepted.',
    rules: () => ({ audienceIsOurs: () => true }),
  }),
  defect('CLD-SAML-21', {
    title: 'Login-only mode needs a persistent or unspecified NameID.',
    alsoFails: [
      also('CLD-SAML-31', 'the same format, seen from the SP'),
      also('CLD-SAML-02', 'nobody with an e-mail address as NameID gets in without provisioning'),
      also('CLD-SAML-26', 'nobody with an e-mail address as NameID gets in without provisioning'),
      also('CLD-SCIM-70', 'nobody with an e-mail address as NameID gets in without provisioning'),
    ],
    rules: () => ({
      acceptsNameIdFormat: (format, provisioning) =>
        provisioning || format === nameIdFormats.persistent || format === nameIdFormats.unspecified,
    }),
  }),
  defect('CLD-SAML-27', {
    title: "The console's ACS URL refuses every Response; only the older one works.",
    alsoFails: needsTheConsole.map((id) => also(id, "nobody is let in at the console's ACS")),
    rules: () => ({ acceptsAcs: (acs, all) => acs !== all[0] }),
  }),
  defect('CLD-SAML-28', {
    title: "In answers to its own requests, the SP takes the console's ACS URL for its audience.",
    alsoFails: [
      also('CLD-SAML-01', 'logins that begin at the SP are refused'),
      also('CLD-SAML-04', 'logins that begin at the SP are refused'),
    ],
    rules: (rules) => ({
      audienceIsOurs: (audience, all, arrival) =>
        arrival.solicited && arrival.acs === all[0]
          ? audience === arrival.acs.url
          : rules.audienceIsOurs(audience, all, arrival),
    }),
  }),
  defect('CLD-SAML-29', {
    title: 'The Destination is always compared with the default ACS URL, at the second one too.',
    rules: () => ({ destinationIsOurs: (destination, _acs, all) => destination === all[0]?.url }),
  }),
  defect('CLD-SAML-30', {
    title: 'The Status of a Response that has an Assertion is ignored.',
    rules: () => ({ statusAllowsLogin: (status, hasAssertion) => status.success || hasAssertion }),
  }),
  defect('CLD-PROV-02', {
    title: 'SAML provisioning lets people in although SAML login is switched off.',
    rules: () => ({ samlIsOn: (settings) => settings.saml.enabled || settings.provisioning }),
  }),
]
