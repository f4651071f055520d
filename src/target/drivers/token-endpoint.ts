import type { ScimAuthConfig } from '../../config/schema.ts'
import type { TokenPort } from '../ports.ts'
import type { Transport } from '../transport.ts'
import { isRecord, jsonOf } from './api.ts'

type Config = Extract<ScimAuthConfig, { type: 'oauth2' }>

/** Percent-encoded as a form is: what Basic of a client wants of both halves (RFC 6749 2.3.1). */
const formEncoded = (value: string): string => new URLSearchParams({ v: value }).toString().slice(2)

/**
 * The token endpoint of a target, asked as its OAuth 2 client asks; over the target's own transport, so with its CA, its
 * proxy and its limits.
 */
export const tokenEndpoint = (config: Config, transport: Pick<Transport, 'send'>): TokenPort => ({
  ask: async (parameters, change = {}) => {
    const { tokenUrl, clientId, clientSecret, clientAuth } = { ...config, ...change }
    const basic = Buffer.from(`${formEncoded(clientId)}:${formEncoded(clientSecret)}`).toString('base64')
    const inBody = { client_id: clientId, client_secret: clientSecret }
    const answer = await transport.send({
      method: 'POST',
      url: tokenUrl,
      headers: {
        accept: 'application/json',
        'content-type': 'application/x-www-form-urlencoded',
        ...(clientAuth === 'basic' && { authorization: `Basic ${basic}` }),
      },
      body: new URLSearchParams({ ...parameters, ...(clientAuth === 'body' && inBody) }).toString(),
    })
    const body = jsonOf(answer)
    return { status: answer.status, body: isRecord(body) ? body : {} }
  },
})
