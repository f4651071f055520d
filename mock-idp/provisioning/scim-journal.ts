import type { NewJournalEntry } from '../journal/journal.ts'
import type { Exchange } from '../scim/transport.ts'

/** More of a body tells nobody anything. */
const maxBody = 20_000

/** An exchange as the journal keeps it. The credential is no part of the request that is recorded. */
export const exchangeEntry = ({ request, response, failure, ms }: Exchange): NewJournalEntry => {
  const { method, path, headers, body, about = {}, credential } = request
  const outcome = response?.status ?? failure ?? ''
  return {
    kind: 'scim-request',
    ...about,
    summary: `${method} ${path.split('?')[0]} → ${outcome}`,
    details: {
      ...{ method, path, headers },
      ...(body !== undefined && { request: bodyOf(body) }),
      ...(credential !== undefined && { credential: credential === null ? 'none' : 'not its own' }),
      ...(response && { status: response.status, answer: bodyOf(response.text) }),
      ...(failure !== undefined && { failure }),
      ms: Math.round(ms * 10) / 10,
    },
  }
}

/** JSON, so that members with a secret's name are taken out; else the text, with nothing of a secret in it to find. */
const bodyOf = (text: string): unknown => {
  if (text.length > maxBody) return `${text.length} characters, beginning with ${textOf(text.slice(0, 200))}`
  try {
    return JSON.parse(text)
  } catch {
    return textOf(text)
  }
}

/** What is not JSON may be JSON that was cut: a password in it must not show. */
const textOf = (text: string): string =>
  text.replace(/("(?:password|token|secret)"\s*:\s*)"[^"]*"?/gi, '$1"[redacted]"')
