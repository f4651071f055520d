import type { Contract } from '../contract.ts'
import { samlProvisioning } from './saml-provisioning.ts'
import { samlSso } from './saml-sso.ts'
import { scimConnection } from './scim-connection.ts'
import { scimDirectory } from './scim-directory.ts'
import { scimGroups } from './scim-groups.ts'
import { scimImport } from './scim-import.ts'
import { scimUsers } from './scim-users.ts'

const onOff = ['on', 'off'] as const

/** What Cloudinary's documentation promises for SAML login and provisioning, and for SCIM. */
export const cloudinary: Contract = {
  id: 'cloudinary',
  version: 1,
  title: 'Cloudinary: SAML login and provisioning, and SCIM',
  areas: [
    { id: 'saml-sso', title: 'SAML login' },
    { id: 'saml-provisioning', title: 'SAML provisioning' },
    { id: 'scim-connection', title: 'SCIM: the connection' },
    { id: 'scim-users', title: 'SCIM: users' },
    { id: 'scim-groups', title: 'SCIM: group push' },
    { id: 'scim-import', title: 'SCIM: import' },
    { id: 'scim-directory', title: 'SCIM: what Okta makes of its directory' },
  ],
  requirements: [
    ...samlSso,
    ...samlProvisioning,
    ...scimConnection,
    ...scimUsers,
    ...scimGroups,
    ...scimImport,
    ...scimDirectory,
  ],

  attributes: [
    {
      name: 'User.CloudinaryAccountID',
      title: 'Provisioning Account ID',
      type: 'string',
      mandatory: true,
      value: '{accountId}',
    },
    // Not the e-mail: then the e-mail could never be changed by an assertion (CLD-PROV-36).
    {
      name: 'User.Username',
      title: '(External) User ID',
      type: 'string',
      mandatory: true,
      value: 'user.employeeNumber',
      provisioned: 'appuser.userName',
    },
    { name: 'User.FirstName', title: 'First name', type: 'string', mandatory: true, value: 'user.firstName' },
    { name: 'User.LastName', title: 'Last name', type: 'string', mandatory: false, value: 'user.lastName' },
    { name: 'User.Email', title: 'E-mail', type: 'string', mandatory: true, value: 'user.email' },
    {
      name: 'User.CloudinaryRole',
      title: 'Role',
      type: 'string',
      mandatory: false,
      value: 'user.cloudinaryRole',
      provisioned: 'appuser.role',
    },
    {
      name: 'User.CloudinaryUserGroups',
      title: 'User Groups',
      type: 'string[]',
      mandatory: false,
      value: 'user.cloudinaryUserGroups',
    },
    {
      name: 'User.CloudinarySubAccounts',
      title: 'Product environments',
      type: 'string[]',
      mandatory: false,
      value: 'user.cloudinarySubAccounts',
      provisioned: 'appuser.product_environments',
    },
  ],
  directory: {
    username: 'employeeNumber',
    role: 'cloudinaryRole',
    groups: 'cloudinaryUserGroups',
    environments: 'cloudinarySubAccounts',
  },

  roles: {
    values: [
      'master_admin',
      'admin',
      'technical_admin',
      'billing',
      'reports',
      'media_library_admin',
      'media_library_user',
    ],
    default: 'media_library_user',
    strongest: 'master_admin',
  },

  nameIdFormat: 'emailAddress',

  scim: {
    uniqueField: 'userName',
    groups: true,
    imports: true,
    attributes: [
      { name: 'role', type: 'string', enumerated: 'roles', combine: false },
      { name: 'product_environments', type: 'string-array', enumerated: 'productEnvironments', combine: true },
    ],
    namespace: 'urn:ietf:params:scim:schemas:core:2.0:User',
    mappings: { role: 'user.cld_role', product_environments: 'user.product_environments' },
  },

  settings: {
    saml: { title: 'SAML login', values: onOff, default: 'on' },
    provisioning: { title: 'SAML provisioning', values: onOff, default: 'on' },
    enforce: { title: 'Enforce SAML login', values: onOff, default: 'off' },
    metadata: { title: 'How the service provider gets the metadata', values: ['inline', 'url'], default: 'inline' },
    scim: { title: 'SCIM', values: onOff, default: 'on', of: 'scim.call' },
    idp: { title: 'Which identity provider is trusted', values: ['okta', 'plain'], default: 'okta' },
  },

  expect: {
    'saml.flow': {
      title: 'How scenarios that are not about it begin a login: from the app link of the IdP, or at the SP',
      values: ['idp-initiated', 'sp-initiated'],
      default: 'idp-initiated',
    },
    'saml.unknownRole': {
      title: 'A role outside the seven: the login is refused, or the default role is given',
      values: ['reject', 'default', 'unchecked'],
      default: 'reject',
    },
    'saml.multiValuedRole': {
      title: 'Two values for the role: the login is refused, or the first one counts',
      values: ['reject', 'first', 'unchecked'],
      default: 'reject',
    },
    'saml.unknownEnvironment': {
      title: 'An unknown cloud name: the login is refused, or the name is ignored (and never widened to all)',
      values: ['reject', 'ignore', 'unchecked'],
      default: 'reject',
    },
    'saml.absentOptional': {
      title: 'An optional attribute that is absent at a later login: what is stored is kept, or reset to the default',
      values: ['keep', 'reset', 'unchecked'],
      default: 'unchecked',
    },
    'saml.emailAsUsername': {
      title: 'Username and e-mail are the same and both change: a new account, or a refusal',
      values: ['newAccount', 'reject', 'unchecked'],
      default: 'newAccount',
    },
    'saml.emptyMandatory': {
      title: 'A mandatory attribute is there but empty: refused as if it were missing, or accepted',
      values: ['reject', 'accept', 'unchecked'],
      default: 'unchecked',
    },
    'saml.emailCase': {
      title: 'The same e-mail in other upper and lower case: the same account, or another',
      values: ['insensitive', 'exact', 'unchecked'],
      default: 'unchecked',
    },
    'saml.masterAdminInvitation': {
      title: 'A master_admin made by a SAML login: mailed an invitation, or not',
      values: ['sent', 'none', 'unchecked'],
      default: 'unchecked',
    },
    'scim.roleMissing': {
      title: 'A user without a role: made with the default role, or refused (and never made with a stronger one)',
      values: ['default', 'reject', 'unchecked'],
      default: 'default',
    },
    'scim.unknownRole': {
      title: 'A role outside the seven by SCIM: refused, or the default role is given',
      values: ['reject', 'default', 'unchecked'],
      default: 'reject',
    },
    'scim.serviceUserRevocation': {
      title:
        'Deactivating the user who authorised SCIM: revokes the token, or is not tried (it ends a real integration)',
      values: ['revokes', 'unchecked'],
      default: 'revokes',
    },
    'saml.afterDelete': {
      title: 'A login after the account was deleted: a new account, or a refusal',
      values: ['newAccount', 'reject', 'unchecked'],
      default: 'unchecked',
    },
  },

  parameters: {
    accountId: { title: 'Provisioning Account ID of the account under test', type: 'string', required: true },
    productEnvironments: {
      title: 'Cloud names of two or more product environments of the account',
      type: 'string[]',
      required: true,
      least: 2,
    },
    foreignAccountId: {
      title: 'Account ID of another account, which does not trust this IdP; a made-up one where there is none',
      type: 'string',
      required: false,
    },
    errorCode: {
      title: 'Regular expression whose first group is the error code in the body of a refused login',
      type: 'string',
      required: false,
    },
    errorDescription: {
      title: 'Regular expression whose first group is the description in the body of a refused login',
      type: 'string',
      required: false,
    },
  },
}
