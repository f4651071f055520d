import type { SaxesTagNS } from 'saxes'
import { AuthnRequestError } from './authn-request-error.ts'
import { ns } from './names.ts'
import { type ParseLimits, parseStrictly } from './strict-parser.ts'

/** What a service provider says about the end of a session: a LogoutRequest, or its answer to one. */
export interface LogoutFields {
  kind: 'LogoutRequest' | 'LogoutResponse'
  id: string
  issuer: string
  destination: string | undefined
  /** Of a LogoutRequest: until when it is to be answered. */
  notOnOrAfter: string | undefined
  /** Of a LogoutResponse. */
  inResponseTo: string | undefined
  /** URI of the topmost status code of a LogoutResponse. */
  status: string | undefined
  /** Of a LogoutRequest. */
  nameId: string | undefined
  sessionIndexes: string[]
}

const value = (tag: SaxesTagNS, name: string): string | undefined => {
  const found = tag.attributes[name]
  return found?.uri === '' ? found.value : undefined
}

const wrong = (expected: string, found: string): AuthnRequestError =>
  new AuthnRequestError('not-logout-message', {
    expected,
    found,
    hint: 'This address takes LogoutRequests and LogoutResponses (SAML Core 3.7).',
  })

/**
 * Reads a logout message as a stream; each field from its one place.
 *
 * @throws AuthnRequestError
 */
export const readLogout = (xml: string, limits: ParseLimits): LogoutFields & { signed: boolean } => {
  const path: string[] = []
  const texts = new Map<string, string>()
  let root: Omit<LogoutFields, 'issuer' | 'nameId' | 'status' | 'sessionIndexes'> | undefined
  let status: string | undefined
  let signed = false
  const sessionIndexes: string[] = []
  const open = (tag: SaxesTagNS): void => {
    path.push(`{${tag.uri}}${tag.local}`)
    if (path.length === 1) {
      if (tag.uri !== ns.protocol || (tag.local !== 'LogoutRequest' && tag.local !== 'LogoutResponse'))
        throw wrong('a LogoutRequest or LogoutResponse', tag.local.slice(0, 100))
      root = {
        kind: tag.local,
        id: value(tag, 'ID') ?? '',
        destination: value(tag, 'Destination'),
        notOnOrAfter: value(tag, 'NotOnOrAfter'),
        inResponseTo: value(tag, 'InResponseTo'),
      }
    }
    if (path.length === 2 && path[1] === `{${ns.signature}}Signature`) signed = true
    if (path.length === 3 && path[2] === `{${ns.protocol}}StatusCode`) status ??= value(tag, 'Value')
  }
  const text = (piece: string): void => {
    if (path.length === 2) texts.set(path[1] ?? '', (texts.get(path[1] ?? '') ?? '') + piece)
  }
  const close = (): void => {
    const [, child = ''] = path
    if (path.length === 2 && child === `{${ns.protocol}}SessionIndex`) {
      sessionIndexes.push(texts.get(child)?.trim() ?? '')
      texts.delete(child)
    }
    path.pop()
  }
  parseStrictly(
    xml,
    limits,
    { open, close, text },
    ({ code, ...problem }) =>
      new AuthnRequestError(code, {
        ...problem,
        hint: 'Check that the XML is well-formed, and was encoded once only.',
      }),
  )
  const issuer = texts.get(`{${ns.assertion}}Issuer`)?.trim() ?? ''
  if (root === undefined || root.id === '' || issuer === '') throw wrong('an ID and a saml:Issuer', 'none')
  return { ...root, issuer, status, sessionIndexes, nameId: texts.get(`{${ns.assertion}}NameID`)?.trim(), signed }
}
