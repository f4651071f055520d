/** Getting a connection connected: what `idpact connect` does. */
import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import type { Connection } from '../../../mock-idp/admin/provisioning-shapes.ts'
import type { OrgClient } from '../../../mock-idp/client.ts'
import { ConfigError, TargetError } from '../../core/errors.ts'
import type { CliIo } from '../io.ts'

export interface ConsentOptions {
  io: CliIo
  org: OrgClient
  registration: string | undefined
  /** A module that acts in place of a browser. */
  consent?: string | undefined
  /** Whether a browser may be opened. */
  open: boolean
  /** Also when it is connected already. */
  again?: true | undefined
  timeoutMs: number
  /** Between two looks, in ms. */
  pollMs?: number
}

/**
 * Sends a browser, or the user's module, to the service provider and waits until the connection is connected.
 *
 * @returns the connection: connected, or not authorized with what the service provider said when consent was declined
 * @throws TargetError `no-consent` when the time is over, `consent-failed` when the module throws
 */
export const byConsent = async (options: ConsentOptions): Promise<Connection> => {
  const { io, org, registration, consent } = options
  const before = await org.connection.get(registration)
  if (before.state === 'connected' && !options.again) return before
  const url = await org.connection.authorizationUrl(registration)
  const since = await endOfJournal(org)
  if (consent === undefined) {
    io.stderr.write(`Consent here, as the service account of the service provider:\n\n  ${url}\n\n`)
    if (options.open && io.stderr.isTTY) openBrowser(url)
  } else {
    const act = await loadConsent(io.cwd, consent)
    try {
      await act(url)
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause)
      throw new TargetError(`The consent of ${consent} failed: ${why}`, {
        code: 'consent-failed',
        hint: 'Try the URL by hand: "idpact connect" without --consent.',
        cause,
      })
    }
  }
  return waitFor(options, before, since)
}

const waitFor = async (options: ConsentOptions, before: Connection, since: number): Promise<Connection> => {
  const { org, registration, timeoutMs, pollMs = 500 } = options
  const over = AbortSignal.timeout(timeoutMs)
  for (;;) {
    const now = await org.connection.get(registration)
    // One that was connected before looks the same after: the journal tells that something came of the new consent.
    const news = before.state !== 'connected' || (await connectionEventsAfter(org, since))
    if (now.state === 'connected' && news) return now
    const declined = now.problem !== undefined && (now.problem !== before.problem || now.state !== before.state)
    if (declined) return now
    try {
      await pause(pollMs, undefined, { signal: over })
    } catch {
      throw new TargetError(`Nobody consented within ${timeoutMs / 1000} seconds: the connection is ${now.state}`, {
        code: 'no-consent',
        hint: 'Run it again, with a longer --timeout if need be.',
      })
    }
  }
}

const endOfJournal = async (org: OrgClient): Promise<number> => {
  for (let since = 0; ; ) {
    const { entries, next } = await org.journal.read({ since })
    if (entries.length === 0) return next
    since = next
  }
}

const connectionEventsAfter = async (org: OrgClient, since: number): Promise<boolean> => {
  const { entries } = await org.journal.read({ since })
  return entries.some(({ kind }) => kind === 'scim-connection')
}

/** @throws ConfigError `bad-consent-module` */
const loadConsent = async (cwd: string, file: string): Promise<(url: string) => unknown> => {
  const refuse = (problem: string, cause?: unknown) =>
    new ConfigError(`The consent module ${file} ${problem}`, {
      code: 'bad-consent-module',
      hint: 'Write a module with "export default async (url) => { … }" that opens the URL, signs in and accepts.',
      cause,
    })
  const loaded: { default?: unknown } = await import(pathToFileURL(resolve(cwd, file)).href).catch((cause: unknown) => {
    throw refuse(`cannot be loaded: ${cause instanceof Error ? cause.message : String(cause)}`, cause)
  })
  const act = loaded.default
  if (typeof act === 'function') return (url) => act(url)
  throw refuse(`was expected to export a function as default, found ${typeof act}`)
}

/** Nothing depends on it: the URL is printed too. */
const openBrowser = (url: string): void => {
  const [command, ...args] =
    process.platform === 'darwin'
      ? ['open']
      : process.platform === 'win32'
        ? ['rundll32', 'url.dll,FileProtocolHandler']
        : ['xdg-open']
  const child = spawn(command ?? '', [...args, url], { stdio: 'ignore', detached: true })
  child.on('error', () => {})
  child.unref()
}

/** Tokens that were got elsewhere. */
export const byTokens = (
  org: OrgClient,
  registration: string | undefined,
  tokens: { access: string; refresh: string | undefined; expiresInSeconds: number | undefined },
): Promise<Connection> =>
  org.connection.setTokens(
    {
      accessToken: tokens.access,
      ...(tokens.refresh !== undefined && { refreshToken: tokens.refresh }),
      ...(tokens.expiresInSeconds !== undefined && { expiresInSeconds: tokens.expiresInSeconds }),
    },
    registration,
  )
