/** Elements that name somebody whom the identity provider did not sign for. */
import { randomBytes } from 'node:crypto'
import { strict } from '../saml/markup.ts'
import type { FaultParameter, FaultParams } from './fault.ts'
import { text } from './params.ts'
import { first, inner, withAttribute } from './text/nodes.ts'
import { withoutSignature } from './text/parts.ts'

/** A takeover shows as one: the forged element is of somebody else, whom the SP would log in. */
export const identityParameter: Readonly<Record<'identity', FaultParameter>> = {
  identity: {
    title: 'Who the forged part says is logged in: the NameID of another user',
    type: 'string',
    required: true,
  },
}

export const identityOf = (params: FaultParams): string => text(params, 'identity')

/** An ID as SAML wants them: an NCName that nobody guesses (SAML Core 1.3.4). */
export const newId = (): string => `id${BigInt(`0x${randomBytes(10).toString('hex')}`)}`

/** The element with another user in it: the NameID, and every value that said the same. */
export const inTheNameOf = (element: string, identity: string): string => {
  const value = inner(element, first(element, 'NameID'))
  return element.replaceAll(`>${value}<`, () => `>${strict.text(identity)}<`)
}

/**
 * A forged copy of an Assertion, without a Signature.
 *
 * @param id `new`; `same` as the original; `none`
 */
export const forged = (assertion: string, identity: string, id: 'new' | 'same' | 'none' = 'new'): string => {
  const other = inTheNameOf(withoutSignature(assertion), identity)
  if (id === 'same') return other
  return withAttribute(other, first(other, 'Assertion'), 'ID', id === 'new' ? newId() : undefined)
}
