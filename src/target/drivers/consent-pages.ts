import type { ConsentConfig } from '../../config/schema.ts'
import { TargetError } from '../../core/errors.ts'
import { redactUrl } from '../../core/redact.ts'
import { type Form, readForms } from '../html/forms.ts'
import { type HtmlElement, isInside, parseHtml } from '../html/parse.ts'
import type { ConsentOutcome, ConsentPort, PasswordLoginPort } from '../ports.ts'
import type { Page, UserAgent } from '../user-agent.ts'

type Config = Extract<ConsentConfig, { driver: 'pages' }>

/** Consent as a person gives it: the login page, and a button of the consent page, known by its text. */
export const consentPages = (config: Config, passwordLogin: PasswordLoginPort | undefined): ConsentPort => ({
  decide: async (agent, url, { answer, redirectUri, as = config }) => {
    let page = await agent.get(url)
    const askedToLogIn = hasPasswordField(page)
    if (askedToLogIn) page = await loggedIn(agent, url, passwordLogin, as)
    const form = formWithButton(page, config[answer])
    if (form !== undefined) page = await agent.postForm(form.action, form.fields)
    return outcomeOf(page, redirectUri, { askedToLogIn, askedToConsent: form !== undefined })
  },
})

const outcomeOf = (
  page: Page,
  redirectUri: string,
  asked: Pick<ConsentOutcome, 'askedToLogIn' | 'askedToConsent'>,
): ConsentOutcome => ({ ...asked, callback: page.url.startsWith(redirectUri) ? page.url : undefined, page })

const hasPasswordField = ({ body }: Page): boolean =>
  parseHtml(body).some(({ name, attributes }) => name === 'input' && attributes['type']?.toLowerCase() === 'password')

const loggedIn = async (
  agent: UserAgent,
  url: string,
  passwordLogin: PasswordLoginPort | undefined,
  { email, password }: { email: string; password: string },
): Promise<Page> => {
  if (passwordLogin === undefined)
    throw new TargetError(`${redactUrl(url)} asks for a login, and idpact does not know how to log in there`, {
      code: 'not-declared',
      hint: 'Give target.passwordLogin in idpact.yaml.',
    })
  await passwordLogin.login(agent, { email, password })
  return agent.get(url)
}

/** The form whose button has this text; case does not count. */
const formWithButton = (page: Page, text: string): Form | undefined => {
  const wanted = text.toLowerCase()
  const elements = parseHtml(page.body)
  const forms = elements.filter(({ name }) => name === 'form')
  return readForms(page.body, page.url).find((_, index) =>
    elements.some((one) => isButton(one) && isInside(one, forms[index] ?? one) && labelOf(one).includes(wanted)),
  )
}

const isButton = ({ name, attributes }: HtmlElement): boolean =>
  name === 'button' || (name === 'input' && attributes['type']?.toLowerCase() === 'submit')

const labelOf = (element: HtmlElement): string => (element.attributes['value'] ?? element.text()).trim().toLowerCase()
