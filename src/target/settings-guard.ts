/**
 * The SP's settings are the user's: before the first change they are on disk, and they are put back at the end, on Ctrl-C,
 * and at the next start after a crash.
 */
import { readFile, rm } from 'node:fs/promises'
import { z } from 'zod'
import { type Clock, systemClock } from '../core/clock.ts'
import { ConfigError, TargetError } from '../core/errors.ts'
import { requireConsent } from './consents.ts'
import { writeDurably } from './files.ts'
import { targetKey } from './ledger.ts'
import type { AdminPort, SettingsChange, Target } from './ports.ts'

export interface SettingsGuard {
  /**
   * Changes settings; before the first change the old ones are written down.
   *
   * @throws ConfigError without consent, or when settings of an interrupted run still wait to be put back
   */
  apply(change: SettingsChange): Promise<void>
  /** Puts everything back. True when there was something to put back. May be called twice, and again after a failure. */
  restore(): Promise<boolean>
}

const saved = z.object({ target: z.string(), at: z.string(), snapshot: z.record(z.string(), z.unknown()) })

const adminOf = ({ admin, howToProvide }: Target): AdminPort => {
  if (admin !== undefined) return admin
  throw new ConfigError('The settings of this target cannot be changed: it has no admin port', {
    code: 'no-admin',
    hint: howToProvide('admin.saml'),
  })
}

const read = async (file: string): Promise<z.output<typeof saved> | undefined> => {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined
    throw new ConfigError(`${file} cannot be read`, { code: 'settings-unreadable', cause })
  }
  try {
    return saved.parse(JSON.parse(text))
  } catch (cause) {
    throw new ConfigError(`${file} does not hold the settings of a service provider`, {
      code: 'settings-unreadable',
      hint: 'Look at the settings of the service provider yourself, then delete the file.',
      cause,
    })
  }
}

/**
 * @param options.file `.idpact/settings-before.json`
 * @param options.allow the user's consents
 */
export const guardSettings = (
  target: Target,
  { file, allow, clock = systemClock }: { file: string; allow: readonly string[]; clock?: Clock },
): SettingsGuard => {
  let snapshot: Promise<Readonly<Record<string, unknown>>> | undefined
  let work: Promise<unknown> = Promise.resolve()
  /** One after the other: Ctrl-C may come in the middle of a change. */
  const inTurn = <T>(act: () => Promise<T>): Promise<T> => {
    const next = work.then(act, act)
    work = next.catch(() => {})
    return next
  }

  const save = async (): Promise<Readonly<Record<string, unknown>>> => {
    const earlier = await read(file)
    if (earlier !== undefined)
      throw new ConfigError(`An interrupted run left the settings of ${earlier.target} changed (${file})`, {
        code: 'settings-left',
        hint: 'Run idpact cleanup with the idpact.yaml of that target first.',
      })
    const before = await adminOf(target).read()
    const at = new Date(clock.now()).toISOString()
    await writeDurably(file, `${JSON.stringify({ target: targetKey(target), at, snapshot: before }, null, 2)}\n`)
    return before
  }

  return {
    apply: (change) =>
      inTurn(async () => {
        requireConsent(target, allow, 'settings')
        snapshot ??= save()
        await snapshot.catch((error: unknown) => {
          snapshot = undefined
          throw error
        })
        await adminOf(target).apply(change)
      }),
    restore: () =>
      inTurn(async () => {
        if (snapshot === undefined) return false
        await adminOf(target).restore(await snapshot)
        await rm(file, { force: true })
        snapshot = undefined
        return true
      }),
  }
}

export type Leftovers =
  | { kind: 'none' }
  /** Put back now. `at`: when the interrupted run began to change them. */
  | { kind: 'restored'; at: string }
  /** They are another target's; not touched. */
  | { kind: 'other-target'; target: string }

/**
 * Puts back what a run that crashed has left changed. For the start of every run, and for `idpact cleanup`.
 *
 * @throws TargetError when the SP cannot be asked; the file stays, so that it can be tried again
 */
export const restoreLeftovers = async (target: Target, file: string): Promise<Leftovers> => {
  const earlier = await read(file)
  if (earlier === undefined) return { kind: 'none' }
  if (earlier.target !== targetKey(target)) return { kind: 'other-target', target: earlier.target }
  try {
    await adminOf(target).restore(earlier.snapshot)
  } catch (error) {
    if (!(error instanceof TargetError)) throw error
    throw new TargetError(`The settings of ${target.name} could not be put back: ${error.message}`, {
      code: 'settings-not-restored',
      hint: `The old settings are in ${file}. Run idpact cleanup when the service provider is there again.`,
      cause: error,
    })
  }
  await rm(file, { force: true })
  return { kind: 'restored', at: earlier.at }
}
