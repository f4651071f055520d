import {
  After,
  AfterAll,
  Before,
  BeforeStep,
  setDefaultTimeout,
  setDefinitionFunctionWrapper,
} from '@cucumber/cucumber'
import { mediaTypes } from '../src/core/evidence.ts'
import { type Verb, verbs } from '../src/target/ports.ts'
import { cleanUp } from './cleanup.ts'
import { failureOf, inconclusive, StepFailure } from './outcome.ts'
import { closeRuns } from './run.ts'
import { IdpactWorld } from './world.ts'

// Longer than any single wait of ours: what is slow is said by its own error, not by cucumber's.
setDefaultTimeout(120_000)

/**
 * Says in the message stream why a step failed, field by field, before cucumber sees the error. Errors that are a bug stay
 * as they are.
 */
setDefinitionFunctionWrapper((code: (...args: unknown[]) => unknown, options?: { needs?: unknown }) => {
  return async function (this: unknown, ...args: unknown[]) {
    try {
      if (this instanceof IdpactWorld) mustHave(this, options?.needs)
      return await code.apply(this, args)
    } catch (thrown) {
      const error = this instanceof IdpactWorld && this.inContext ? asPrecondition(thrown) : thrown
      const failure = failureOf(error)
      if (failure !== undefined && this instanceof IdpactWorld) this.attach(JSON.stringify(failure), mediaTypes.failure)
      if (failure !== undefined && saysNothing.has(failure.outcome)) return 'skipped'
      throw error
    }
  }
})

/** `idpact certify` leaves such scenarios out before they begin; in a cucumber run of somebody's own it is said here. */
const mustHave = (world: IdpactWorld, needs: unknown): void => {
  if (!Array.isArray(needs)) return
  const unknown = needs.find((verb) => !(String(verb) in verbs))
  if (unknown !== undefined)
    throw new Error(`A step needs the verb "${unknown}", which no port has: ${Object.keys(verbs).join(', ')}.`)
  const missing = (needs as Verb[]).find((verb) => !world.run.target.has(verb))
  if (missing !== undefined) throw world.lacks(missing)
}

/** What is no fault of anybody: the rest of the scenario is skipped, in cucumber's words too. */
const saysNothing = new Set(['not-observable', 'not-applicable'])

/** What a scenario starts from and does not come about: of what it tests, nothing can be said then. */
const asPrecondition = (error: unknown): unknown =>
  error instanceof StepFailure && error.failure.outcome === 'failed' ? inconclusive(error.failure) : error

BeforeStep(function (this: IdpactWorld, { pickleStep }) {
  this.inContext = pickleStep.type === 'Context'
})

Before({ name: 'idpact: reach the mock IdP and the target' }, async function (this: IdpactWorld) {
  await this.open()
})

After({ name: 'idpact: remove what the scenario made' }, async function (this: IdpactWorld, { result }) {
  const { keep } = this.context
  if (keep === 'all' || (keep === 'failed' && result?.status === 'FAILED')) return
  await cleanUp(this)
})

AfterAll({ name: 'idpact: let go of the target' }, async () => {
  await closeRuns()
})
