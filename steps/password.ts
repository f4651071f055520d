import { TargetError } from '../src/core/errors.ts'
import type { Failure, LoginEvidence } from '../src/core/evidence.ts'
import { randomBase62 } from '../src/core/ids.ts'
import type { Attempt } from './login.ts'
import { attachLogin } from './login.ts'
import { mailTo } from './mail.ts'
import { inconclusive, notObservable } from './outcome.ts'
import type { Person } from './scene.ts'
import { changeEmail } from './scene.ts'
import { classify } from './verdict.ts'
import type { IdpactWorld } from './world.ts'

/** One login with e-mail and password in a fresh browser, judged as a login by SAML is. */
export const logInByPassword = async (
  world: IdpactWorld,
  person: Person,
  role: LoginEvidence['role'],
): Promise<Attempt> => {
  const { passwordLogin } = world.run.target
  if (passwordLogin === undefined) throw world.lacks('passwordLogin.login')
  const browser = world.newBrowser()
  person.browser = browser
  const attempt: Attempt = {
    person,
    role,
    flow: 'password',
    faults: [],
    verdict: { kind: 'second-factor' },
    page: undefined,
    postedTo: undefined,
    responseXml: undefined,
    trouble: undefined,
    exchanges: [],
    durationMs: 0,
  }
  let answer: 'submitted' | 'second-factor' = 'submitted'
  try {
    answer = await passwordLogin.login(browser, { email: person.email, password: person.password ?? '' })
  } catch (error) {
    if (!(error instanceof TargetError)) throw error
    attempt.trouble = error
  }
  const { exchanges } = browser
  const last = exchanges.at(-1)
  if (last !== undefined)
    attempt.page = { status: last.status, url: last.url, headers: last.responseHeaders, body: last.responseBody ?? '' }
  const verdict = await classify(world, attempt, browser)
  // Whoever is let in was not asked for more, whatever the page looked like.
  if (answer === 'submitted' || verdict.kind !== 'rejected') attempt.verdict = verdict
  attachLogin(world, attempt, exchanges)
  return attempt
}

/**
 * Lets the person have a password at the SP: of an account that the user of idpact has set aside for the role
 * (`users.fixtures`), where there is one; else of a new account. A fixture is for password logins only.
 */
export const givePassword = async (world: IdpactWorld, person: Person, role: string): Promise<void> => {
  const fixture = world.run.context.target.users.fixtures.find((one) => one.role === role && one.password !== undefined)
  if (fixture?.password === undefined) return giveNewPassword(world, person, role)
  changeEmail(person, fixture.email)
  person.fixture = true
  person.password = fixture.password
}

/** Makes an account and sets its password as people do: by the link in the invitation mail. */
export const giveNewPassword = async (world: IdpactWorld, person: Person, role: string | undefined): Promise<void> => {
  const { target } = world.run
  for (const verb of ['accounts.create', 'outbox.read'] as const)
    if (!target.has(verb))
      throw notObservable({
        code: 'no-password',
        expected: `A user with a password can be had${role === undefined ? '' : `, in the role ${role}`}.`,
        actual: `The target has no ${verb}${role === undefined ? '' : ', and no fixture with a password for the role'}.`,
        hint: `${target.howToProvide(verb)} Or list an account under target.users.fixtures.`,
      })
  if (person.accountId === undefined) await makeAccount(world, person, role)
  const trouble = await acceptInvitation(world, person)
  if (trouble !== undefined) throw inconclusive(trouble)
}

/** Makes an account at the SP the way an administrator does, with what the directory says of the person. */
export const makeAccount = async (world: IdpactWorld, person: Person, role: string | undefined): Promise<void> => {
  const { accounts } = world.run.target
  if (accounts === undefined) throw world.lacks('accounts.create')
  await world.expectAccount(person)
  const name = `${String(person.profile['firstName'])} ${String(person.profile['lastName'])}`
  const made = await accounts.create({ email: person.email, name, ...(role === undefined ? {} : { role }) })
  person.accountId = made.id
}

/** The links of a mail, the ones of its text first. */
const linksIn = (text: string): string[] => text.match(/https?:\/\/[^\s"'<>)]+/g) ?? []

/** Opens the link of the invitation and sets a password there; what went wrong, if it did not work. */
export const acceptInvitation = async (
  world: IdpactWorld,
  person: Person,
): Promise<Omit<Failure, 'outcome'> | undefined> => {
  const mails = await mailTo(world, person.email)
  const links = mails.flatMap(({ text, html }) => [...linksIn(text), ...linksIn(html ?? '')])
  const password = `Idpact-${randomBase62(16)}-1`
  const browser = world.newBrowser()
  for (const link of new Set(links)) {
    const form = passwordForm((await browser.get(link)).body, link)
    if (form === undefined) continue
    const filled = Object.fromEntries(form.passwordFields.map((name) => [name, password]))
    const answer = await browser.postForm(form.action, { ...form.hidden, ...filled })
    if (answer.status < 400) {
      person.password = password
      return undefined
    }
  }
  return {
    code: 'invitation-unusable',
    expected: `The invitation mailed to ${person.email} has a link to a form that sets a password.`,
    actual:
      mails.length === 0 ? 'No mail came.' : `Mail came, and none of its ${links.length} links led to such a form.`,
    hint: 'Check that the service provider sends its mail to the outbox of idpact.',
  }
}

const attributesOf = (tag: string): Record<string, string> =>
  Object.fromEntries(
    [...tag.matchAll(/([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)].map((m) => [
      (m[1] ?? '').toLowerCase(),
      (m[2] ?? m[3] ?? '').replaceAll('&amp;', '&').replaceAll('&quot;', '"').replaceAll('&#39;', "'"),
    ]),
  )

/** The first form of a page that asks for a password. */
const passwordForm = (
  html: string,
  url: string,
): { action: string; hidden: Record<string, string>; passwordFields: string[] } | undefined => {
  for (const [, head = '', body = ''] of html.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/gi)) {
    const inputs = [...body.matchAll(/<input\b[^>]*>/gi)].map(([tag]) => attributesOf(tag))
    const passwordFields = inputs.flatMap(({ type, name }) => (type === 'password' && name ? [name] : []))
    if (passwordFields.length === 0) continue
    const hidden = inputs.flatMap(({ type, name, value }) => (type === 'hidden' && name ? [[name, value ?? '']] : []))
    return {
      action: new URL(attributesOf(head)['action'] ?? '', url).href,
      hidden: Object.fromEntries(hidden) as Record<string, string>,
      passwordFields,
    }
  }
  return undefined
}
