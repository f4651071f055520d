import { type Clock, toInstant } from '../../src/core/clock.ts'
import { redactJson } from '../../src/core/redact.ts'
import type { JournalEntry } from '../admin/schema.ts'
import { cutSignatures, isLoopbackUrl, redactUrlsIn } from './redaction.ts'

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
  append(entry: NewJournalEntry): JournalEntry
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
  let kept: { entry: JournalEntry; size: number }[] = []
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
      const size = 300 + (entry.xml?.length ?? 0) + entry.summary.length + JSON.stringify(entry.details).length
      kept.push({ entry, size })
      bytes += size
      forget()
      for (const listener of listeners) listener(entry)
      return entry
    },
    read: ({ since = 0, userId, applicationId, limit = 1_000 } = {}) => {
      const oldest = kept[first]?.entry.seq ?? seq + 1
      const entries: JournalEntry[] = []
      let next = since
      for (let i = Math.max(first, first + since + 1 - oldest); i < kept.length && entries.length < limit; i++) {
        const entry = kept[i]?.entry
        if (!entry) break
        next = entry.seq
        if (userId !== undefined && entry.userId !== userId) continue
        if (applicationId !== undefined && entry.applicationId !== applicationId) continue
        entries.push(entry)
      }
      return { entries, next: Math.max(next, since), evicted: since + 1 < oldest }
    },
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

const redacted = ({ peerUrl, ...entry }: NewJournalEntry, seq: number, clock: Clock): JournalEntry => {
  const details = redactUrlsIn(redactJson(entry.details)) as Record<string, unknown>
  const away = peerUrl !== undefined && !isLoopbackUrl(peerUrl)
  return {
    ...entry,
    seq,
    at: toInstant(clock.now()),
    details,
    ...(entry.xml === undefined ? {} : { xml: away ? cutSignatures(entry.xml) : entry.xml }),
  }
}
