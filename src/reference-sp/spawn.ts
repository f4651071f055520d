import { type ChildProcess, fork } from 'node:child_process'
import { ConfigError, type IdpactError, InternalError, UsageError } from '../core/errors.ts'
import type { FromChild, ToChild } from './child.ts'
import type { ReferenceSpOptions, RunningReferenceSp } from './options.ts'
import type { ContractId, Infos } from './profiles.ts'

/**
 * Starts the reference SP in a child process, so that its work isn't done on the thread that plays the IdP, and its crash
 * isn't ours. The process ends with `stop`, and when this one goes away.
 *
 * @param onProblem told what went wrong inside where nobody waits for an answer
 * @throws the same errors as `startReferenceSp`; InternalError when the process ends before it answers.
 */
export const spawnReferenceSp = async <C extends ContractId = 'cloudinary'>(
  options: ReferenceSpOptions<C> = {},
  onProblem: (message: string) => void = () => undefined,
): Promise<RunningReferenceSp<C>> => {
  // child.ts where the sources run, child.js in the package.
  const file = new URL(import.meta.url.endsWith('.ts') ? './child.ts' : './child.js', import.meta.url)
  const child = fork(file, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], execArgv: [] })
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve())
    child.once('error', () => resolve())
  })
  child.on('message', (message: FromChild) => {
    if (message.type === 'problem') onProblem(message.message)
  })

  let info: Infos[C]
  try {
    info = await ask<C>(child, { type: 'start', options: options as ReferenceSpOptions<ContractId> })
  } catch (error) {
    child.kill('SIGKILL')
    await ended
    throw error
  }
  let calls = 0
  return {
    url: info.url,
    get info() {
      return info
    },
    reset: async ({ defects } = {}) => {
      calls += 1
      info = await ask<C>(child, { type: 'reset', call: calls, defects })
    },
    stop: async () => {
      if (child.connected) child.disconnect()
      await ended
    },
  }
}

const ask = <C extends ContractId>(child: ChildProcess, question: ToChild): Promise<Infos[C]> =>
  new Promise((resolve, reject) => {
    const call = question.type === 'reset' ? question.call : undefined
    const finish = (end: () => void): void => {
      child.off('message', onMessage)
      child.off('exit', onExit)
      child.off('error', onError)
      end()
    }
    const onMessage = (message: FromChild): void => {
      if (message.type === 'problem') return
      const answers = message.type === 'started' ? undefined : message.call
      if (answers !== call) return
      finish(() => (message.type === 'failed' ? reject(revive(message.error)) : resolve(message.info as Infos[C])))
    }
    const onError = (cause: Error): void =>
      finish(() =>
        reject(new InternalError('The reference SP could not be started.', { code: 'sp-not-started', cause })),
      )
    const onExit = (code: number | null): void =>
      finish(() =>
        reject(
          new InternalError(`The process of the reference SP ended with code ${code} before it answered.`, {
            code: 'sp-ended',
            hint: 'What it printed to stderr says why.',
          }),
        ),
      )
    child.on('message', onMessage)
    child.once('exit', onExit)
    child.once('error', onError)
    if (!child.connected) onExit(child.exitCode)
    else child.send(question)
  })

const families: Record<string, typeof IdpactError> = { UsageError, ConfigError, InternalError }

const revive = ({ name, code, message, hint }: Extract<FromChild, { type: 'failed' }>['error']): IdpactError =>
  new (families[name] ?? InternalError)(message, { code, hint })
