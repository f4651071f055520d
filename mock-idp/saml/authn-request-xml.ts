import type { SaxesTagNS } from 'saxes'
import { AuthnRequestError } from './authn-request-error.ts'
import { ns } from './names.ts'
import { type ParseLimits, type ParseProblem, parseStrictly } from './strict-parser.ts'

/** The fields of `samlp:AuthnRequest` (SAML Core 3.4.1) that an identity provider may act on or show. */
export interface AuthnRequestFields {
  id: string
  issueInstant: string
  issuer: string
  destination: string | undefined
  acsUrl: string | undefined
  acsIndex: number | undefined
  protocolBinding: string | undefined
  providerName: string | undefined
  forceAuthn: boolean
  isPassive: boolean
  nameIdPolicy:
    | { format: string | undefined; spNameQualifier: string | undefined; allowCreate: boolean | undefined }
    | undefined
  requestedAuthnContext: { comparison: string; classRefs: string[]; declRefs: string[] } | undefined
  subject: { nameId: string | undefined; format: string | undefined } | undefined
}

const hints: Record<ParseProblem['code'], string> = {
  doctype: 'Remove the document type declaration: SAML messages must not have one.',
  'too-deep': 'Leave out what is nested; an AuthnRequest needs a depth of about five.',
  'too-many-elements': 'Leave out what the request does not need.',
  'not-xml': 'Check that the XML is well-formed, namespaces are declared, and it was encoded once only.',
}

/** `samlp:AuthnRequest/saml:Issuer`, whatever the prefixes of the document are. */
const short: Record<string, string> = { [ns.protocol]: 'samlp', [ns.assertion]: 'saml', [ns.signature]: 'ds' }
const shortName = (tag: SaxesTagNS): string => `${short[tag.uri] ?? `{${tag.uri}}`}:${tag.local}`

const attribute = (tag: SaxesTagNS, name: string): string | undefined => {
  const found = tag.attributes[name]
  return found?.uri === '' ? found.value : undefined
}

const boolean = (tag: SaxesTagNS, name: string): boolean | undefined => {
  const value = attribute(tag, name)?.trim()
  if (value === undefined) return undefined
  if (value === 'true' || value === '1') return true
  if (value === 'false' || value === '0') return false
  throw new AuthnRequestError('bad-boolean', {
    expected: `${name} to be true, false, 1 or 0 (xs:boolean)`,
    found: JSON.stringify(value.slice(0, 100)),
    hint: 'Write the value in lower case.',
  })
}

const required = (tag: SaxesTagNS, name: string, code: 'missing-id' | 'missing-issue-instant'): string => {
  const value = attribute(tag, name)
  if (value) return value
  throw new AuthnRequestError(code, {
    expected: `the attribute ${name} on samlp:AuthnRequest`,
    found: value === '' ? 'an empty one' : 'none',
    hint: `Set ${name}: every SAML request must have it (SAML Core 3.2.1).`,
  })
}

const readIssueInstant = (tag: SaxesTagNS): string => {
  const value = required(tag, 'IssueInstant', 'missing-issue-instant')
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?$/.test(value) && !Number.isNaN(Date.parse(value)))
    return value
  throw new AuthnRequestError('bad-issue-instant', {
    expected: 'IssueInstant as UTC time, such as 2026-01-02T03:04:05Z (SAML Core 1.3.3)',
    found: JSON.stringify(value.slice(0, 100)),
    hint: 'Write the time in UTC with a final Z.',
  })
}

const readAcsIndex = (tag: SaxesTagNS): number | undefined => {
  const value = attribute(tag, 'AssertionConsumerServiceIndex')
  if (value === undefined) return undefined
  if (/^\d{1,5}$/.test(value.trim()) && Number(value) <= 65_535) return Number(value)
  throw new AuthnRequestError('bad-acs-index', {
    expected: 'AssertionConsumerServiceIndex to be a number from 0 to 65535',
    found: JSON.stringify(value.slice(0, 100)),
    hint: 'Use an index that your metadata declares, or name the address in AssertionConsumerServiceURL.',
  })
}

const checkRoot = (tag: SaxesTagNS): void => {
  if (tag.uri !== ns.protocol || tag.local !== 'AuthnRequest')
    throw new AuthnRequestError('not-authn-request', {
      expected: `the root element AuthnRequest of the namespace ${ns.protocol}`,
      found: `${tag.local.slice(0, 100)} of ${tag.uri === '' ? 'no namespace' : tag.uri.slice(0, 200)}`,
      hint: 'Send an AuthnRequest to this address; other SAML messages have addresses of their own.',
    })
  const version = attribute(tag, 'Version')
  if (version !== '2.0')
    throw new AuthnRequestError('wrong-version', {
      expected: 'Version to be 2.0',
      found: version === undefined ? 'none' : JSON.stringify(version.slice(0, 20)),
      hint: 'Set Version="2.0" on samlp:AuthnRequest (SAML Core 3.2.1).',
    })
}

