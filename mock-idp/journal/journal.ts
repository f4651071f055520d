import { type Clock, toInstant } from '../../src/core/clock.ts'
import type { JournalEntry } from '../admin/schema.ts'
import { cutSignatures, isLoopbackUrl, redactedText } from './redaction.ts'

export type NewJournalEntry = Omit<JournalEntry, 'seq' | 'at'> & {
  /** Who the message is from or for. Signature values are cut where that is not this machine. */
  peerUrl?: string | undefined
}

export interface JournalQuery {
  since?: number | undefined
  userId?: string | undefined
  applicationId?: string | undefined
  limit?: number | undefined
}

export interface JournalLimits {
  maxEntries: number
  /** Of the entries' text, in UTF-16 units, counted per org. */
  maxBytes: number
}

export interface Journal {
  append(entry: NewJournalEntry): void
  read(query?: JournalQuery): { entries: JournalEntry[]; next: number; evicted: boolean }
  /** Calls back for each new entry; returns how to stop. */
  subscribe(listener: (entry: JournalEntry) => void): () => void
}

export const defaultJournalLimits: JournalLimits = { maxEntries: 5_000, maxBytes: 8_000_000 }

/**
 * The record of one org: append-only, and bounded by forgetting the oldest. Secrets are taken out on the way in, so
 * nothing that reads it has to think of them.
 */
export const createJournal = (clock: Clock, limits: JournalLimits = defaultJournalLimits): Journal => {
  let kept: Kept[] = []
  /** Index of the oldest entry in `kept`; moves on, and the array is cut now and then, so that forgetting is cheap. */
  let first = 0
  let bytes = 0
  let seq = 0
  const listeners = new Set<(entry: JournalEntry) => void>()

  const forget = (): void => {
    while (kept.length - first > limits.maxEntries || (bytes > limits.maxBytes && kept.length - first > 1))
      bytes -= kept[first++]?.size ?? 0
    if (first > 1_000 && first * 2 > kept.length) {
      kept = kept.slice(first)
      first = 0
    }
  }

  return {
    append: (incoming) => {
      const entry = redacted(incoming, ++seq, clock)
      kept.push(entry)
      bytes += entry.size
      forget()
      if (listeners.size > 0) for (const listener of listeners) listener(read(entry))
    },
    read: ({ since = 0, userId, applicationId, limit = 1_000 } = {}) => {
      const oldest = kept[first]?.seq ?? seq + 1
      const entries: JournalEntry[] = []
      let next = since
      for (let i = Math.max(first, first + since + 1 - oldest); i < kept.length && entries.length < limit; i++) {
        const entry = kept[i]
        if (!entry) break
        next = entry.seq
        if (userId !== undefined && entry.userId !== userId) continue
        if (applicationId !== undefined && entry.applicationId !== applicationId) continue
        entries.push(read(entry))
      }
      return { entries, next: Math.max(next, since), evicted: since + 1 < oldest }
    },
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/**
 * An entry as it is kept: its details as the bytes of their JSON. They take a fraction of what objects take, are read far
 * less often than written, and are no work for the garbage collector, whose young generation would grow by them.
 */
type Kept = Omit<JournalEntry, 'details'> & { details: Buffer; size: number }

const redacted = ({ peerUrl, ...entry }: NewJournalEntry, seq: number, clock: Clock): Kept => {
  const details = Buffer.from(redactedText(entry.details))
  const away = peerUrl !== undefined && !isLoopbackUrl(peerUrl)
  const xml = entry.xml === undefined ? undefined : away ? cutSignatures(entry.xml) : entry.xml
  return {
    ...entry,
    seq,
    at: toInstant(clock.now()),
    details,
    ...(xml !== undefined && { xml }),
    size: 300 + (xml?.length ?? 0) + entry.summary.length + details.length,
  }
}

const read = ({ size: _, ...entry }: Kept): JournalEntry => ({
  ...entry,
  details: JSON.parse(entry.details.toString()) as JournalEntry['details'],
})
