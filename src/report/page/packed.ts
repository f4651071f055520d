/**
 * The evidence of scenarios whose messages don't stand in the page: compressed, and unpacked and shown when somebody opens
 * it. So the page holds everything, and opens at once.
 */
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { LoginEvidence } from '../../core/evidence.ts'
import { type Html, html, raw } from '../../core/html.ts'
import { shortened } from './messages.ts'

const compressed = promisify<string, { level: number }, Buffer>(gzip)

/** Few enough that one is unpacked in no time, many enough that what they have in common is stored once. */
const perPack = 24

/** What `behaviour.ts` puts together again: like stands beside like, which is what compression lives on. */
export interface Pack {
  /** By scenario. */
  logins: Record<string, Omit<LoginEvidence, 'responseXml' | 'exchanges'>[]>
  messages: Record<string, (string | undefined)[]>
  exchanges: Record<string, LoginEvidence['exchanges'][]>
}

/** Data blocks, which run nothing: base64 of gzip of JSON, one for some scenarios. */
export const packs = async (logins: ReadonlyMap<string, readonly LoginEvidence[]>): Promise<Html> => {
  const all = [...logins].filter(([, own]) => own.length > 0)
  const groups = Array.from({ length: Math.ceil(all.length / perPack) }, (_, at) =>
    all.slice(at * perPack, (at + 1) * perPack),
  )
  // One is compressed, in a thread of its own, while the next is made.
  const made = groups.map(async (group) => {
    const bytes = await compressed(JSON.stringify(packOf(group)), { level: 4 })
    // Base64 has no character that could end the element.
    return html`<script type="application/gzip" data-ids="${group.map(([id]) => id).join(' ')}">${raw(bytes.toString('base64'))}</script>\n`
  })
  return html`${await Promise.all(made)}`
}

const packOf = (group: readonly [string, readonly LoginEvidence[]][]): Pack => {
  const short = group.map(([id, own]): [string, LoginEvidence[]] => [id, shortened(own)])
  const of = <T>(part: (login: LoginEvidence) => T): Record<string, T[]> =>
    Object.fromEntries(short.map(([id, own]) => [id, own.map(part)]))
  return {
    logins: of(({ responseXml: _xml, exchanges: _exchanges, ...rest }) => rest),
    messages: of(({ responseXml }) => responseXml),
    exchanges: of(({ exchanges }) => exchanges),
  }
}
