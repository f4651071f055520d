import { readFileSync } from 'node:fs'
import { enableCompileCache } from 'node:module'
import { join, resolve } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { Command, InvalidArgumentError } from 'commander'
import type { MockIdp } from '../../mock-idp/index.ts'
import { ConfigError, UsageError } from '../core/errors.ts'
import type { CliIo } from './io.ts'

interface Options {
  port: number
  host: string
  memory?: true
  entityId?: string
  publicUrl?: string
  tls?: true
  tlsCert?: string
  tlsKey?: string
  directory?: string
  autoRegister?: true
  seed: number
  json?: true
}

/** `idpact idp`: the mock IdP and its console, until Ctrl-C. */
export const idpCommand = (io: CliIo): Command =>
  new Command('idp')
    .description(
      'Starts the mock IdP and its console. Identity, keys and directory are kept in .idpact/ of this folder, so that a service provider is set up once.',
    )
    .option('--port <number>', 'where to listen; 0 takes a free one', wholeNumber(65_535), 7100)
    .option('--host <address>', 'where to listen; 0.0.0.0 lets others in, who can then sign in as anyone', '127.0.0.1')
    .option('--memory', 'keep nothing on disk: a new identity and an empty directory at each start')
    .option('--entity-id <uri>', 'entityID of the identity provider (kept)')
    .option('--public-url <url>', 'the address as others reach it, behind a proxy or tunnel')
    .option('--tls', 'serve HTTPS, with a self-signed certificate unless --tls-cert and --tls-key are given')
    .option('--tls-cert <file>', 'certificate for HTTPS, PEM')
    .option('--tls-key <file>', 'its private key, PEM')
    .option('--directory <file>', 'users, groups and applications from this YAML file, read again when it changes')
    .option('--auto-register', 'register any service provider that sends a request, without asking')
    .option(
      '--seed <number>',
      'the people that an empty directory is filled with: same seed, same people',
      wholeNumber(2 ** 31),
      1,
    )
    .option('--json', 'print where everything is as one line of JSON')
    .action(async (options: Options) => {
      beSmall()
      const folder = options.memory ? undefined : join(io.cwd, '.idpact')
      const { createMockIdp, rememberAddress } = await import('../../mock-idp/index.ts')
      const tls = await tlsOf(options, folder, io.cwd)
      const idp = createMockIdp({
        ...options,
        tls,
        dataDir: folder,
        // The file is the directory, and the folder's own is left alone.
        memory: options.memory ?? options.directory !== undefined,
        directoryFile: options.directory === undefined ? undefined : resolve(io.cwd, options.directory),
        seed: options.directory === undefined ? options.seed : undefined,
        registration: options.autoRegister ? 'auto' : 'ask',
        logger: { error: (details, message) => io.stderr.write(`${message}: ${explain(details)}\n`) },
      })
      await idp.start()
      if (folder !== undefined && options.port !== 0)
        rememberAddress(folder, { port: options.port, publicUrl: options.publicUrl, tls: tls && true })
      if (options.json) io.stdout.write(`${JSON.stringify({ consoleUrl: `${idp.url}/`, ...idp.info })}\n`)
      io.stderr.write(describe(idp, options))
      await interrupted()
      await idp.stop()
    })

/**
 * This process sits beside the developer's own for days. Without this, V8 would let its heap grow to several times what is
 * in use; and what it compiles now need not be compiled at the next start.
 */
const beSmall = (): void => {
  setFlagsFromString('--optimize-for-size')
  enableCompileCache()
}

const wholeNumber =
  (max: number) =>
  (text: string): number => {
    const value = Number(text)
    if (/^\d+$/.test(text) && value <= max) return value
    throw new InvalidArgumentError(`Expected a whole number from 0 to ${max}.`)
  }

const tlsOf = async (
  { tls, tlsCert, tlsKey, host, publicUrl }: Options,
  folder: string | undefined,
  cwd: string,
): Promise<{ key: string; cert: string } | undefined> => {
  if (tlsCert !== undefined && tlsKey !== undefined) return { cert: readPem(cwd, tlsCert), key: readPem(cwd, tlsKey) }
  if (tlsCert !== undefined || tlsKey !== undefined)
    throw new UsageError(`--tls-${tlsCert === undefined ? 'key' : 'cert'} was given without the other`, {
      code: 'incomplete-tls',
      hint: 'Give both --tls-cert and --tls-key, or --tls alone for a self-signed certificate.',
    })
  if (!tls) return undefined
  const { loadOrCreateTls } = await import('../../mock-idp/index.ts')
  const names = ['localhost', '127.0.0.1', host, URL.parse(publicUrl ?? '')?.hostname].filter(
    (name) => name !== undefined,
  )
  return loadOrCreateTls(folder, { hosts: [...new Set(names)], now: Date.now() })
}

const readPem = (cwd: string, file: string): string => {
  try {
    return readFileSync(resolve(cwd, file), 'utf8')
  } catch (cause) {
    throw new ConfigError(`${file} cannot be read: ${(cause as Error).message}`, {
      code: 'unreadable-file',
      hint: 'Check the path given with --tls-cert and --tls-key.',
      cause,
    })
  }
}

const explain = (details: object): string => {
  const { err, message } = details as { err?: unknown; message?: string }
  return err instanceof Error ? (err.stack ?? err.message) : (message ?? JSON.stringify(details))
}

const describe = ({ info }: MockIdp, { memory, directory, host }: Options): string => {
  const kept = directory ? `directory: ${directory}` : memory ? 'nothing is kept' : 'kept in .idpact/'
  const open = host !== '127.0.0.1' && host !== 'localhost' && host !== '::1'
  return `The mock IdP is ready (${kept}).

  Console     ${info.url}/
  Metadata    ${info.metadataUrl}
  SSO URL     ${info.ssoUrl}
  Entity ID   ${info.entityId}

Give the metadata URL to your service provider and log in there; the console shows every message. Ctrl-C stops.
${open ? `Anyone who can reach ${host} can sign in as anyone.\n` : ''}`
}

const interrupted = (): Promise<void> =>
  new Promise((done) => {
    process.once('SIGINT', () => done())
    process.once('SIGTERM', () => done())
    process.once('SIGHUP', () => done())
  })
