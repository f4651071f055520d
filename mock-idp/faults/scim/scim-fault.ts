import { isObject, type Json } from '../../scim/external-name.ts'
import type { WireRequest } from '../../scim/transport.ts'
import type { FaultBase, FaultParams } from '../fault.ts'

/** What goes out in place of one request. */
export interface Spoiled {
  requests: readonly WireRequest[]
  /** All at once; else one after the other. */
  together?: boolean
}

/**
 * One mistake that the SCIM client makes on purpose, on the wire: everything else about the request stays as Okta sends
 * it. The client goes on with the answer to the first request of a sequence, and with the worst one of those sent
 * together.
 */
export type ScimFault = FaultBase & {
  stage: 'scim'
  /** Whether this is a request that the fault can spoil; it waits for one. */
  concerns(request: WireRequest, params: FaultParams): boolean
  apply(request: WireRequest, params: FaultParams): Spoiled
}

/** Gives a literal its type; nothing else. */
export const scimFault = <const F extends Omit<ScimFault, 'stage'>>(value: F): F & { stage: 'scim' } => ({
  stage: 'scim',
  ...value,
})

export const bodyOf = ({ body }: WireRequest): Json => {
  const value: unknown = body === undefined ? undefined : JSON.parse(body)
  return isObject(value) ? value : {}
}

export const withBody = (request: WireRequest, body: Json): WireRequest => ({ ...request, body: JSON.stringify(body) })

export const one = (request: WireRequest): Spoiled => ({ requests: [request] })

export const isOfUsers = ({ path }: WireRequest): boolean => /^\/Users(?:\/|$)/.test(path)
export const isOfGroups = ({ path }: WireRequest): boolean => /^\/Groups(?:\/|$)/.test(path)

/** A request that has the whole of a user in it. */
export const hasUser = (request: WireRequest): boolean =>
  isOfUsers(request) && (request.method === 'POST' || request.method === 'PUT')

export const writes = ({ method }: WireRequest): boolean => method !== 'GET'
