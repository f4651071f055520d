import { isObject, type Json } from '../../scim/external-name.ts'
import type { WireRequest } from '../../scim/transport.ts'
import type { FaultParams } from '../fault.ts'
import { optionalText } from '../params.ts'
import { bodyOf, isOfGroups, one, scimFault, withBody } from './scim-fault.ts'

/** The members that a request tells: of a PUT or POST, or of the operation of a PATCH that adds or replaces them. */
const membersIn = (body: Json): unknown[] => {
  if (Array.isArray(body['members'])) return body['members']
  const operation = operationWithMembers(body)
  return operation && Array.isArray(operation['value']) ? operation['value'] : []
}

const operationWithMembers = ({ Operations }: Json): Json | undefined =>
  (Array.isArray(Operations) ? Operations : []).find(
    (one): one is Json => isObject(one) && one['path'] === 'members' && Array.isArray(one['value']),
  )

const withMembers = (body: Json, members: readonly unknown[]): Json => {
  const operation = operationWithMembers(body)
  if (operation === undefined) return { ...body, members }
  const operations = body['Operations'] as readonly unknown[]
  return { ...body, Operations: operations.map((one) => (one === operation ? { ...operation, value: members } : one)) }
}

const tellsMembers = (request: WireRequest): boolean =>
  isOfGroups(request) && request.body !== undefined && membersIn(bodyOf(request)).length > 0

export const membersInTwoRequests = scimFault({
  id: 'members-in-two-requests',
  title: 'New members come in two requests at the same moment, half of them in each',
  severity: 'high',
  expect: 'accept',
  basis: ['RFC 7644 3.5.2.1'],
  concerns: (request) =>
    request.method === 'PATCH' &&
    isOfGroups(request) &&
    membersIn(bodyOf(request)).length > 1 &&
    operationWithMembers(bodyOf(request))?.['op'] === 'add',
  apply: (request) => {
    const body = bodyOf(request)
    const members = membersIn(body)
    const half = Math.ceil(members.length / 2)
    const onlyMembers = (value: readonly unknown[]): Json => ({
      ...body,
      Operations: [{ op: 'add', path: 'members', value }],
    })
    return {
      requests: [
        withBody(request, withMembers(body, members.slice(0, half))),
        withBody(request, onlyMembers(members.slice(half))),
      ],
      together: true,
    }
  },
})

export const unknownMembers = scimFault({
  id: 'unknown-members',
  title: 'A group with a member whom the service provider does not know',
  severity: 'medium',
  expect: 'reject',
  basis: ['RFC 7643 4.2', 'RFC 7644 3.12'],
  parameters: { id: { title: 'the id; one that no server makes when left out', type: 'string', required: false } },
  concerns: tellsMembers,
  apply: (request, params) => {
    const body = bodyOf(request)
    const value = optionalText(params, 'id') ?? 'no-such-user-00000000'
    return one(withBody(request, withMembers(body, [...membersIn(body), { value, display: 'nobody' }])))
  },
})

const count = (params: FaultParams): number => (typeof params['members'] === 'number' ? params['members'] : 10_000)

export const hugeGroup = scimFault({
  id: 'huge-group',
  title: 'A group whose members are told ten thousand times over',
  severity: 'low',
  expect: 'by-policy',
  basis: ['RFC 7644 3.12 (tooMany)'],
  parameters: { members: { title: 'how many entries; 10000 when left out', type: 'number', required: false } },
  concerns: tellsMembers,
  apply: (request, params) => {
    const body = bodyOf(request)
    const members = membersIn(body)
    const many = Array.from({ length: Math.min(count(params), 100_000) }, (_, i) => members[i % members.length])
    return one(withBody(request, withMembers(body, many)))
  },
})

export const scimGroupFaults = [membersInTwoRequests, unknownMembers, hugeGroup] as const
