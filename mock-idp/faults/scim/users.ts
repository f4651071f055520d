import { coreUserNamespace } from '../../directory/base-attributes.ts'
import { isObject, writeAt } from '../../scim/external-name.ts'
import type { WireRequest } from '../../scim/transport.ts'
import { optionalText } from '../params.ts'
import { bodyOf, hasUser, isOfUsers, one, scimFault, withBody } from './scim-fault.ts'

export const missingRequiredAttribute = scimFault({
  id: 'missing-required-attribute',
  title: 'A user without an attribute that the schema requires',
  severity: 'medium',
  expect: 'reject',
  basis: ['RFC 7643 2.2', 'RFC 7644 3.12'],
  parameters: { attribute: { title: 'its external name; userName when left out', type: 'string', required: false } },
  concerns: hasUser,
  apply: (request, params) =>
    one(withBody(request, writeAt(bodyOf(request), optionalText(params, 'attribute') ?? 'userName', undefined))),
})

export const unknownRole = scimFault({
  id: 'unknown-role',
  title: 'A user with a role that the service provider does not have',
  severity: 'high',
  expect: 'reject',
  basis: ['RFC 7644 3.12 (invalidValue)'],
  parameters: {
    value: { title: 'the role; no_such_role when left out', type: 'string', required: false },
    attribute: { title: 'its external name; role when left out', type: 'string', required: false },
  },
  concerns: hasUser,
  apply: (request, params) =>
    one(
      withBody(
        request,
        writeAt(
          bodyOf(request),
          optionalText(params, 'attribute') ?? 'role',
          optionalText(params, 'value') ?? 'no_such_role',
        ),
      ),
    ),
})

export const unknownProductEnvironment = scimFault({
  id: 'unknown-product-environment',
  title: 'A user with a product environment that the service provider does not have',
  severity: 'high',
  expect: 'reject',
  basis: ['RFC 7644 3.12 (invalidValue)'],
  parameters: {
    value: { title: 'the environment; no-such-environment when left out', type: 'string', required: false },
    attribute: { title: 'its external name; product_environments when left out', type: 'string', required: false },
  },
  concerns: hasUser,
  apply: (request, params) =>
    one(
      withBody(
        request,
        writeAt(bodyOf(request), optionalText(params, 'attribute') ?? 'product_environments', [
          optionalText(params, 'value') ?? 'no-such-environment',
        ]),
      ),
    ),
})

/** Attributes of RFC 7643 4.1, and those that every resource has. */
const core = new Set(
  'schemas id externalId meta userName name displayName nickName profileUrl title userType preferredLanguage locale timezone active password emails phoneNumbers ims photos addresses groups entitlements roles x509Certificates'.split(
    ' ',
  ),
)

export const nestedCustomAttributes = scimFault({
  id: 'nested-custom-attributes',
  title: 'Custom attributes of the core schema stand in an object under its URN and not at the top level',
  severity: 'low',
  expect: 'by-policy',
  basis: ['RFC 7643 3.3'],
  concerns: hasUser,
  apply: (request) => {
    const entries = Object.entries(bodyOf(request))
    const custom = entries.filter(([name]) => !core.has(name) && !name.startsWith('urn:'))
    const rest = entries.filter(([name]) => core.has(name) || name.startsWith('urn:'))
    return one(withBody(request, { ...Object.fromEntries(rest), [coreUserNamespace]: Object.fromEntries(custom) }))
  },
})

/** PUT of the whole, or PATCH, that sets `active` to false. */
const deactivates = (request: WireRequest): boolean => {
  if (!isOfUsers(request) || (request.method !== 'PUT' && request.method !== 'PATCH')) return false
  const body = bodyOf(request)
  const operations = Array.isArray(body['Operations']) ? body['Operations'] : []
  return (
    body['active'] === false ||
    operations.some((one) => isObject(one) && isObject(one['value']) && one['value']['active'] === false)
  )
}

export const deactivatedPushedAgain = scimFault({
  id: 'deactivated-user-pushed-again',
  title: 'A user who has just been deactivated is pushed once more',
  severity: 'low',
  expect: 'accept',
  basis: ['RFC 7644 3.5'],
  concerns: deactivates,
  apply: (request) => ({ requests: [request, request] }),
})

export const createSentTwice = scimFault({
  id: 'create-sent-twice',
  title: 'The request that creates a user is sent twice',
  severity: 'high',
  expect: 'reject',
  basis: ['RFC 7644 3.3'],
  concerns: (request) => request.method === 'POST' && isOfUsers(request),
  apply: (request) => ({ requests: [request, request] }),
})

export const scimUserFaults = [
  createSentTwice,
  missingRequiredAttribute,
  unknownRole,
  unknownProductEnvironment,
  nestedCustomAttributes,
  deactivatedPushedAgain,
] as const
