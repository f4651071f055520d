import type { z } from 'zod'
import { UsageError } from '../../src/core/errors.ts'
import type { ScimAnswer, ScimAuth, scimCall } from '../admin/provisioning-shapes.ts'
import { basicValue } from '../scim/credential.ts'
import type { Transport, WireRequest } from '../scim/transport.ts'

type Call = z.output<typeof scimCall>

/**
 * A request to the SCIM server as it was asked for, with the connection's credential, with none, or with a wrong one. A
 * header of the credential's name among the headers goes out in its place, so that there are never two.
 */
export const callOf = async (transport: Transport, auth: ScimAuth, call: Call): Promise<ScimAnswer> => {
  const { method, path, body } = call
  const hasBody = body !== undefined
  const name = auth.type === 'header' ? auth.name : 'Authorization'
  const isCredential = ([header]: [string, string]): boolean => header.toLowerCase() === name.toLowerCase()
  const [typed, ...twice] = Object.entries(call.headers).filter(isCredential)
  if (twice.length > 0)
    throw new UsageError(`The header ${name} is there twice`, { code: 'bad-call', hint: 'Give it once.' })
  const others = Object.entries(call.headers).filter((header) => !isCredential(header))
  const given = new Set(others.map(([header]) => header.toLowerCase()))
  const defaults = { Accept: 'application/scim+json', ...(hasBody && { 'Content-Type': 'application/scim+json' }) }
  const request: WireRequest = {
    method,
    path,
    headers: {
      ...Object.fromEntries(Object.entries(defaults).filter(([header]) => !given.has(header.toLowerCase()))),
      ...Object.fromEntries(others),
    },
    ...(hasBody && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    ...(call.credential !== 'own' && { credential: call.credential === 'none' ? null : wrong(auth) }),
    ...(typed && { credential: { name, value: typed[1] } }),
  }
  const { status, headers, text } = await transport.send(request)
  return { status, headers: { ...headers }, body: jsonOrText(text) }
}

const wrong = (auth: ScimAuth): { name: string; value: string } => {
  if (auth.type === 'basic') return { name: 'Authorization', value: basicValue(auth.username, 'nobody-set-this') }
  const name = auth.type === 'header' ? auth.name : 'Authorization'
  return { name, value: 'Bearer nobody-issued-this-token' }
}

const jsonOrText = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
