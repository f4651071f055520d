import { UsageError } from '../../src/core/errors.ts'
import { acceptableFaults } from './acceptable.ts'
import { attributeFaults } from './attributes.ts'
import { addresseeFaults } from './correlation/addressees.ts'
import { contentsFaults } from './correlation/contents.ts'
import { otherOrganisationFaults } from './correlation/other-organisation.ts'
import { replayFaults } from './correlation/replay.ts'
import { requestFaults } from './correlation/requests.ts'
import { skewFaults, timeFaults } from './correlation/time.ts'
import { encryptionFaults } from './encryption.ts'
import type { Fault, FaultBase, FaultParameter, FaultParams } from './fault.ts'
import { idFaults } from './ids.ts'
import { nearest } from './nearest.ts'
import { contentFaults } from './parsing/contents.ts'
import { doctypeFaults } from './parsing/doctype.ts'
import { formFaults } from './parsing/form.ts'
import { relayStateFaults } from './relay-state.ts'
import { algorithmFaults } from './signature/algorithms.ts'
import { donorsFaults } from './signature/donors.ts'
import { keyFaults } from './signature/keys.ts'
import { placeFaults } from './signature/places.ts'
import { transformFaults } from './signature/transforms.ts'
import { valueFaults } from './signature/values.ts'
import { tamperFaults } from './tamper.ts'
import { wrappingFaults } from './wrapping/generate.ts'
import { looseFaults } from './wrapping/loose.ts'

/** Everything that the mock IdP can get wrong, family by family. */
export const faults: readonly Fault[] = [
  ...attributeFaults,
  ...keyFaults,
  ...tamperFaults,
  ...placeFaults,
  ...valueFaults,
  ...donorsFaults,
  ...wrappingFaults,
  ...looseFaults,
  ...idFaults,
  ...doctypeFaults,
  ...contentFaults,
  ...formFaults,
  ...transformFaults,
  ...algorithmFaults,
  ...encryptionFaults,
  ...addresseeFaults,
  ...requestFaults,
  ...timeFaults,
  ...contentsFaults,
  ...otherOrganisationFaults,
  ...replayFaults,
  ...relayStateFaults,
  ...acceptableFaults,
  ...skewFaults,
]

const suggestion = (name: string, known: readonly string[]): string => {
  const near = nearest(name, known)
  return near === undefined ? '' : `Did you mean ${near}? `
}

/**
 * @throws UsageError `unknown-fault`, with the nearest id
 * @example findFault('wrong-audience').title
 */
export const findFault = (id: string): Fault => findIn(faults, id)

/** The same, in another list of faults. */
export const findIn = <F extends FaultBase>(list: readonly F[], id: string): F => {
  const found = list.find((fault) => fault.id === id)
  if (found) return found
  const ids = list.map((fault) => fault.id)
  throw new UsageError(`Expected the id of a fault, found ${JSON.stringify(id.slice(0, 100))}.`, {
    code: 'unknown-fault',
    hint: `${suggestion(id, ids)}\`idpact faults\` lists them: ${ids.join(', ')}.`,
  })
}

const described = (parameters: Readonly<Record<string, FaultParameter>>): string =>
  Object.entries(parameters)
    .map(([name, p]) => `${name} (${p.type}${p.required ? '' : ', optional'}): ${p.title}`)
    .join('; ') || 'none'

const isOfType: Record<FaultParameter['type'], (value: unknown) => boolean> = {
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number' && Number.isFinite(value),
  // One text counts as a list of one, because that is how a person writes it.
  'string[]': (value) =>
    typeof value === 'string' ||
    (Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'string')),
}

/**
 * Checks parameters when a fault is armed, so that applying it cannot fail for them later.
 *
 * @throws UsageError `unknown-fault-parameter`, `missing-fault-parameter`, `bad-fault-parameter`
 */
export const checkParams = (fault: FaultBase, params: FaultParams): void => {
  const known = fault.parameters ?? {}
  const hint = `Parameters of ${fault.id}: ${described(known)}.`
  for (const name of Object.keys(params))
    if (!Object.hasOwn(known, name))
      throw new UsageError(`Fault ${fault.id}: expected only parameters that it has, found ${JSON.stringify(name)}.`, {
        code: 'unknown-fault-parameter',
        hint: suggestion(name, Object.keys(known)) + hint,
      })
  for (const [name, parameter] of Object.entries(known)) {
    const value = Object.hasOwn(params, name) ? params[name] : undefined
    if (value === undefined) {
      if (!parameter.required) continue
      throw new UsageError(`Fault ${fault.id}: expected the parameter ${name}, found none.`, {
        code: 'missing-fault-parameter',
        hint,
      })
    }
    if (!isOfType[parameter.type](value))
      throw new UsageError(
        `Fault ${fault.id}: expected the parameter ${name} to be ${parameter.type}, found ${JSON.stringify(value).slice(0, 100)}.`,
        { code: 'bad-fault-parameter', hint },
      )
  }
}
