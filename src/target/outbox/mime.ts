/** Reading a mail (RFC 5322, MIME): its recipients, subject, and text. For what SPs send; attachments are passed over. */
import type { Mail } from '../ports.ts'

interface Part {
  headers: ReadonlyMap<string, string>
  /** Bytes as Latin-1: one character a byte. */
  body: string
}

const decoder = (charset: string): TextDecoder => {
  try {
    return new TextDecoder(charset)
  } catch {
    return new TextDecoder()
  }
}

const hexBytes = (text: string): Buffer =>
  Buffer.from(
    text.replace(/=([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  )

const quotedPrintable = (text: string): Buffer =>
  hexBytes(text.replace(/[ \t]+(?=\r?\n|$)/g, '').replace(/=\r?\n/g, ''))

/** `=?utf-8?Q?…?=` in headers (RFC 2047); the space between two of them does not count. */
const decodeWords = (text: string): string =>
  text
    .replace(/(=\?[^?]+\?[bq]\?[^?]*\?=)\s+(?==\?[^?]+\?[bq]\?)/gi, '$1')
    .replace(/=\?([^?*]+)(?:\*[^?]*)?\?([bq])\?([^?]*)\?=/gi, (_, charset: string, kind: string, coded: string) => {
      const bytes = kind.toLowerCase() === 'b' ? Buffer.from(coded, 'base64') : hexBytes(coded.replaceAll('_', ' '))
      return decoder(charset).decode(bytes)
    })

const split = (raw: string): Part => {
  const gap = /\r?\n\r?\n/.exec(raw)
  const head = gap === null ? raw : raw.slice(0, gap.index)
  const headers = new Map<string, string>()
  for (const line of head.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)) {
    const colon = line.indexOf(':')
    const name = line.slice(0, colon).trim().toLowerCase()
    if (colon > 0 && !headers.has(name)) headers.set(name, line.slice(colon + 1).trim())
  }
  return { headers, body: gap === null ? '' : raw.slice(gap.index + gap[0].length) }
}

const parameter = (header: string, name: string): string | undefined =>
  new RegExp(`;\\s*${name}\\s*=\\s*(?:"([^"]*)"|([^\\s;]+))`, 'i')
    .exec(header)
    ?.slice(1)
    .find((value) => value !== undefined)

const textOf = ({ headers, body }: Part): string => {
  const encoding = headers.get('content-transfer-encoding')?.toLowerCase().trim()
  const bytes =
    encoding === 'base64'
      ? Buffer.from(body, 'base64')
      : encoding === 'quoted-printable'
        ? quotedPrintable(body)
        : Buffer.from(body, 'latin1')
  return decoder(parameter(headers.get('content-type') ?? '', 'charset') ?? 'utf-8').decode(bytes)
}

/** The parts that hold text, those inside others too; a mail of endless nesting ends at ten. */
const leaves = (part: Part, depth = 0): Part[] => {
  const type = part.headers.get('content-type') ?? 'text/plain'
  const boundary = parameter(type, 'boundary')
  if (!/^multipart\//i.test(type) || boundary === undefined || depth > 10) return [part]
  const lines = `\n${part.body.replaceAll('\r\n', '\n')}`.split(`\n--${boundary}`)
  return lines
    .slice(1)
    .filter((piece) => !piece.startsWith('--'))
    .flatMap((piece) => leaves(split(piece.replace(/^[ \t]*\n/, '')), depth + 1))
}

/**
 * @param raw the mail as it came over SMTP
 * @param to whom it was delivered to (the envelope, which is what counts)
 */
export const readMail = (raw: Buffer, to: readonly string[], receivedAt: string): Mail => {
  const whole = split(raw.toString('latin1'))
  const parts = leaves(whole).filter(({ headers }) => !/^attachment/i.test(headers.get('content-disposition') ?? ''))
  const ofType = (pattern: RegExp): string | undefined => {
    const found = parts.find(({ headers }) => pattern.test(headers.get('content-type') ?? 'text/plain'))
    return found && textOf(found)
  }
  const html = ofType(/^text\/html/i)
  const subject = Buffer.from(whole.headers.get('subject') ?? '', 'latin1').toString('utf8')
  return {
    to,
    subject: decodeWords(subject),
    text: ofType(/^text\/plain/i) ?? (html === undefined ? '' : html.replace(/<[^>]*>/g, ' ')),
    html,
    receivedAt,
  }
}
