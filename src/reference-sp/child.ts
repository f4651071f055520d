/**
 * The reference SP in a process of its own. Started by `spawn.ts`, which talks to it over the IPC channel; it ends with
 * its parent, because the channel closes then.
 */
import { enableCompileCache } from 'node:module'
import { IdpactError } from '../core/errors.ts'
import type { ReferenceSpOptions, RunningReferenceSp } from './options.ts'
import type { ContractId, Infos } from './profiles.ts'

export type ToChild =
  | { type: 'start'; options: ReferenceSpOptions<ContractId> }
  | { type: 'reset'; call: number; defects: string[] | undefined }
export type FromChild =
  | { type: 'started'; info: Infos[ContractId] }
  | { type: 'reset'; call: number; info: Infos[ContractId] }
  | { type: 'failed'; call: number | undefined; error: { name: string; code: string; message: string; hint?: string } }
  | { type: 'problem'; message: string }

const send = (message: FromChild): void => {
  process.send?.(message)
}

const describe = (error: unknown): Extract<FromChild, { type: 'failed' }>['error'] =>
  error instanceof IdpactError
    ? {
        name: error.name,
        code: error.code,
        message: error.message,
        ...(error.hint === undefined ? {} : { hint: error.hint }),
      }
    : { name: 'InternalError', code: 'internal', message: error instanceof Error ? error.message : String(error) }

// As bin/idpact.js does for its own process: compiled code is kept between runs.
enableCompileCache()
let running: RunningReferenceSp<ContractId> | undefined

const handle = async (message: ToChild): Promise<void> => {
  if (message.type === 'start') {
    const { startReferenceSp } = await import('./index.ts')
    running = await startReferenceSp({
      ...message.options,
      onProblem: (problem) => send({ type: 'problem', message: problem }),
    })
    send({ type: 'started', info: running.info })
    return
  }
  await running?.reset(message.defects === undefined ? {} : { defects: message.defects })
  if (running !== undefined) send({ type: 'reset', call: message.call, info: running.info })
}

process.on('message', (message: ToChild) => {
  handle(message).catch((error: unknown) => {
    send({ type: 'failed', call: message.type === 'reset' ? message.call : undefined, error: describe(error) })
  })
})
process.on('disconnect', () => process.exit(0))
// Ctrl-C reaches the whole group of processes; the parent decides when this one ends.
process.on('SIGINT', () => undefined)
