import { nearest } from '../../faults/nearest.ts'
import { findFunction, functionNames } from './functions.ts'
import { isProfileName, profileNames } from './syntax.ts'
import type { Token } from './tokens.ts'

/** By the last part: `toLowerCase`, which older expressions have, and `string.tolowercase` are near, `String.len` is not. */
export const functionGuess = (name: string): string | undefined => {
  if (name.toUpperCase() === 'NOT') return notIsASign
  const near = nearest(lastPart(name), functionNames.map(lastPart))
  return near === undefined ? undefined : `Did you mean ${functionNames.find((one) => lastPart(one) === near)}?`
}

const lastPart = (name: string): string => name.split('.').at(-1) ?? name

const notIsASign = 'Not is written !.'

/** What was probably meant by a name that stands where a value should. */
export const nameGuess = (name: string): string | undefined => {
  const [first = '', ...more] = name.split('.')
  if (name.toUpperCase() === 'NOT') return notIsASign
  if (findFunction(name)) return `Did you mean to call it, as ${name}${findFunction(name)?.parameters}?`
  if (more.length === 0 && !isProfileName(first)) return `Did you mean user.${name}, or the text "${name}" in quotes?`
  if (isProfileName(first)) {
    if (more.length === 0) return `Did you mean an attribute of it, such as ${name}.email?`
    return `An attribute has no parts. Did you mean ${first}.${more[0]}?`
  }
  if (first === 'source') return 'Write user for the Okta user, or appuser for the user of the application.'
  const near = nearest(first, Object.keys(profileNames))
  return near === undefined ? undefined : `Did you mean ${[near, ...more].join('.')}?`
}

/** What was probably meant by a token that follows a whole value. */
export const missingOperator = ({ kind, source }: Token): string | undefined => {
  if (kind === 'number' && source.startsWith('-')) return 'Of arithmetic there is only +.'
  if (kind === 'text') return 'Texts are joined by +; a quote inside a text is doubled.'
  if (kind === 'name' && source.toUpperCase() === 'NOT') return notIsASign
  return undefined
}
