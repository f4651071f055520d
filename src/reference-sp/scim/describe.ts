import { coreUser } from '../rules/scim.ts'
import type { Sp } from '../sp.ts'
import { coreGroup, type Json } from './attribute-names.ts'

/** What this server can do (RFC 7643 5). */
export const serviceProviderConfig = (sp: Sp): Json => ({
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig'],
  patch: { supported: true },
  bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
  filter: { supported: true, maxResults: 1_000 },
  changePassword: { supported: false },
  sort: { supported: false },
  etag: { supported: true },
  authenticationSchemes: [
    {
      type: 'oauth2',
      name: 'OAuth 2.0',
      description: 'Authorization code with the scope provision:scim',
      specUri: 'https://www.rfc-editor.org/info/rfc6749',
      primary: true,
    },
  ],
  meta: { resourceType: 'ServiceProviderConfig', location: `${sp.url}/scim/v2/ServiceProviderConfig` },
})

/** A ListResponse of everything there is: discovery has no pages. */
export const list = (resources: readonly Json[]): Json => ({
  schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
  totalResults: resources.length,
  startIndex: 1,
  itemsPerPage: resources.length,
  Resources: resources,
})

const resourceType = (sp: Sp, id: string, endpoint: string, schema: string): Json => ({
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:ResourceType'],
  ...{ id, name: id, endpoint, schema },
  meta: { resourceType: 'ResourceType', location: `${sp.url}/scim/v2/ResourceTypes/${id}` },
})

export const resourceTypes = (sp: Sp): Json[] => [
  resourceType(sp, 'User', '/Users', coreUser),
  resourceType(sp, 'Group', '/Groups', coreGroup),
]

interface AttributeOptions {
  type?: string
  multiValued?: boolean
  required?: boolean
  caseExact?: boolean
  mutability?: string
  returned?: string
  uniqueness?: string
  canonicalValues?: readonly string[]
  subAttributes?: readonly Json[]
}

const attribute = (name: string, description: string, options: AttributeOptions = {}): Json => ({
  name,
  description,
  type: 'string',
  multiValued: false,
  required: false,
  caseExact: false,
  mutability: 'readWrite',
  returned: 'default',
  uniqueness: 'none',
  ...options,
})

const reference = [
  attribute('value', 'Its id', { caseExact: true }),
  attribute('display', 'Its name', { mutability: 'readOnly' }),
  attribute('$ref', 'Its address', { type: 'reference', mutability: 'readOnly', caseExact: true }),
  attribute('type', 'Which kind it is', { mutability: 'readOnly' }),
]

const userSchema = (sp: Sp): Json => ({
  id: coreUser,
  name: 'User',
  description: 'A user of the account',
  attributes: [
    attribute('userName', 'What the user is found by', { required: true, uniqueness: 'server' }),
    attribute('name', 'The name in its parts', {
      type: 'complex',
      subAttributes: ['formatted', 'givenName', 'familyName'].map((part) => attribute(part, `The ${part}`)),
    }),
    attribute('displayName', 'The name as it is shown'),
    attribute('emails', 'The e-mail address', {
      type: 'complex',
      multiValued: true,
      subAttributes: [
        attribute('value', 'The address', { uniqueness: 'server' }),
        attribute('type', 'What it is for'),
        attribute('primary', 'Whether it is the one that counts', { type: 'boolean' }),
      ],
    }),
    attribute('active', 'Whether the user may log in', { type: 'boolean' }),
    attribute('password', 'Accepted and not used', { mutability: 'writeOnly', returned: 'never', caseExact: true }),
    ...(sp.rules().scimReadsTopLevel() ? customAttributes(sp.profile.roles) : []),
    ...(sp.rules().scimHasGroups() ? [groupsOfUser] : []),
  ],
})

const customAttributes = (roles: readonly string[]): Json[] => [
  attribute('role', 'The role in the account', { caseExact: true, canonicalValues: roles }),
  attribute('product_environments', 'Cloud names; none: all', { multiValued: true, caseExact: true }),
]

const groupsOfUser = attribute('groups', 'User groups', {
  type: 'complex',
  multiValued: true,
  mutability: 'readOnly',
  subAttributes: reference,
})

const groupSchema: Json = {
  id: coreGroup,
  name: 'Group',
  description: 'A user group of the account',
  attributes: [
    attribute('displayName', 'The name of the group', { required: true, caseExact: true, uniqueness: 'server' }),
    attribute('members', 'Users', { type: 'complex', multiValued: true, subAttributes: reference }),
  ],
}

export const schemas = (sp: Sp): Json[] => [userSchema(sp), ...(sp.rules().scimHasGroups() ? [groupSchema] : [])]
