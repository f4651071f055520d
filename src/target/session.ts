import type { SessionConfig } from '../config/schema.ts'
import { TargetError } from '../core/errors.ts'
import { redactUrl } from '../core/redact.ts'
import { classifyAnswer } from './classify-answer.ts'
import { type HtmlElement, parseHtml } from './html/parse.ts'
import { select, shownText } from './html/select.ts'
import { textAt } from './json-pointer.ts'
import type { SessionPort } from './ports.ts'
import type { Page } from './user-agent.ts'

type Read = (where: string | undefined) => string | undefined

const withoutSlash = (url: string): string => {
  const { origin, pathname } = new URL(url)
  return `${origin}${pathname.replace(/\/$/, '')}`
}

/** A redirect elsewhere is how a page says "log in first"; one to the same place (a slash more) is housekeeping. */
const staysHere = ({ headers, url }: Page): boolean => {
  const location = headers['location'] ?? ''
  return URL.canParse(location, url) && withoutSlash(new URL(location, url).href) === withoutSlash(url)
}

const readerOfJson = (page: Page, where: string): Read => {
  try {
    const json: unknown = JSON.parse(page.body)
    return (pointer) => textAt(json, pointer)
  } catch {
    throw new TargetError(`${where} should say in JSON who is logged in, and answered with something else`, {
      code: 'unexpected-answer',
      hint: 'Correct target.session.url, or use CSS selectors (#user .email) in place of JSON pointers (/email).',
    })
  }
}

const readerOfPage = (page: Page): Read => {
  let elements: readonly HtmlElement[] | undefined
  return (selector) => {
    if (selector === undefined) return undefined
    elements ??= parseHtml(page.body)
    const found = select(elements, selector)
    const text = found === undefined ? '' : shownText(found)
    return text === '' ? undefined : text
  }
}

/**
 * Who is logged in, as the SP itself says it: this decides what a login came to. Nobody is when the answer has one of the
 * `loggedOutStatus`, redirects elsewhere, or has nothing where the identity should stand.
 */
export const sessionPort = (config: SessionConfig): SessionPort =>
  config.url === 'acs' ? sessionOfAnswer(config) : sessionOfUrl(config, config.url)

/** The answer to a Response says who is logged in: an SP that keeps no session. Any other answer is of nobody. */
const sessionOfAnswer = ({ identity: where, role, name, loggedOutStatus }: SessionConfig): SessionPort => ({
  isKept: false,
  whoAmI: async ({ page }) => {
    if (page === undefined || page.status >= 300 || loggedOutStatus.includes(page.status)) return undefined
    const isJson = where.startsWith('/')
    if (isJson && !/^\s*[{["]/.test(page.body)) return undefined
    const read = isJson ? readerOfJson(page, 'The answer to the Response') : readerOfPage(page)
    const identity = read(where)
    return identity === undefined ? undefined : { identity, role: read(role), name: read(name) }
  },
})

const sessionOfUrl = (config: SessionConfig, url: string): SessionPort => ({
  isKept: true,
  whoAmI: async (agent) => {
    const isJson = config.identity.startsWith('/')
    const options = isJson ? { accept: 'application/json' } : {}
    let page = await agent.get(url, { ...options, follow: false })
    if (page.status >= 300 && page.status < 400 && page.status !== 304 && staysHere(page))
      page = await agent.get(new URL(page.headers['location'] ?? '', page.url).href, { ...options, follow: false })

    const where = redactUrl(url)
    const kind = classifyAnswer(page)
    if (kind === 'rate-limited' || kind === 'challenge')
      throw new TargetError(`${where} did not say who is logged in: ${kind} (status ${page.status})`, {
        code: kind,
        hint: 'Let idpact ask more slowly (target.http.maxPerSecond), or take the protection off for its requests.',
      })
    if (config.loggedOutStatus.includes(page.status) || kind === 'redirect') return undefined
    if (kind !== 'page')
      throw new TargetError(`${where} should say who is logged in, and answered ${page.status}`, {
        code: kind === 'server-error' ? 'server-error' : 'unexpected-answer',
        hint:
          kind === 'server-error'
            ? 'Look into the log of the service provider.'
            : 'Correct target.session.url; if this status means that nobody is logged in, name it in loggedOutStatus.',
      })
    if (page.status === 204 || page.body.trim() === '') return undefined
    const read = isJson ? readerOfJson(page, where) : readerOfPage(page)
    const identity = read(config.identity)
    return identity === undefined ? undefined : { identity, role: read(config.role), name: read(config.name) }
  },
})
