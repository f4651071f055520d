import type { Contract } from '../contract.ts'
import { samlJit } from './saml-jit.ts'

const onOff = ['on', 'off'] as const

/** What ImageKit's documentation promises of single sign-on with accounts made on the fly. */
export const imagekit: Contract = {
  id: 'imagekit',
  version: 1,
  title: 'ImageKit: SAML login with just-in-time accounts',
  areas: [{ id: 'saml-jit', title: 'SAML login and just-in-time accounts' }],
  requirements: samlJit,

  // No attribute for the e-mail address: it is the NameID.
  attributes: [
    { name: 'imagekit_id', title: 'ImageKit ID', type: 'string', mandatory: true, value: '{imagekitId}' },
    {
      name: 'full_name',
      title: 'Full name',
      type: 'string',
      mandatory: true,
      value: 'user.firstName + " " + user.lastName',
    },
    { name: 'imagekit_role', title: 'Role', type: 'string', mandatory: true, value: 'user.imagekitRole' },
  ],
  directory: { role: 'imagekitRole' },

  roles: {
    values: [
      'account_administrator',
      'developer',
      'media_library_full_access',
      'media_library_restricted_access',
      'media_library_view_only_access',
      'finance',
    ],
    default: undefined,
    strongest: 'account_administrator',
    ordinary: 'media_library_view_only_access',
  },

  nameIdFormat: 'emailAddress',

  settings: {
    saml: { title: 'Single sign-on', values: onOff, default: 'on' },
    metadata: { title: 'How the service provider gets the metadata', values: ['inline'], default: 'inline' },
    idp: { title: 'Which identity provider is trusted', values: ['okta', 'plain'], default: 'okta' },
  },

  expect: {
    'saml.flow': {
      title: 'How scenarios that are not about it begin a login: only from the app link, as new users must',
      values: ['idp-initiated'],
      default: 'idp-initiated',
    },
    'saml.unknownRole': {
      title: 'A role that ImageKit does not have: the login is refused, or not judged (and never the strongest role)',
      values: ['reject', 'unchecked'],
      default: 'reject',
    },
    'saml.multiValuedRole': {
      title: 'Two values for the role: the login is refused, or the first one counts',
      values: ['reject', 'first', 'unchecked'],
      default: 'reject',
    },
    'saml.missingMandatory': {
      title: 'The full name or the role is missing: the login is refused, or not judged (and never the strongest role)',
      values: ['reject', 'unchecked'],
      default: 'reject',
    },
    'saml.emptyMandatory': {
      title: 'A mandatory attribute is there but empty: refused as if it were missing, or accepted',
      values: ['reject', 'accept', 'unchecked'],
      default: 'unchecked',
    },
    'saml.emailCase': {
      title: 'The same e-mail in other upper and lower case: the same user, or another',
      values: ['insensitive', 'exact', 'unchecked'],
      default: 'unchecked',
    },
  },

  parameters: {
    imagekitId: { title: 'ImageKit ID of the organisation under test', type: 'string', required: true },
  },
}
