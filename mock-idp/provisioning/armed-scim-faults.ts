import { randomUUID } from 'node:crypto'
import { UsageError } from '../../src/core/errors.ts'
import type { ArmedScimFault, NewArmedScimFault } from '../admin/provisioning-shapes.ts'
import type { ScimFault } from '../faults/scim/scim-fault.ts'
import type { Transport, WireRequest, WireResponse } from '../scim/transport.ts'

interface Armed extends ArmedScimFault {
  value: ScimFault
}

/** The mistakes that wait for an application's next requests. In memory: a fault that outlives a restart would be a trap. */
export interface ArmedScimFaults {
  arm(applicationId: string, fault: ScimFault, wanted: NewArmedScimFault): ArmedScimFault
  list(applicationId: string): ArmedScimFault[]
  clear(applicationId: string): void
  /** The transport, with the faults in its requests. */
  spoiling(applicationId: string, transport: Transport): Transport
}

const maxPerApplication = 50

export const createArmedScimFaults = (): ArmedScimFaults => {
  const applications = new Map<string, Armed[]>()
  const armedOf = (applicationId: string): Armed[] => applications.get(applicationId) ?? []

  /** Each counts down with a request that it spoils. */
  const take = (applicationId: string, request: WireRequest): Armed[] => {
    const taken = armedOf(applicationId).filter(({ value, params }) => value.concerns(request, params))
    for (const armed of taken) if (armed.remaining !== null) armed.remaining -= 1
    const left = armedOf(applicationId).filter(({ remaining }) => remaining === null || remaining > 0)
    if (left.length > 0) applications.set(applicationId, left)
    else applications.delete(applicationId)
    return taken
  }

  return {
    arm: (applicationId, value, { params = {}, times = 1 }) => {
      const armed = armedOf(applicationId)
      if (armed.length >= maxPerApplication)
        throw new UsageError(`The application has ${maxPerApplication} faults armed already`, {
          code: 'too-many-faults',
          hint: 'Clear them first: DELETE …/scim-faults.',
        })
      const record: Armed = { id: randomUUID(), fault: value.id, params, remaining: times, value }
      applications.set(applicationId, [...armed, record])
      return view(record)
    },
    list: (applicationId) => armedOf(applicationId).map(view),
    clear: (applicationId) => void applications.delete(applicationId),
    spoiling: (applicationId, transport) => ({
      ...transport,
      send: async (request) => {
        const [first, ...more] = applications.has(applicationId) ? take(applicationId, request) : []
        if (first === undefined) return transport.send(request)
        let { requests, together } = first.value.apply(request, first.params)
        for (const { value, params } of more)
          requests = requests.flatMap((one) =>
            value.concerns(one, params) ? value.apply(one, params).requests : [one],
          )
        return together ? worst(await Promise.all(requests.map(transport.send))) : firstOf(transport, requests)
      },
    }),
  }
}

const view = ({ value: _, ...armed }: Armed): ArmedScimFault => armed

const worst = (answers: readonly WireResponse[]): WireResponse => {
  const [first, ...others] = answers
  if (first === undefined) throw new UsageError('A fault left no request to send', { code: 'nothing-to-send' })
  return others.reduce((at, answer) => (answer.status > at.status ? answer : at), first)
}

const firstOf = async (transport: Transport, requests: readonly WireRequest[]): Promise<WireResponse> => {
  const answers: WireResponse[] = []
  for (const request of requests) answers.push(await transport.send(request))
  return worst(answers.slice(0, 1))
}
