import { resolve } from 'node:path'
import { Command, InvalidArgumentError } from 'commander'
import type { Connection } from '../../mock-idp/admin/provisioning-shapes.ts'
import { UsageError } from '../core/errors.ts'
import { writePrivateJson } from '../core/private-file.ts'
import { type CliIo, exitCodes, setExitCode } from './io.ts'
import type { RegistrationOptions } from './okta/registration.ts'

interface Options extends RegistrationOptions {
  url?: string
  org: string
  open: boolean
  again?: true
  consent?: string
  accessTokenEnv?: string
  refreshTokenEnv?: string
  expiresIn?: number
  writeTokens?: string
  timeout: number
  json?: true
}

/** `idpact connect`: the mock IdP may act at the service provider. */
export const connectCommand = (io: CliIo): Command =>
  new Command('connect')
    .description(
      'Gives the mock IdP consent at the service provider\'s OAuth 2 server: by a browser, by a module of yours that acts in its place, or by tokens from the environment. The connection is set before by "idpact okta connection set-oauth2".',
    )
    .option('--consent <module>', 'a module whose default function is given the URL and consents: headless')
    .option('--no-open', 'only print the URL; open no browser')
    .option('--again', 'also when it is connected: for another service account, or after the token was revoked')
    .option('--access-token-env <variable>', 'instead of a consent: an access token from this environment variable')
    .option('--refresh-token-env <variable>', 'and its refresh token')
    .option('--expires-in <seconds>', 'and how long the access token lives', seconds)
    .option(
      '--write-tokens <file>',
      'then write the tokens there, as JSON that only you can read; run it again to have those of later',
    )
    .option('--timeout <seconds>', 'how long to wait for the consent', seconds, 300)
    .option('--app <label-or-id>', 'whose connection (default: the one that all applications share)')
    .option('--registration <id>', 'whose connection, by the registration')
    .option('--url <url>', 'the running mock IdP (default: that of this folder)')
    .option('--org <id>', 'which org', 'default')
    .option('--json', 'print the connection as JSON')
    .action(async (options: Options, command: Command) => {
      const { connectTo } = await import('./okta/at.ts')
      const { registrationOf } = await import('./okta/registration.ts')
      const org = (await connectTo(io, options.url)).org(options.org)
      const registration = await registrationOf(org, options)
      const { byConsent, byTokens } = await import('./okta/consent.ts')
      const { access, refresh } = tokensOf(io, options)
      const connection =
        access === undefined
          ? await byConsent({ ...options, io, org, registration, timeoutMs: options.timeout * 1000 })
          : await byTokens(org, registration, { access, refresh, expiresInSeconds: options.expiresIn })
      if (options.json) io.stdout.write(`${JSON.stringify(connection, null, 2)}\n`)
      else io.stdout.write(`${describe(connection)}\n`)
      if (connection.state !== 'connected') setExitCode(command, exitCodes.inconclusive)
      else if (options.writeTokens !== undefined)
        writePrivateJson(resolve(io.cwd, options.writeTokens), await org.connection.tokens(registration))
      else if (access !== undefined && refresh !== undefined)
        io.stderr.write(
          'When the service provider rotates these tokens, the new ones are only in the mock IdP: those of the environment end then. --write-tokens writes them to a file.\n',
        )
    })

const describe = ({ baseUrl, state, problem }: Connection): string =>
  `${baseUrl} is ${state}${problem === undefined ? '' : `: ${problem}`}`

const seconds = (text: string): number => {
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('Expected a whole number of seconds from 1 on.')
}

/** @throws UsageError for a variable that is not set, and for options of tokens without an access token */
const tokensOf = (io: CliIo, options: Options): { access: string | undefined; refresh: string | undefined } => {
  const { accessTokenEnv, refreshTokenEnv, expiresIn, consent } = options
  const refused = (found: string, hint: string) =>
    new UsageError(`${found} cannot be`, { code: 'conflicting-options', hint })
  if (accessTokenEnv === undefined && (refreshTokenEnv ?? expiresIn) !== undefined)
    throw refused('A refresh token or a lifetime without an access token', 'Give --access-token-env too.')
  if (accessTokenEnv !== undefined && consent !== undefined)
    throw refused('Tokens and a consent at the same time', 'Give --consent or --access-token-env.')
  return { access: fromEnv(io, accessTokenEnv), refresh: fromEnv(io, refreshTokenEnv) }
}

const fromEnv = (io: CliIo, variable: string | undefined): string | undefined => {
  if (variable === undefined) return undefined
  const value = io.env[variable]
  if (value !== undefined && value !== '') return value
  throw new UsageError(`The environment variable ${variable} is not set`, {
    code: 'empty-secret',
    hint: 'Set it, and see that the shell exports it.',
  })
}
