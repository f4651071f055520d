import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { Command, InvalidArgumentError } from 'commander'
import { findContract } from '../contracts/index.ts'
import { ConfigError } from '../core/errors.ts'
import type { ContractId, Info, ReferenceSpOptions } from '../reference-sp/index.ts'
import type { ReferenceSpHere } from '../reference-sp/options.ts'
import type { CliIo } from './io.ts'

interface Options {
  contract: string
  host: string
  port: number
  database?: string
  metadata?: string
  defect: string[]
  smtp?: { host: string; port: number }
  redirectUri: string[]
  accessTokenSeconds?: number
  json?: true
}

/** Said here too, so that the reference SPs are not loaded for `--help`; a test compares. */
export const spContracts = ['cloudinary', 'imagekit', 'cloudsmith', 'saml'] as const

/** `idpact sp`: the reference SP, until Ctrl-C. */
export const spCommand = (io: CliIo): Command =>
  new Command('sp')
    .summary('start the reference service provider')
    .description(
      'Starts the reference service provider: it keeps every requirement of a contract, except those that it is told to break.',
    )
    .option('--contract <id>', `whose promises it keeps: ${spContracts.join(', ')}`, 'cloudinary')
    .option('--host <address>', 'where to listen', '127.0.0.1')
    .option('--port <number>', 'where to listen; 0 takes a free one', readPort, 7200)
    .option('--database <file>', 'keep accounts and settings in this file (in memory unless given)')
    .option(
      '--metadata <url-or-file>',
      'trust the identity provider of this metadata (default: the mock IdP of this folder, which then lets everyone in)',
    )
    .option('--defect <id...>', 'break this requirement (idpact defects lists them)', [])
    .option('--smtp <host:port>', 'send invitations by this mail server', readHostAndPort)
    .option(
      '--redirect-uri <uri...>',
      'let the OAuth 2 server send codes here: the callback of an identity provider',
      [],
    )
    .option('--access-token-seconds <number>', 'how long access tokens live (default: 3600)', readSeconds)
    .option('--json', 'print where everything is as JSON')
    .action(async (options: Options) => {
      const { folderIdpUrl, folderMetadata, introduce } = await import('./introduce.ts')
      const { startReferenceSp } = await import('../reference-sp/index.ts')
      const { database, metadata, smtp, accessTokenSeconds } = options
      const sp = await startReferenceSp({
        contract: options.contract as ContractId,
        host: options.host,
        port: options.port,
        defects: options.defect,
        ...(database === undefined ? {} : { database: resolve(io.cwd, database) }),
        metadata:
          metadata === undefined
            ? { mode: 'inline', xml: await folderMetadata(io.cwd) }
            : await readMetadataOption(metadata, io.cwd),
        ...(smtp === undefined ? {} : { smtp }),
        redirectUris: options.redirectUri,
        ...(accessTokenSeconds === undefined ? {} : { accessTokenSeconds }),
        onProblem: (message) => io.stderr.write(`${message}\n`),
      })
      if (options.json === true) io.stdout.write(`${JSON.stringify(sp.info, undefined, 2)}\n`)
      io.stderr.write(describe(sp, options))
      if (metadata === undefined) meet(sp.info, await folderIdpUrl(io.cwd), introduce, io)
      await interrupted()
      await sp.stop()
    })

const readPort = (text: string): number => {
  const port = Number(text)
  if (!/^\d+$/.test(text) || port > 65_535) throw new InvalidArgumentError('A port is a number from 0 to 65535.')
  return port
}

const readSeconds = (text: string): number => {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('A lifetime is a whole number of seconds.')
  return Number(text)
}

const readHostAndPort = (text: string): { host: string; port: number } => {
  const [, host, port] = /^(.+):(\d+)$/.exec(text) ?? []
  if (host === undefined || port === undefined) throw new InvalidArgumentError('Write host:port, as in 127.0.0.1:2525.')
  return { host, port: readPort(port) }
}

/** A URL is fetched by the SP itself; a file is read here and checked before anything starts. */
const readMetadataOption = async (value: string, cwd: string): Promise<NonNullable<ReferenceSpOptions['metadata']>> => {
  if (/^https?:\/\//.test(value)) return { mode: 'url', url: value }
  const file = resolve(cwd, value)
  const xml = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new ConfigError(`The metadata file ${file} cannot be read.`, {
      code: 'metadata-unreadable',
      hint: 'Give an http(s) URL, or a file that "idpact metadata" wrote.',
      cause,
    })
  })
  const { readMetadata } = await import('../reference-sp/saml/metadata.ts')
  readMetadata(xml)
  return { mode: 'inline', xml }
}

const describe = (sp: ReferenceSpHere<ContractId>, options: Options): string => {
  const { info } = sp
  const lines: [string, string][] = [
    ...sp.overview(),
    ['Settings API', `${info.admin.baseUrl}/settings  token ${info.admin.token}`],
    ['Mail', options.smtp ? `${options.smtp.host}:${options.smtp.port}` : 'none (--smtp host:port sends invitations)'],
    ...(info.defects.length === 0 ? [] : [['Broken on purpose', info.defects.join(', ')] as [string, string]]),
  ]
  const width = Math.max(...lines.map(([name]) => name.length))
  const table = lines.map(([name, value]) => `  ${name.padEnd(width)}  ${value}\n`).join('')
  return `The reference SP (${findContract(info.contract).title.split(':')[0]}) is running.\n${table}Ctrl-C stops it.\n`
}

/** Tells the mock IdP of this folder about the SP: now, or when it is started later. */
const meet = (
  info: Info,
  idpUrl: string,
  introduce: (info: Info, idpUrl: string) => Promise<string | undefined>,
  io: CliIo,
): void => {
  let told = false
  const attempt = async (): Promise<void> => {
    const appLink = await introduce(info, idpUrl)
    if (appLink !== undefined) io.stderr.write(`\nLog in by SAML: ${appLink}\n`)
    else if (!told)
      io.stderr.write(`\nNo mock IdP answers at ${idpUrl} yet: start it with "idpact idp" in this folder.\n`)
    told = true
    if (appLink === undefined) setTimeout(() => void attempt(), 2000).unref()
  }
  void attempt()
}

const interrupted = (): Promise<void> =>
  new Promise((done) => {
    process.once('SIGINT', () => done())
    process.once('SIGTERM', () => done())
    process.once('SIGHUP', () => done())
  })
