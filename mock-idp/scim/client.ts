import type { ScimPersona } from '../personas/scim-persona.ts'
import { idOf, jsonOf, succeeded } from './answer.ts'
import type { Json } from './external-name.ts'
import { allPages, type Page, pageOf } from './lists.ts'
import { badAnswer } from './scim-failure.ts'
import { nameOf, type ScimMethod, type Transport, type WireRequest, type WireResponse } from './transport.ts'

/** A resource as the SP has it. */
export interface ScimResource {
  id: string
  resource: Json
}

/** Calls to one SCIM server, in the words of one persona; what they say is decided elsewhere. */
export interface ScimClient {
  readonly persona: ScimPersona
  /** `field eq "value"`. A 404 counts as an empty list, as with Okta. */
  find(type: ResourceType, field: string, value: string): Promise<Page>
  create(type: ResourceType, body: Json): Promise<ScimResource>
  get(type: ResourceType, id: string): Promise<Json>
  put(type: ResourceType, id: string, body: Json): Promise<void>
  /** One PATCH with these operations (RFC 7644 3.5.2). */
  patch(type: ResourceType, id: string, operations: readonly PatchOperation[]): Promise<void>
  /** What is gone already counts as deleted. */
  delete(type: ResourceType, id: string): Promise<void>
  /** Every page of the list; ends by itself at a server that does not. */
  list(type: ResourceType): AsyncGenerator<ScimResource[]>
  /** The calls of the connector test. */
  test(): Promise<void>
}

export type ResourceType = 'Users' | 'Groups'

export interface PatchOperation {
  op: 'add' | 'remove' | 'replace'
  path?: string
  value?: unknown
}

export const groupNamespace = 'urn:ietf:params:scim:schemas:core:2.0:Group'
const patchNamespace = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'

/** @example createScimClient(oktaScim, transport).find('Users', 'userName', 'ada@example.test') */
export const createScimClient = (persona: ScimPersona, transport: Transport): ScimClient => {
  const requestOf = (method: ScimMethod, path: string, body?: Json): WireRequest => ({
    method,
    path,
    headers: method === 'GET' ? persona.headers : { ...persona.headers, 'Content-Type': persona.contentType },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const send = async (request: WireRequest, expected?: readonly number[]): Promise<WireResponse> =>
    succeeded(request, await transport.send(request), expected)
  const pageAt = async (type: ResourceType, query: string, startIndex: number) => {
    const request = requestOf('GET', `/${type}?${query}startIndex=${startIndex}&count=${persona.pageSize}`)
    const response = await transport.send(request)
    return { request, response }
  }
  const at = (type: ResourceType, id: string): string => `/${type}/${encodeURIComponent(id)}`
  return {
    persona,
    find: async (type, field, value) => {
      const { request, response } = await pageAt(type, `filter=${encodeFilter(persona, field, value)}&`, 1)
      if (response.status === 404) return { totalResults: 0, resources: [], length: 0 }
      return pageOf(request, succeeded(request, response), persona.pageSize)
    },
    create: async (type, body) => {
      const request = requestOf('POST', `/${type}`, body)
      const resource = jsonOf(request, await send(request, [201]))
      return { id: idOf(request, resource), resource }
    },
    get: async (type, id) => {
      const request = requestOf('GET', at(type, id))
      const resource = jsonOf(request, await send(request, [200]))
      // To put back what is somebody else's would be to overwrite them.
      if (resource['id'] !== undefined && resource['id'] !== id)
        throw badAnswer(
          `${nameOf(request)} was answered with the resource ${JSON.stringify(resource['id']).slice(0, 100)}`,
          'A resource is answered with its own id (RFC 7643 3.1).',
        )
      return resource
    },
    put: async (type, id, body) => {
      const request = requestOf('PUT', at(type, id), body)
      const response = await send(request)
      // A page of a proxy is no answer of a SCIM server; an empty body is let pass.
      if (response.text.trim() !== '') jsonOf(request, response)
    },
    patch: async (type, id, operations) => {
      await send(requestOf('PATCH', at(type, id), { schemas: [patchNamespace], Operations: operations }))
    },
    delete: async (type, id) => {
      const request = requestOf('DELETE', at(type, id))
      const response = await transport.send(request)
      if (response.status !== 404) succeeded(request, response)
    },
    list: (type) =>
      allPages(async (startIndex) => {
        const { request, response } = await pageAt(type, '', startIndex)
        return { request, page: pageOf(request, succeeded(request, response), persona.pageSize) }
      }),
    test: async () => {
      for (const path of persona.connectorTest) {
        const request = requestOf('GET', path)
        const response = await transport.send(request)
        // A server without groups is connected all the same: only group push is not for it.
        if (path.startsWith('/Groups') && (response.status === 404 || response.status === 501)) continue
        pageOf(request, succeeded(request, response), Number.POSITIVE_INFINITY)
      }
    },
  }
}

/**
 * A filter in a query: `userName eq "ada@example.test"`; quotes and backslashes of the value are escaped as in JSON
 * (RFC 7644 3.4.2.2).
 */
const encodeFilter = ({ filterSpace }: ScimPersona, field: string, value: string): string =>
  encodeURIComponent(`${field} eq ${JSON.stringify(value)}`).replaceAll('%20', filterSpace)
