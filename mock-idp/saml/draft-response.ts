import { randomBytes } from 'node:crypto'
import { toInstant } from '../../src/core/clock.ts'
import type { IdShape, Persona } from '../personas/persona.ts'
import type { AttributeDraft, ResponseDraft } from './draft.ts'
import { bearer, passwordProtectedTransport, status } from './names.ts'

export interface DraftInput {
  persona: Persona
  /** IssueInstant of both, in ms since the epoch. */
  now: number
  /** The AuthnRequest that is answered; left out for a login that the IdP starts. */
  request?: { id: string } | undefined
  /** Where the browser posts to; Recipient and Destination unless those are given. */
  acsUrl: string
  recipient?: string | undefined
  destination?: string | undefined
  audience: string
  /** entityID of the identity provider. */
  issuer: string
  nameId: string
  /** URI; undefined leaves the Format out. */
  nameIdFormat: string | undefined
  attributes: readonly AttributeDraft[]
  /** When the user signed in at the identity provider, in ms since the epoch, or as written. */
  authnInstant: number | string
  /** URI of the authentication context class; PasswordProtectedTransport when left out. */
  classRef?: string | undefined
  /** The persona's own when left out. */
  sessionIndex?: string | undefined
  /** Gives so many random bytes. For tests; `crypto.randomBytes` when left out. */
  random?: Random | undefined
}

export type Random = (size: number) => Uint8Array

let pool = Buffer.alloc(0)

/** Asking the system for random bytes costs as much as writing an Assertion: it is asked for many at a time. */
const pooledBytes: Random = (size) => {
  if (pool.length < size) pool = randomBytes(4096 + size)
  const bytes = pool.subarray(0, size)
  pool = pool.subarray(size)
  return bytes
}

/** Uniform, by rejection: a byte above the last whole multiple of the alphabet's length is drawn again. */
const characters = (alphabet: string, length: number, random: Random): string => {
  const limit = 256 - (256 % alphabet.length)
  let out = ''
  while (out.length < length)
    for (const byte of random(length - out.length)) if (byte < limit) out += alphabet[byte % alphabet.length]
  return out
}

/** IDs of a Response and its Assertion, in the persona's shape. Unpredictable: 17 random digits and more after what is shared (SAML Core 1.3.4). */
export const newMessageIds = (
  shape: IdShape,
  random: Random = randomBytes,
): { response: string; assertion: string } => {
  const shared = characters(shape.alphabet, shape.sharedLength, random)
  const own = shape.length - shape.sharedLength
  const id = (): string => `${shape.prefix}${shared}${characters(shape.alphabet, own, random)}`
  return { response: id(), assertion: id() }
}

const newSessionIndex = (input: DraftInput, random: Random): string => {
  const { persona, request, now } = input
  if (request && persona.sessionIndex.spInitiated === 'request-id') return request.id
  if (!request && persona.sessionIndex.idpInitiated === 'time-and-number')
    return `id${now}.${characters('0123456789', 9, random)}`
  return newMessageIds(persona.ids, random).response
}

/**
 * The Response that a persona sends when nothing goes wrong (SAML Profiles 4.1.4.2): one Assertion, one bearer
 * confirmation, one Audience.
 *
 * @example
 * draftResponse({ persona: okta, now, request, acsUrl, audience, issuer, nameId: 'ada@example.test',
 *   nameIdFormat: nameIdFormatUri.unspecified, attributes: [], authnInstant: now })
 */
export const draftResponse = (input: DraftInput): ResponseDraft => {
  const { persona, now } = input
  const random = input.random ?? pooledBytes
  const ids = newMessageIds(persona.ids, random)
  const { window } = persona
  const issueInstant = toInstant(now)
  const notOnOrAfter = toInstant(now + window.notOnOrAfterMs)
  return {
    id: ids.response,
    issueInstant,
    destination: input.destination ?? input.acsUrl,
    inResponseTo: input.request?.id,
    issuer: input.issuer,
    status: { code: status.success },
    assertions: [
      {
        id: ids.assertion,
        issueInstant,
        issuer: input.issuer,
        subject: {
          nameId: { value: input.nameId, format: input.nameIdFormat },
          confirmations: [
            {
              method: bearer,
              recipient: input.recipient ?? input.acsUrl,
              notOnOrAfter:
                window.confirmationMs === window.notOnOrAfterMs ? notOnOrAfter : toInstant(now + window.confirmationMs),
              inResponseTo: input.request?.id,
            },
          ],
        },
        conditions: {
          notBefore: toInstant(now + window.notBeforeMs),
          notOnOrAfter,
          audienceRestrictions: [[input.audience]],
        },
        authnStatement: {
          authnInstant: typeof input.authnInstant === 'string' ? input.authnInstant : toInstant(input.authnInstant),
          sessionIndex: input.sessionIndex ?? newSessionIndex(input, random),
          classRef: input.classRef ?? passwordProtectedTransport,
        },
        attributes: [...input.attributes],
      },
    ],
  }
}

/**
 * A Response that says no: no Assertion (SAML Core 3.2.2), for IsPassive without a session and for refusals.
 *
 * @example refusalResponse({ persona, now, request, destination: acsUrl, issuer, status: { code: status.responder, subCode: status.noPassive } })
 */
export const refusalResponse = (input: {
  persona: Persona
  now: number
  request?: { id: string } | undefined
  destination: string
  issuer: string
  status: ResponseDraft['status']
}): ResponseDraft => ({
  id: newMessageIds(input.persona.ids).response,
  issueInstant: toInstant(input.now),
  destination: input.destination,
  inResponseTo: input.request?.id,
  issuer: input.issuer,
  status: input.status,
  assertions: [],
})
