/**
 * What idpact made at service providers: written down before the request that makes it, so that a crash loses nothing.
 * `.idpact/ledger.ndjson`, one JSON object a line, appended to only.
 */
import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { type Clock, systemClock } from '../core/clock.ts'
import { ConfigError, IdpactError } from '../core/errors.ts'
import { appendDurably } from './files.ts'
import type { Target } from './ports.ts'

/** Something at the SP: an account by its e-mail address, a group by its name. */
export interface Made {
  kind: 'account' | 'group'
  name: string
  /** Of the second organisation of the target; of the first where it is left out. */
  tenant?: 'b' | undefined
}

export interface LedgerEntry extends Made {
  /** The run that made it. */
  run: string
  /** The SP: its first ACS URL. */
  target: string
  at: string
}

export interface Ledger {
  readonly file: string
  /** Before the request that makes something. Twice for the same thing is once. */
  record(made: Made): Promise<void>
  /** It is gone from the SP. */
  settled(made: Made): Promise<void>
  /** What this target still has, oldest first, of all runs. */
  left(): Promise<LedgerEntry[]>
}

const line = z.object({
  op: z.enum(['made', 'gone']),
  kind: z.enum(['account', 'group']),
  name: z.string(),
  tenant: z.literal('b').optional(),
  run: z.string(),
  target: z.string(),
  at: z.string(),
})

/** How the ledger and the settings guard know a target again. */
export const targetKey = ({ acs }: Pick<Target, 'acs'>): string => acs.urls[0] ?? ''

const readLines = async (file: string): Promise<z.output<typeof line>[]> => {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return []
    throw new ConfigError(`The ledger ${file} cannot be read`, { code: 'ledger-unreadable', cause })
  }
  return text.split('\n').flatMap((one) => {
    try {
      const parsed = line.safeParse(JSON.parse(one))
      return parsed.success ? [parsed.data] : []
    } catch {
      // A line that was torn by a crash was not on the disk yet, so its request was never sent: nothing is lost with it.
      return []
    }
  })
}

/**
 * @param run id of this run
 * @example const ledger = openLedger('.idpact/ledger.ndjson', { run: 'r7', target })
 */
export const openLedger = (
  file: string,
  { run, target, clock = systemClock }: { run: string; target: Pick<Target, 'acs'>; clock?: Clock },
): Ledger => {
  const key = targetKey(target)
  const recorded = new Set<string>()
  const append = (op: 'made' | 'gone', { kind, name, tenant }: Made): Promise<void> =>
    appendDurably(
      file,
      JSON.stringify({ op, kind, name, tenant, run, target: key, at: new Date(clock.now()).toISOString() }),
    )
  const idOf = ({ kind, name, tenant }: Made): string => `${kind} ${tenant ?? 'a'} ${name}`
  return {
    file,
    record: async (made) => {
      if (recorded.has(idOf(made))) return
      await append('made', made)
      recorded.add(idOf(made))
    },
    settled: async (made) => {
      recorded.delete(idOf(made))
      await append('gone', made)
    },
    left: async () => {
      const entries = new Map<string, LedgerEntry>()
      for (const { op, ...entry } of await readLines(file)) {
        if (entry.target !== key) continue
        if (op === 'gone') entries.delete(idOf(entry))
        else if (!entries.has(idOf(entry))) entries.set(idOf(entry), entry)
      }
      return [...entries.values()]
    },
  }
}

export interface Leftover {
  entry: LedgerEntry
  why: string
}

export interface CleanupResult {
  removed: LedgerEntry[]
  /** Was not at the SP any more (or never came to be). */
  gone: LedgerEntry[]
  left: Leftover[]
}

/** Nobody answers: to go on asking for everything else would only take long. */
const hopeless = new Set(['unreachable', 'dns', 'tls', 'proxy', 'timeout', 'credentials'])

const removeOne = async (
  target: Target,
  { kind, name, tenant }: Made,
): Promise<'removed' | 'gone' | { why: string }> => {
  const accounts = (tenant === 'b' ? target.b : target)?.accounts
  if (accounts === undefined) return { why: 'this target has no accounts port' }
  const find = async (): Promise<{ id: string } | undefined> =>
    kind === 'account' ? accounts.find({ email: name }) : accounts.findGroup(name)
  const found = await find()
  if (found === undefined) return 'gone'
  await (kind === 'account' ? accounts.delete(found.id) : accounts.deleteGroup(found.id))
  return (await find()) === undefined ? 'removed' : { why: 'it is still there after it was deleted' }
}

/**
 * Removes from a target what earlier runs left there. Never throws for what the SP does: what cannot be removed is in
 * `left`, with the reason.
 *
 * @param options.keep e-mail addresses that are never touched, whatever the ledger says (the fixtures)
 */
export const cleanup = async (
  target: Target,
  ledger: Ledger,
  { keep = [] }: { keep?: readonly string[] } = {},
): Promise<CleanupResult> => {
  const result: CleanupResult = { removed: [], gone: [], left: [] }
  const kept = new Set(keep.map((email) => email.toLowerCase()))
  let givenUp: string | undefined
  for (const entry of await ledger.left()) {
    const needed = entry.kind === 'account' ? 'accounts.delete' : 'accounts.manageGroups'
    if (kept.has(entry.name.toLowerCase())) result.left.push({ entry, why: 'it is a fixture of idpact.yaml' })
    else if (!(entry.tenant === 'b' ? target.b : target)?.has(needed))
      result.left.push({ entry, why: target.howToProvide(needed) })
    else if (givenUp !== undefined) result.left.push({ entry, why: givenUp })
    else {
      try {
        const outcome = await removeOne(target, entry)
        if (typeof outcome === 'object') result.left.push({ entry, why: outcome.why })
        else {
          await ledger.settled(entry)
          result[outcome].push(entry)
        }
      } catch (error) {
        if (!(error instanceof IdpactError)) throw error
        result.left.push({ entry, why: error.message })
        if (hopeless.has(error.code)) givenUp = error.message
      }
    }
  }
  return result
}
