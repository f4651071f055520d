import type { LoginRefused } from '../../login-refused.ts'
import type { VerifiedAssertion } from '../../saml/assertion.ts'
import { named, parseLoosely } from './dom.ts'
import { type Carelessness, verified } from './verify.ts'

/** A message that was refused, for a defect to look at once more. */
export interface RefusedMessage {
  /** The form field as it came. */
  field: string
  /** As text, whatever is wrong with it. */
  xml: string
  root: Element
  refused: LoginRefused
  /** PEM of the trusted keys. */
  certificates: readonly string[]
  /** Assertions that are children of the root. */
  assertions: readonly Element[]
  /** The element that a Signature covers, if it verifies; with this carelessness. */
  verified(signature: Element, carelessness?: Carelessness): Element | undefined
}

/** What a defect makes of it; undefined: the refusal stands. */
export type Misreading =
  /** This Assertion is taken, and `nameId` for the user where that is another. */
  | { assertion: Element; nameId?: string }
  /** The message is read once more, with this text, and what was read is changed. */
  | { xml: string; edit?: (assertion: VerifiedAssertion) => VerifiedAssertion }
  /** This user is logged in, without a further check. */
  | { name: string }
  | undefined

/** @returns undefined where the message is no document in any way */
export const refusedMessage = (
  field: string,
  refused: LoginRefused,
  certificates: readonly string[],
): RefusedMessage | undefined => {
  const xml = Buffer.from(field, 'base64').toString('utf8')
  // What is too large, or nested too deep, is not walked through here: that would break each defect in a second way.
  const document =
    (refused.reason === 'MESSAGE_TOO_LARGE' ? undefined : parseLoosely(xml)) ?? parseLoosely('<nothing/>')
  if (document === undefined) return undefined
  const root = document.documentElement
  return {
    field,
    xml,
    root,
    refused,
    certificates,
    assertions: named(root, 'Assertion'),
    verified: (signature, carelessness) => verified(signature, certificates, carelessness),
  }
}
