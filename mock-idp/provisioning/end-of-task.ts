import type { IdpactError } from '../../src/core/errors.ts'
import type { ScimPersona } from '../personas/scim-persona.ts'
import { ScimFailure } from '../scim/scim-failure.ts'
import type { TaskRecord } from '../store/tasks.ts'
import type { TaskEnd } from './task-queue.ts'

/** A server that asks for more than a day is broken, and a task that waits longer is forgotten by whoever made it. */
const longestWaitMs = 86_400_000

/**
 * What becomes of a task that failed, by Okta's rules: only 429 is tried again by itself; without authorisation it waits
 * for somebody to authorise; everything else stays failed, with the SP's words, until somebody retries it.
 */
export const endOf = (
  error: IdpactError,
  task: Pick<TaskRecord, 'attempts' | 'waitMs'>,
  { retry }: Pick<ScimPersona, 'retry'>,
): TaskEnd => {
  const { message: problem, hint } = error
  if (!(error instanceof ScimFailure)) return { kind: 'failed', problem, hint }
  if (error.kind === 'unauthorized') return { kind: 'blocked', problem, hint }
  if (error.kind !== 'rate-limited') return { kind: 'failed', problem, hint }
  if (task.attempts >= retry.attempts)
    return {
      kind: 'failed',
      problem: `${problem}, ${retry.attempts} times in a row`,
      hint: 'Retry the task when the service provider takes requests again.',
    }
  const asked = secondsOf(error.retryAfter)
  const ms = asked === undefined ? doubled(task.waitMs, retry.waitMs) : asked * 1_000
  if (ms <= longestWaitMs) return { kind: 'wait', ms, problem }
  return {
    kind: 'failed',
    problem: `${problem}, with Retry-After: ${error.retryAfter?.slice(0, 40)}; more than a day is not waited for`,
    hint: 'Retry the task by hand.',
  }
}

/** Whole seconds only; a date or anything else counts as none (okta-developer-docs concepts/scim). */
const secondsOf = (retryAfter: string | undefined): number | undefined =>
  retryAfter !== undefined && /^\d{1,15}$/.test(retryAfter.trim()) ? Number(retryAfter) : undefined

const doubled = (last: number | undefined, first: number): number => (last === undefined ? first : last * 2)
