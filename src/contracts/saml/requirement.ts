import type { Keyword, Requirement, Severity, Source } from '../contract.ts'

/** What a requirement of this contract has beside what follows from its severity. */
export interface Entry {
  severity: Severity
  statement: string
  violation: string
  /** What an attacker gains by an SP that breaks it; left out where it is a matter of working together. */
  gain?: string
  hint: string
  source: Source
  /** `inferred`: the document leaves it to be concluded, and `quote` is the words that it rests on, or their sense. */
  basis?: 'stated' | 'inferred'
  /** The knob of `expect`, where what to do is for the SP to say. */
  expect?: string
  keyword?: Keyword
}

/** Whoever lets in another user, or breaks on a message, breaks a MUST; the rest are good practice. */
const keywords: Readonly<Record<Severity, Keyword>> = {
  critical: 'MUST',
  high: 'MUST',
  medium: 'SHOULD',
  low: 'SHOULD',
  info: 'SHOULD',
}

/** The requirements of one area, by the end of their ids: `SIG-01`. */
export const area = (id: string, entries: Readonly<Record<string, Entry>>): Requirement[] =>
  Object.entries(entries).map(([number, { severity, keyword = keywords[severity], basis = 'inferred', ...entry }]) => ({
    id: `SAML-${number}`,
    area: id,
    kind: 'sp',
    severity,
    keyword,
    basis,
    ...entry,
  }))

/** One that nothing tests, and why. */
export const note = (
  number: string,
  areaId: string,
  entry: Pick<Entry, 'severity' | 'statement' | 'source' | 'hint'> & { notTestedBecause: string },
): Requirement => ({ id: `SAML-${number}`, area: areaId, keyword: 'MAY', kind: 'note', basis: 'inferred', ...entry })
