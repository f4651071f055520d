import { text } from '../params.ts'
import { isOfUsers, one, scimFault, writes } from './scim-fault.ts'

export const wrongMediaType = scimFault({
  id: 'wrong-media-type',
  title: 'The Content-Type is text/plain',
  severity: 'medium',
  expect: 'reject',
  basis: ['RFC 7644 3.1', 'RFC 9110 15.5.16'],
  concerns: (request) => writes(request) && request.body !== undefined,
  apply: (request) => one({ ...request, headers: { ...request.headers, 'Content-Type': 'text/plain' } }),
})

export const malformedJson = scimFault({
  id: 'malformed-json',
  title: 'The body ends in the middle',
  severity: 'medium',
  expect: 'reject',
  basis: ['RFC 7644 3.12 (invalidSyntax)'],
  concerns: (request) => writes(request) && request.body !== undefined,
  apply: (request) => one({ ...request, body: request.body?.slice(0, Math.floor(request.body.length / 2)) }),
})

export const staleUpdate = scimFault({
  id: 'stale-update',
  title: 'An update that is for an older version of the user (If-Match)',
  severity: 'medium',
  expect: 'by-policy',
  basis: ['RFC 7644 3.14'],
  concerns: (request) => isOfUsers(request) && (request.method === 'PUT' || request.method === 'PATCH'),
  apply: (request) => one({ ...request, headers: { ...request.headers, 'If-Match': 'W/"an-older-version"' } }),
})

export const noToken = scimFault({
  id: 'no-token',
  title: 'There is no credential',
  severity: 'critical',
  expect: 'reject',
  basis: ['RFC 7644 2', 'RFC 6750 3.1'],
  concerns: writes,
  apply: (request) => one({ ...request, credential: null }),
})

export const wrongToken = scimFault({
  id: 'wrong-token',
  title: 'The token is one that nobody issued',
  severity: 'critical',
  expect: 'reject',
  basis: ['RFC 6750 3.1 (invalid_token)'],
  concerns: writes,
  apply: (request) =>
    one({ ...request, credential: { name: 'Authorization', value: 'Bearer nobody-issued-this-token' } }),
})

export const otherToken = scimFault({
  id: 'other-token',
  title: 'The token is a given one: expired, revoked, or of another scope',
  severity: 'critical',
  expect: 'reject',
  basis: ['RFC 6750 3.1 (invalid_token, insufficient_scope)'],
  parameters: { token: { title: 'the token', type: 'string', required: true } },
  concerns: writes,
  apply: (request, params) =>
    one({ ...request, credential: { name: 'Authorization', value: `Bearer ${text(params, 'token')}` } }),
})

export const scimRequestFaults = [wrongMediaType, malformedJson, staleUpdate, noToken, wrongToken, otherToken] as const
