import { InternalError } from '../../src/core/errors.ts'
import type { FaultParams } from './fault.ts'

const unchecked = (name: string): InternalError =>
  new InternalError(`Expected the fault's parameter ${name} to have been checked before use.`, {
    code: 'unchecked-fault-parameter',
    hint: 'Call checkParams() before a fault is applied.',
  })

/** A text parameter that {@link checkParams} has let through. */
export const text = (params: FaultParams, name: string): string => {
  const value = params[name]
  if (typeof value !== 'string') throw unchecked(name)
  return value
}

export const optionalText = (params: FaultParams, name: string): string | undefined =>
  params[name] === undefined ? undefined : text(params, name)

/** A list parameter; one text counts as a list of one. */
export const texts = (params: FaultParams, name: string): string[] => {
  const value = params[name]
  if (typeof value === 'string') return [value]
  if (value === undefined || typeof value === 'number') throw unchecked(name)
  return [...value]
}
