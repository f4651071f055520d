import { inflateRawSync } from 'node:zlib'
import { AuthnRequestError } from './authn-request-error.ts'
import { type AuthnRequestFields, readAuthnRequest } from './authn-request-xml.ts'
import { parseQuery, type RawParameter } from './query.ts'

export { AuthnRequestError, type AuthnRequestErrorCode } from './authn-request-error.ts'

/** A message of a service provider, as it came. Nothing in it is trusted before its signature is verified. */
export interface Received {
  binding: 'HTTP-Redirect' | 'HTTP-POST'
  /** Exactly as it came; the same text must go back (SAML Bindings 3.4.3, 3.5.3). */
  relayState: string | undefined
  /** Whether it carries a signature, verified or not. */
  signed: boolean
  /** The message, decoded. */
  xml: string
  /** HTTP-Redirect: the signature travels in the query (SAML Bindings 3.4.4.1). */
  querySignature: QuerySignature | undefined
}

/** What a service provider asked for. */
export interface AuthnRequest extends AuthnRequestFields, Received {}

/** What carries a message: `SAMLRequest` or `SAMLResponse`. */
type Carrier = 'SAMLRequest' | 'SAMLResponse'
type Read<Fields> = (xml: string, limits: typeof authnRequestLimits) => Fields & { signed: boolean }

export interface QuerySignature {
  /** The octets that were signed: the parameters in their order, still encoded as the service provider encoded them. */
  signedText: string
  /** URI. */
  algorithm: string
  /** Base64. */
  value: string
}

/** Limits on what a stranger may send: characters of the parameter, and of the XML in it. */
export const authnRequestLimits = { base64: 100_000, xml: 250_000, depth: 32, elements: 1_000 } as const

const checkSize = (base64: string): void => {
  if (base64.length <= authnRequestLimits.base64) return
  throw new AuthnRequestError('too-large', {
    expected: `a SAMLRequest of at most ${authnRequestLimits.base64} characters`,
    found: `${base64.length} characters`,
    hint: 'Leave out what the request does not need: an AuthnRequest is seldom larger than 5 kB.',
  })
}

const fromBase64 = (text: string, hintForSpaces: string): Buffer => {
  const compact = text.replace(/[\r\n\t]/g, '')
  if (/^[A-Za-z0-9+/]+={0,2}$/.test(compact) && compact.length % 4 === 0) return Buffer.from(compact, 'base64')
  const wrong = /[^A-Za-z0-9+/=]/.exec(compact)
  throw new AuthnRequestError('not-base64', {
    expected: 'SAMLRequest to be base64 (RFC 4648 section 4, with padding)',
    found: wrong
      ? `the character ${JSON.stringify(wrong[0])} at position ${wrong.index}`
      : compact === ''
        ? 'an empty value'
        : `${compact.length} characters, which is no whole number of groups of four, or padding in the middle`,
    hint:
      wrong?.[0] === ' ' ? hintForSpaces : 'Encode the message with standard base64, not with the URL-safe alphabet.',
  })
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false })

const toText = (bytes: Uint8Array): string => {
  try {
    return utf8.decode(bytes)
  } catch (cause) {
    throw new AuthnRequestError('not-utf8', {
      expected: 'the message in UTF-8',
      found: 'bytes that are not UTF-8',
      hint: 'Encode the XML as UTF-8. If this is the POST binding, do not compress the message.',
      cause,
    })
  }
}

const inflate = (bytes: Buffer): Buffer => {
  try {
    return inflateRawSync(bytes, { maxOutputLength: authnRequestLimits.xml })
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE')
      throw new AuthnRequestError('inflate-bomb', {
        expected: `a message that inflates to at most ${authnRequestLimits.xml} bytes`,
        found: `more, out of ${bytes.length} compressed bytes`,
        hint: 'Send a smaller AuthnRequest.',
        cause,
      })
    const plainXml = bytes[0] === 0x3c
    const zlibHeader = bytes[0] === 0x78
    throw new AuthnRequestError('not-deflate', {
      expected: 'a message compressed with raw DEFLATE (RFC 1951), as the HTTP-Redirect binding asks',
      found: plainXml ? 'XML that is not compressed' : zlibHeader ? 'a zlib header (RFC 1950)' : 'other bytes',
      hint: plainXml
        ? 'Compress the XML with raw DEFLATE before base64, or send it with the HTTP-POST binding, which does not compress.'
        : 'Use the raw variant of DEFLATE, without header and checksum (`zlib.deflateRaw`, `wbits=-15`).',
      cause,
    })
  }
}

const missing = (carrier: Carrier, where: string, parameters: readonly string[]): AuthnRequestError =>
  new AuthnRequestError('missing-saml-request', {
    expected: `a ${carrier} in the ${where}`,
    found: parameters.length === 0 ? 'none, and nothing else' : `only ${parameters.slice(0, 10).join(', ')}`,
    hint: parameters.includes('SAMLResponse')
      ? 'This address takes requests. Responses go from the identity provider to your Assertion Consumer Service.'
      : 'Send the AuthnRequest in SAMLRequest. To log in without one, open the application link of the identity provider.',
  })

