/** Before a run: is the SP there, and what can be observed of it? Nothing is changed at it. */

import { IdpactError } from '../core/errors.ts'
import { randomBase62 } from '../core/ids.ts'
import { type AnswerKind, classifyAnswer } from './classify-answer.ts'
import { type Target, type Verb, verbs } from './ports.ts'
import type { Page } from './user-agent.ts'

export const portNames = ['acs', 'start', 'session', 'passwordLogin', 'accounts', 'admin', 'outbox', 'scim'] as const
export type PortName = (typeof portNames)[number]

export interface PortReport {
  port: PortName
  /** `warning`: it answers, but look at it. `failed`: nothing can be observed there now. `absent`: idpact.yaml has none. */
  state: 'ok' | 'warning' | 'failed' | 'absent'
  /** Stable, for scripts: a code of a TargetError, or one of ours. */
  code: string
  message: string
  hint?: string | undefined
}

export interface VerbReport {
  verb: Verb
  title: string
  available: boolean
  /** What to write to get it; only where it is not available. */
  how?: string | undefined
}

export interface PreflightReport {
  /** No port failed. */
  ok: boolean
  ports: readonly PortReport[]
  verbs: readonly VerbReport[]
  /** The SP's clock minus ours, in ms, as its answers show it. */
  clockOffsetMs?: number | undefined
}

type Finding = Omit<PortReport, 'port'>

const fine = (message: string): Finding => ({ state: 'ok', code: 'reached', message })

const troubled: Partial<Record<AnswerKind, { state: 'failed' | 'warning'; what: string; hint: string }>> = {
  'server-error': {
    state: 'failed',
    what: 'answers with an error',
    hint: 'Look into the log of the service provider.',
  },
  'rate-limited': {
    state: 'failed',
    what: 'refuses further requests',
    hint: 'Set target.http.maxPerSecond in idpact.yaml, or raise the limit of the service provider.',
  },
  challenge: {
    state: 'failed',
    what: 'shows a challenge for people',
    hint: 'Let the requests of idpact pass the protection, for example by a header in target.http.headers.',
  },
}

/** What an answer itself says, before anything is read in it. */
const judged = (page: Page, where: string): Finding | undefined => {
  const kind = classifyAnswer(page)
  const trouble = troubled[kind]
  if (trouble === undefined) return undefined
  const message = `${where} ${trouble.what} (status ${page.status})`
  return { state: trouble.state, code: kind, message, hint: trouble.hint }
}

const isPage = ({ headers, body }: Page): boolean =>
  body === '' || /html|json|text|xml/i.test(headers['content-type'] ?? 'text')

const notHtml = (page: Page, where: string): Finding | undefined =>
  isPage(page)
    ? undefined
    : {
        state: 'warning',
        code: 'not-html',
        message: `${where} answers with ${page.headers['content-type']}, which is no page`,
        hint: 'Look whether the URL is the right one.',
      }

interface Visit {
  target: Target
  /** Of nobody: what is asked of it must be answered with nothing. */
  email: string
  note(page: Page): void
}

/** A post without a Response: an ACS refuses it in some way of its own, and so shows that it is there. */
const tryAcs = async ({ target, note }: Visit): Promise<Finding | undefined> => {
  if (target.acs.urls.length === 0) return undefined
  const pages = await Promise.all(target.acs.urls.map((url) => target.newAgent().postForm(url, {})))
  pages.forEach(note)
  for (const [index, page] of pages.entries()) {
    const where = target.acs.urls[index] ?? ''
    if (page.status === 404 || page.status === 410)
      return {
        state: 'failed',
        code: 'not-found',
        message: `${where} answers ${page.status} to a post: there is no ACS`,
        hint: 'Correct target.saml.acs in idpact.yaml.',
      }
    // An ACS that breaks on an empty post still is one: that is for the scenarios.
    const finding = judged(page, where)
    if (finding?.code === 'server-error')
      return { ...finding, state: 'warning', message: `${finding.message} to an empty post` }
    if (finding !== undefined) return finding
    const strange = notHtml(page, where)
    if (strange !== undefined) return strange
  }
  return fine(`${target.acs.urls.join(', ')} ${pages.length > 1 ? 'answer' : 'answers'}`)
}

const tryStart = async ({ target, email, note }: Visit): Promise<Finding | undefined> => {
  if (target.start === undefined) return undefined
  const agent = target.newAgent()
  const page = await agent.get(target.start.url({ email }))
  note(page)
  const asked =
    agent.exchanges.some(({ url, responseHeaders }) =>
      /[?&]SAMLRequest=/.test(`${url} ${responseHeaders['location'] ?? ''}`),
    ) || 'SAMLRequest' in (agent.autoForm(page)?.fields ?? {})
  if (asked) return fine('a login begins there: an AuthnRequest was sent')
  return (
    judged(page, page.url) ??
    notHtml(page, page.url) ?? {
      state: 'warning',
      code: 'no-authn-request',
      message: `no AuthnRequest was sent for ${email} (status ${page.status})`,
      hint: 'That is right where the service provider sends only people whom it knows; else correct target.saml.start.',
    }
  )
}

const trySession = async ({ target }: Visit): Promise<Finding | undefined> => {
  if (target.session === undefined) return undefined
  const who = await target.session.whoAmI(target.newAgent())
  if (who === undefined) return fine('nobody is logged in in a fresh browser')
  return {
    state: 'failed',
    code: 'always-logged-in',
    message: `a fresh browser is logged in as ${who.identity}: this cannot tell who logged in`,
    hint: 'Correct target.session: its URL must need a login, and its pointers must be of the person.',
  }
}

