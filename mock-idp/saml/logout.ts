import type { PersonaStyle } from '../personas/persona.ts'
import type { NameIdDraft } from './draft.ts'
import { canonical, strict } from './markup.ts'
import { ns } from './names.ts'
import { makeSignature, writeSignature } from './signature.ts'
import type { SigningPlan } from './signing-plan.ts'

/** The LogoutRequest that the mock IdP is about to send, before it is XML (SAML Core 3.7.1). Instants are text. */
export interface LogoutRequestDraft {
  id: string
  issueInstant: string
  destination: string
  notOnOrAfter: string | undefined
  issuer: string
  nameId: NameIdDraft
  /** Of the Assertion that the session began with. */
  sessionIndex: string | undefined
}

/** The answer to a LogoutRequest (SAML Core 3.7.2). */
export interface LogoutResponseDraft {
  id: string
  issueInstant: string
  destination: string
  inResponseTo: string
  issuer: string
  /** URI of the status code. */
  status: string
  /** URI of the status code below it. */
  subStatus?: string | undefined
}

const { text, attribute } = strict

/**
 * Both are written in their exclusive canonical form: attributes in the order of their names, each namespace where it is
 * first used. What is sent is what is signed.
 */
const message = (
  name: 'LogoutRequest' | 'LogoutResponse',
  style: PersonaStyle,
  attributes: Readonly<Record<string, string | undefined>>,
  issuer: string,
  content: string,
): string => {
  const { protocol: p, assertion: a } = style.prefixes
  const written = Object.entries({ ...attributes, Version: '2.0' })
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, value]) => attribute(key, value))
    .join('')
  return (
    `<${p}:${name} xmlns:${p}="${ns.protocol}"${written}>` +
    `<${a}:Issuer xmlns:${a}="${ns.assertion}"${attribute('Format', style.issuerFormat)}>${text(issuer)}</${a}:Issuer>` +
    `${content}</${p}:${name}>`
  )
}

/** @example renderLogoutRequest({ id, issueInstant, destination, issuer, nameId, sessionIndex, notOnOrAfter }, okta.style) */
export const renderLogoutRequest = (draft: LogoutRequestDraft, style: PersonaStyle): string => {
  const { protocol: p, assertion: a } = style.prefixes
  const { id, issueInstant, destination, notOnOrAfter, nameId, sessionIndex } = draft
  return message(
    'LogoutRequest',
    style,
    { Destination: destination, ID: id, IssueInstant: issueInstant, NotOnOrAfter: notOnOrAfter },
    draft.issuer,
    `<${a}:NameID xmlns:${a}="${ns.assertion}"${attribute('Format', nameId.format)}>${text(nameId.value)}</${a}:NameID>` +
      (sessionIndex === undefined ? '' : `<${p}:SessionIndex>${text(sessionIndex)}</${p}:SessionIndex>`),
  )
}

export const renderLogoutResponse = (draft: LogoutResponseDraft, style: PersonaStyle): string => {
  const { protocol: p } = style.prefixes
  const { id, issueInstant, destination, inResponseTo, status, subStatus } = draft
  const code = (value: string, inner = ''): string =>
    `<${p}:StatusCode${attribute('Value', value)}>${inner}</${p}:StatusCode>`
  return message(
    'LogoutResponse',
    style,
    { Destination: destination, ID: id, InResponseTo: inResponseTo, IssueInstant: issueInstant },
    draft.issuer,
    `<${p}:Status>${code(status, subStatus === undefined ? '' : code(subStatus))}</${p}:Status>`,
  )
}

const issuerEnd = /<\/[\w-]+:Issuer>/

/** Signs a message for HTTP-POST: the Signature stands after the Issuer (SAML Core 3.2.1). */
export const signMessage = async (
  xml: string,
  reference: string,
  plan: SigningPlan,
  style: PersonaStyle,
): Promise<string> => {
  const prefix = style.prefixes.signature
  const signature = await makeSignature(xml, { plan, esc: strict, prefix, reference, inclusiveXs: false })
  const written = writeSignature(canonical, strict, plan, { prefix, certificateLine: style.certificateLine }, signature)
  return xml.replace(issuerEnd, (end) => end + written)
}
