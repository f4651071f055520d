import type { Contract } from '../contract.ts'
import { groupSync } from './group-sync.ts'
import { samlSso } from './saml-sso.ts'
import { scim } from './scim.ts'

const onOff = ['on', 'off'] as const

/** What Cloudsmith's documentation promises of SAML login, Group Sync and SCIM with Okta. */
export const cloudsmith: Contract = {
  id: 'cloudsmith',
  version: 1,
  title: 'Cloudsmith: SAML login, Group Sync and SCIM',
  areas: [
    { id: 'saml-sso', title: 'SAML login' },
    { id: 'saml-group-sync', title: 'SAML Group Sync' },
    { id: 'scim', title: 'SCIM' },
  ],
  requirements: [...samlSso, ...groupSync, ...scim],

  attributes: [
    { name: 'FirstName', title: 'First name', type: 'string', mandatory: false, value: 'user.firstName' },
    { name: 'LastName', title: 'Last name', type: 'string', mandatory: false, value: 'user.lastName' },
  ],
  directory: {},

  // Roles in an organisation are given at Cloudsmith; no assertion has one.
  roles: { values: ['Owner', 'Manager', 'Member', 'Collaborator'], default: 'Member', strongest: 'Owner' },

  nameIdFormat: 'emailAddress',

  scim: {
    uniqueField: 'email',
    groups: false,
    imports: false,
    attributes: [],
    namespace: 'urn:ietf:params:scim:schemas:core:2.0:User',
    mappings: {},
  },

  settings: {
    saml: {
      title: 'SAML login; `again`: turned off and on just before',
      values: ['on', 'off', 'again'],
      default: 'on',
    },
    groupSync: { title: 'SAML Group Sync', values: onOff, default: 'on' },
    scim: { title: 'SCIM', values: onOff, default: 'on', of: 'scim.call' },
    metadata: { title: 'How the service provider gets the metadata', values: ['inline', 'url'], default: 'inline' },
    idp: { title: 'Which identity provider is trusted', values: ['okta', 'plain'], default: 'okta' },
  },

  expect: {
    'saml.flow': {
      title: 'How scenarios that are not about it begin a login: from the app link of the IdP, or at the landing page',
      values: ['idp-initiated', 'sp-initiated'],
      default: 'idp-initiated',
    },
    'saml.missingNames': {
      title: 'First or last name is missing at the first login: refused, or signed up',
      values: ['reject', 'accept', 'unchecked'],
      default: 'unchecked',
    },
    'groupSync.removeUnmatched': {
      title: 'Which teams somebody leaves at a login that no mapping leads to: mapped ones, all, or none',
      values: ['mappedTeams', 'allTeams', 'never'],
      default: 'mappedTeams',
    },
    'scim.deactivation': {
      title: 'What becomes of a member who is deactivated: inactive, or removed from the organisation',
      values: ['inactive', 'removed'],
      default: 'inactive',
    },
    'scim.wrongUsername': {
      title: 'A user name other than "token" with the right password: refused, or not looked at',
      values: ['reject', 'unchecked'],
      default: 'reject',
    },
    'scim.bearer': {
      title: 'The token as a bearer token, as another guide has it: taken, refused, or not judged',
      values: ['accept', 'reject', 'unchecked'],
      default: 'unchecked',
    },
  },

  parameters: {
    organization: { title: 'Slug of the organisation under test', type: 'string', required: true },
  },
}
