import { randomUUID } from 'node:crypto'
import { UsageError } from '../../src/core/errors.ts'
import type { ArmedFault } from '../admin/schema.ts'

export interface ArmedFaultRecord extends ArmedFault {
  spClockOffsetMs: number
}

/** The mistakes that wait for a user's next Responses. In memory: a fault that outlives a restart would be a trap. */
export interface ArmedFaults {
  arm(org: string, fault: Omit<ArmedFaultRecord, 'id'>): ArmedFaultRecord
  list(org: string): ArmedFaultRecord[]
  /** Those of one user, or all of the org. */
  clear(org: string, userId?: string): void
  /** The faults for this Response, in the order in which they were armed; each counts down. */
  take(org: string, userId: string): ArmedFaultRecord[]
}

const maxPerUser = 50

export const createArmedFaults = (): ArmedFaults => {
  const orgs = new Map<string, Map<string, ArmedFaultRecord[]>>()
  const usersOf = (org: string) => {
    const users = orgs.get(org) ?? new Map<string, ArmedFaultRecord[]>()
    orgs.set(org, users)
    return users
  }
  return {
    arm: (org, fault) => {
      const users = usersOf(org)
      const armed = users.get(fault.userId) ?? []
      if (armed.length >= maxPerUser)
        throw new UsageError(`The user has ${maxPerUser} faults armed already`, {
          code: 'too-many-faults',
          hint: 'Clear them first: DELETE …/faults?userId=….',
        })
      const record = { ...fault, id: randomUUID() }
      users.set(fault.userId, [...armed, record])
      return record
    },
    list: (org) => [...usersOf(org).values()].flat(),
    clear: (org, userId) => {
      if (userId === undefined) orgs.delete(org)
      else usersOf(org).delete(userId)
    },
    take: (org, userId) => {
      const users = orgs.get(org)
      const armed = users?.get(userId)
      if (!users || !armed) return []
      const left = armed.flatMap((fault) =>
        fault.remaining === null ? [fault] : fault.remaining > 1 ? [{ ...fault, remaining: fault.remaining - 1 }] : [],
      )
      if (left.length > 0) users.set(userId, left)
      else users.delete(userId)
      return armed
    },
  }
}