const querySignature = (
  carrier: Carrier,
  find: (name: string) => RawParameter | undefined,
): QuerySignature | undefined => {
  const signature = find('Signature')
  const algorithm = find('SigAlg')
  if (!signature && !algorithm) return undefined
  if (!signature || !algorithm)
    throw new AuthnRequestError('missing-signature', {
      expected: 'Signature and SigAlg together, or neither',
      found: signature ? 'Signature without SigAlg' : 'SigAlg without Signature',
      hint: 'Send both parameters of a signed HTTP-Redirect request (SAML Bindings 3.4.4.1), or leave both out.',
    })
  const parts = [find(carrier), find('RelayState'), algorithm]
  const signedText = parts.flatMap((part) => (part ? [part.raw] : [])).join('&')
  return { signedText, algorithm: algorithm.value, value: signature.value }
}

/**
 * Reads an AuthnRequest that came by the HTTP-Redirect binding (SAML Bindings 3.4.4).
 *
 * @param query The query string as it came, without the `?`, not decoded: a signature covers it as it is.
 * @throws AuthnRequestError for each kind of bad input
 * @example const request = decodeRedirect(req.url.split('?')[1] ?? '')
 */
export const decodeRedirect = (query: string): AuthnRequest =>
  receivedByRedirect(query, 'SAMLRequest', readAuthnRequest)

/** The same of any message. */
export const receivedByRedirect = <Fields>(query: string, carrier: Carrier, read: Read<Fields>): Fields & Received => {
  const { find, names } = parseQuery(query, [carrier, 'RelayState', 'SigAlg', 'Signature', 'SAMLEncoding'])
  const message = find(carrier)
  if (!message) throw missing(carrier, 'query string', names)
  const encoding = find('SAMLEncoding')?.value
  if (encoding !== undefined && encoding !== 'urn:oasis:names:tc:SAML:2.0:bindings:URL-Encoding:DEFLATE')
    throw new AuthnRequestError('unsupported-encoding', {
      expected: 'SAMLEncoding to be urn:oasis:names:tc:SAML:2.0:bindings:URL-Encoding:DEFLATE, or absent',
      found: JSON.stringify(encoding.slice(0, 100)),
      hint: 'Leave the parameter out, and compress the message with raw DEFLATE.',
    })
  checkSize(message.value)
  const bytes = fromBase64(
    message.value,
    'A "+" that is not percent-encoded as %2B reads as a space in a query string.',
  )
  const xml = toText(inflate(bytes))
  const signature = querySignature(carrier, find)
  return {
    ...read(xml, authnRequestLimits),
    binding: 'HTTP-Redirect',
    relayState: find('RelayState')?.value,
    signed: signature !== undefined,
    xml,
    querySignature: signature,
  }
}

/**
 * Reads an AuthnRequest that came by the HTTP-POST binding (SAML Bindings 3.5.4).
 *
 * @param fields The form fields, decoded; a field that came twice as an array.
 * @throws AuthnRequestError for each kind of bad input
 */
export const decodePost = (fields: Readonly<Record<string, unknown>>): AuthnRequest =>
  receivedByPost(fields, 'SAMLRequest', readAuthnRequest)

/** The same of any message. */
export const receivedByPost = <Fields>(
  fields: Readonly<Record<string, unknown>>,
  carrier: Carrier,
  read: Read<Fields>,
): Fields & Received => {
  const one = (name: string): string | undefined => {
    const value = Object.hasOwn(fields, name) ? fields[name] : undefined
    if (value === undefined || typeof value === 'string') return value
    throw new AuthnRequestError('repeated-parameter', {
      expected: `${name} at most once, as text`,
      found: Array.isArray(value) ? `${value.length} of it` : `a ${typeof value}`,
      hint: 'Send each field of the form once.',
    })
  }
  const message = one(carrier)
  if (message === undefined) throw missing(carrier, 'form', Object.keys(fields))
  checkSize(message)
  const bytes = fromBase64(message, 'A "+" that is not percent-encoded as %2B reads as a space in a form.')
  if (bytes.length > authnRequestLimits.xml) checkSize(message)
  const xml = toText(bytes)
  return {
    ...read(xml, authnRequestLimits),
    binding: 'HTTP-POST',
    relayState: one('RelayState'),
    xml,
    querySignature: undefined,
  }
}

const sameUrl = (a: string, b: string): boolean =>
  a === b || (URL.canParse(a) && URL.canParse(b) && new URL(a).href === new URL(b).href)

/**
 * Destination, where there is one, must be the address that the request came to (SAML Core 3.2.1).
 *
 * @throws AuthnRequestError `wrong-destination`
 */
export const checkDestination = (request: Pick<AuthnRequest, 'destination'>, ssoUrl: string): void => {
  if (request.destination === undefined || sameUrl(request.destination, ssoUrl)) return
  throw new AuthnRequestError('wrong-destination', {
    expected: `Destination to be ${ssoUrl}`,
    found: JSON.stringify(request.destination.slice(0, 300)),
    hint: 'Set the SSO URL of the identity provider at your service provider to the expected value. It is in the metadata.',
  })
}