const tryPasswordLogin = async ({ target, email }: Visit): Promise<Finding | undefined> => {
  if (target.passwordLogin === undefined) return undefined
  const agent = target.newAgent()
  const answer = await target.passwordLogin.login(agent, { email, password: randomBase62(20) })
  const who = answer === 'submitted' && target.session !== undefined ? await target.session.whoAmI(agent) : undefined
  if (answer === 'submitted' && who === undefined) return fine('an unknown person is not let in')
  return {
    state: 'failed',
    code: 'anyone-logs-in',
    message: `${email}, whom nobody knows, was ${answer === 'second-factor' ? 'asked for a second factor' : 'let in'}`,
    hint: 'Correct target.passwordLogin: its URL, and the selector secondFactor.',
  }
}

const tryAccounts = async ({ target, email }: Visit): Promise<Finding | undefined> => {
  const { accounts } = target
  if (accounts === undefined) return undefined
  const can = (verb: Verb): boolean => target.has(verb)
  if (can('accounts.find') && (await accounts.find({ email })) !== undefined)
    return {
      state: 'failed',
      code: 'finds-anyone',
      message: `an account was found for ${email}, whom nobody knows`,
      hint: 'Correct target.accounts.find: its answer must be of the address that was asked for.',
    }
  const [name] = email.split('@')
  if (can('accounts.list')) await accounts.list(name ?? email)
  if (can('accounts.groups')) await accounts.listGroups(name ?? email)
  const environments = can('accounts.environments') ? await accounts.environments() : []
  const seen = environments.map((one) => one.name).join(', ')
  return fine(`accounts can be read${seen === '' ? '' : `; environments: ${seen}`}`)
}

const tryAdmin = async ({ target }: Visit): Promise<Finding | undefined> => {
  if (target.admin === undefined) return undefined
  await target.admin.read()
  return fine(`settings can be read; these can be changed: ${target.admin.settings.join(', ') || 'none'}`)
}

const tryOutbox = async ({ target, email }: Visit): Promise<Finding | undefined> => {
  if (target.outbox === undefined) return undefined
  const mail = await target.outbox.read(email)
  if (mail.length === 0) return fine('mail can be read')
  return {
    state: 'failed',
    code: 'finds-any-mail',
    message: `there is mail to ${email}, whom nobody knows`,
    hint: 'Correct target.outbox: its answer must be of the address that was asked for.',
  }
}

/** Without a credential: a SCIM server refuses that in some way of its own, and so shows that it is there. */
const tryScim = async ({ target, note }: Visit): Promise<Finding | undefined> => {
  if (target.scim === undefined) return undefined
  const { baseUrl } = target.scim
  const url = `${baseUrl.replace(/\/$/, '')}/Users?startIndex=1&count=1`
  const page = await target.newAgent().get(url, { follow: false, accept: 'application/scim+json' })
  note(page)
  if (page.status === 404)
    return {
      state: 'failed',
      code: 'not-found',
      message: `${url} answers 404: there is no SCIM server`,
      hint: 'Correct target.scim.baseUrl in idpact.yaml: /Users and /Groups follow it.',
    }
  if (page.status < 400)
    return {
      state: 'warning',
      code: 'open',
      message: `${url} answers ${page.status} to a call without a credential, where 401 is due`,
      hint: 'Look whether that is the SCIM server: anybody could read its users. Else correct target.scim.baseUrl.',
    }
  const refused = page.status === 401 || page.status === 403
  const finding = refused ? undefined : judged(page, url)
  return finding ?? fine(`${baseUrl} answers (${page.status} without a credential)`)
}

const tries: Record<PortName, (visit: Visit) => Promise<Finding | undefined>> = {
  acs: tryAcs,
  start: tryStart,
  session: trySession,
  passwordLogin: tryPasswordLogin,
  accounts: tryAccounts,
  admin: tryAdmin,
  outbox: tryOutbox,
  scim: tryScim,
}

const verbsOf = (port: PortName): Verb[] => (Object.keys(verbs) as Verb[]).filter((verb) => verb.startsWith(`${port}.`))

const absent = (target: Target, port: PortName): Finding => {
  const [verb = 'acs.post'] = verbsOf(port)
  return { state: 'absent', code: 'absent', message: 'not given', hint: target.howToProvide(verb) }
}

const failure = (error: unknown): Finding => {
  if (error instanceof IdpactError)
    return { state: 'failed', code: error.code, message: error.message, hint: error.hint }
  const said = error instanceof Error ? error.message : String(error)
  return { state: 'failed', code: 'internal', message: `idpact itself failed: ${said}`, hint: 'Please report this.' }
}

/**
 * Tries every port of a target, all at once. Whatever the SP does is a finding, never an exception.
 *
 * @param options.emailDomain where the address ends that nobody has
 * @example const { ok, ports } = await preflight(target, { emailDomain: config.target.users.emailDomain })
 */
export const preflight = async (target: Target, { emailDomain }: { emailDomain: string }): Promise<PreflightReport> => {
  const email = `idpact-preflight-${randomBase62(8).toLowerCase()}@${emailDomain}`
  const offsets: number[] = []
  const note = ({ clockOffsetMs }: Page): void => {
    if (clockOffsetMs !== undefined) offsets.push(clockOffsetMs)
  }
  const ports = await Promise.all(
    portNames.map(async (port): Promise<PortReport> => {
      try {
        return { port, ...((await tries[port]({ target, email, note })) ?? absent(target, port)) }
      } catch (error) {
        return { port, ...failure(error) }
      }
    }),
  )
  return {
    ok: ports.every(({ state }) => state !== 'failed'),
    ports,
    verbs: (Object.keys(verbs) as Verb[]).map((verb) => {
      const available = target.has(verb)
      return { verb, title: verbs[verb], available, ...(available ? {} : { how: target.howToProvide(verb) }) }
    }),
    clockOffsetMs: offsets[0],
  }
}
