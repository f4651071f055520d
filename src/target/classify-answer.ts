import type { Page } from './user-agent.ts'

/** What kind of answer it is, before anybody judges it. A status alone says nothing about who is logged in. */
export type AnswerKind = 'page' | 'redirect' | 'refusal' | 'server-error' | 'rate-limited' | 'challenge'

/** Headers by which protections before an SP say that they answered in its place. */
const challengeHeaders: Record<string, RegExp> = {
  'cf-mitigated': /challenge/i,
  'x-amzn-waf-action': /challenge|captcha/i,
  'x-datadome': /./,
}
const challengeBody =
  /\/cdn-cgi\/challenge-platform\/|cf-chl-|_Incapsula_Resource|captcha-delivery\.com|px-captcha|awswaf\.com\/.*challenge|hcaptcha\.com\/1\/api\.js|recaptcha\/(api|enterprise)\.js/i
const challengeStatus = new Set([202, 403, 405, 429, 503])

/**
 * `rate-limited` (429, and 420 as some APIs say it) and `challenge` (a bot check in place of the SP) are never a refusal
 * by the SP: nothing was decided.
 */
export const classifyAnswer = ({ status, headers, body }: Pick<Page, 'status' | 'headers' | 'body'>): AnswerKind => {
  const challenged = Object.entries(challengeHeaders).some(([name, pattern]) => pattern.test(headers[name] ?? ''))
  if (challengeStatus.has(status) && (challenged || challengeBody.test(body.slice(0, 200_000)))) return 'challenge'
  if (status === 429 || status === 420) return 'rate-limited'
  if (status >= 500) return 'server-error'
  if (status >= 400) return 'refusal'
  return status >= 300 ? 'redirect' : 'page'
}