const readRoot = (tag: SaxesTagNS): Omit<AuthnRequestFields, 'issuer'> => {
  checkRoot(tag)
  const acsUrl = attribute(tag, 'AssertionConsumerServiceURL')
  const acsIndex = readAcsIndex(tag)
  if (acsUrl !== undefined && acsIndex !== undefined)
    throw new AuthnRequestError('acs-url-and-index', {
      expected: 'AssertionConsumerServiceURL or AssertionConsumerServiceIndex',
      found: 'both',
      hint: 'Send one of the two: they exclude each other (SAML Core 3.4.1).',
    })
  return {
    id: required(tag, 'ID', 'missing-id'),
    issueInstant: readIssueInstant(tag),
    destination: attribute(tag, 'Destination'),
    acsUrl,
    acsIndex,
    protocolBinding: attribute(tag, 'ProtocolBinding'),
    providerName: attribute(tag, 'ProviderName'),
    forceAuthn: boolean(tag, 'ForceAuthn') ?? false,
    isPassive: boolean(tag, 'IsPassive') ?? false,
    nameIdPolicy: undefined,
    requestedAuthnContext: undefined,
    subject: undefined,
  }
}

/** Children of the root that may come once; a second one would leave open which of the two counts. */
const once = new Set([
  'saml:Issuer',
  'ds:Signature',
  'saml:Subject',
  'samlp:NameIDPolicy',
  'samlp:RequestedAuthnContext',
])

/** Elements whose text is a field. */
const leaves = new Set([
  'saml:Issuer',
  'saml:Subject/saml:NameID',
  'samlp:RequestedAuthnContext/saml:AuthnContextClassRef',
  'samlp:RequestedAuthnContext/saml:AuthnContextDeclRef',
])

/**
 * Reads the message as a stream and takes each field from its one place: nothing below a Signature, an Extensions or
 * any other element can pass for a field.
 *
 * @throws AuthnRequestError
 */
export const readAuthnRequest = (xml: string, limits: ParseLimits): AuthnRequestFields & { signed: boolean } => {
  let fields: Omit<AuthnRequestFields, 'issuer'> | undefined
  let issuer: string | undefined
  let text = ''
  const path: string[] = []
  const seen = new Set<string>()

  const open = (tag: SaxesTagNS): void => {
    const name = shortName(tag)
    path.push(name)
    if (path.length === 1 || !fields) {
      fields = readRoot(tag)
      return
    }
    if (path.length === 2 && once.has(name)) {
      if (seen.has(name))
        throw new AuthnRequestError('repeated-element', {
          expected: `at most one ${name} in samlp:AuthnRequest`,
          found: 'two',
          hint: 'Send the element once (SAML Core 3.2.1, 3.4.1).',
        })
      seen.add(name)
    }
    const here = path.slice(1).join('/')
    if (leaves.has(here)) text = ''
    if (here === 'samlp:NameIDPolicy')
      fields.nameIdPolicy = {
        format: attribute(tag, 'Format'),
        spNameQualifier: attribute(tag, 'SPNameQualifier'),
        allowCreate: boolean(tag, 'AllowCreate'),
      }
    else if (here === 'samlp:RequestedAuthnContext')
      fields.requestedAuthnContext = {
        comparison: attribute(tag, 'Comparison') ?? 'exact',
        classRefs: [],
        declRefs: [],
      }
    else if (here === 'saml:Subject') fields.subject = { nameId: undefined, format: undefined }
    else if (here === 'saml:Subject/saml:NameID' && fields.subject) fields.subject.format = attribute(tag, 'Format')
  }

  const close = (): void => {
    const here = path.slice(1).join('/')
    const value = text.trim()
    if (here === 'saml:Issuer') issuer = value
    else if (here === 'saml:Subject/saml:NameID' && fields?.subject) fields.subject.nameId = value
    else if (here === 'samlp:RequestedAuthnContext/saml:AuthnContextClassRef')
      fields?.requestedAuthnContext?.classRefs.push(value)
    else if (here === 'samlp:RequestedAuthnContext/saml:AuthnContextDeclRef')
      fields?.requestedAuthnContext?.declRefs.push(value)
    path.pop()
  }

  const fail = (problem: ParseProblem): AuthnRequestError =>
    new AuthnRequestError(problem.code, { ...problem, hint: hints[problem.code] })
  parseStrictly(xml, limits, { open, close, text: (t) => (text += t) }, fail)

  if (!fields || !issuer)
    throw new AuthnRequestError('missing-issuer', {
      expected: 'a saml:Issuer with the entityID of the service provider',
      found: issuer === '' ? 'an empty one' : 'none',
      hint: 'Send <saml:Issuer> as the first child of the request: the profile requires it (SAML Profiles 4.1.4.1).',
    })
  return { ...fields, issuer, signed: seen.has('ds:Signature') }
}
