import type { PasswordLoginConfig } from '../../config/schema.ts'
import { TargetError } from '../../core/errors.ts'
import { redactUrl } from '../../core/redact.ts'
import { classifyAnswer } from '../classify-answer.ts'
import { readForms } from '../html/forms.ts'
import { parseHtml } from '../html/parse.ts'
import { select } from '../html/select.ts'
import type { PasswordLoginPort } from '../ports.ts'
import type { Page, UserAgent } from '../user-agent.ts'

type Config = Extract<PasswordLoginConfig, { driver: 'http' }>

/** The hidden fields of the form on the login page: an SP that checks for forged requests wants its token back. */
const hiddenFields = async ({ page: url, url: action }: Config, agent: UserAgent): Promise<Record<string, string>> => {
  if (url === undefined) return {}
  const page = await agent.get(url)
  const forms = readForms(page.body, page.url)
  const form = forms.find((one) => one.action === action) ?? forms.find(({ method }) => method === 'POST')
  if (form !== undefined) return form.fields
  throw new TargetError(`There is no form on ${redactUrl(page.url)} (status ${page.status})`, {
    code: 'unexpected-answer',
    hint: 'Correct target.passwordLogin.page: the page with the form for e-mail and password.',
  })
}

/** Logging in with e-mail and password, as idpact.yaml declares the form. */
export const httpPasswordLogin = (config: Config): PasswordLoginPort => ({
  login: async (agent, credentials) => {
    const values = Object.entries(config.fields).map(([name, template]): [string, string] => [
      name,
      template.replace(/\{(email|password)\}/g, (_, key: 'email' | 'password') => credentials[key]),
    ])
    const fields = { ...(await hiddenFields(config, agent)), ...Object.fromEntries(values) }
    const page: Page = await (config.as === 'json'
      ? agent.json('POST', config.url, fields)
      : agent.postForm(config.url, fields))
    const kind = classifyAnswer(page)
    if (kind === 'rate-limited' || kind === 'challenge')
      throw new TargetError(`The login at ${redactUrl(config.url)} was not decided: ${kind} (status ${page.status})`, {
        code: kind,
        hint: 'Let idpact ask more slowly (target.http.maxPerSecond), or take the protection off for its requests.',
      })
    const asked = config.secondFactor !== undefined && select(parseHtml(page.body), config.secondFactor) !== undefined
    return asked ? 'second-factor' : 'submitted'
  },
})
