import { existsSync } from 'node:fs'
import { rename, rm, writeFile } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { Command } from 'commander'
import type { Contract } from '../contracts/contract.ts'
import { ConfigError, UsageError } from '../core/errors.ts'
import { type Asker, askOnTerminal } from './init/ask.ts'
import type { Found } from './init/discover.ts'
import type { Answers } from './init/file.ts'
import { type CliIo, setExitCode } from './io.ts'

interface Options {
  contract?: string
  name?: string
  metadata?: string
  acs?: string[]
  entityId?: string
  session?: string
  identity?: string
  start?: string
  parameter: string[]
  out: string
  force?: true
  check: boolean
}

/** `idpact init`: asks what an idpact.yaml needs, writes it, and tries it. */
export const initCommand = (io: CliIo): Command =>
  new Command('init')
    .description(
      'Writes an idpact.yaml with comments, and runs check. Asks on a terminal; elsewhere, and for what an option says, it does not.',
    )
    .option('--contract <name>', 'what the service provider promises: saml, cloudinary, imagekit, cloudsmith')
    .option('--name <text>', 'what it is called in reports')
    .option('--metadata <url-or-file>', 'its SAML metadata; of a URL, also the usual places of its host are tried')
    .option('--acs <url...>', 'where it takes Responses')
    .option('--entity-id <id>', 'its entity ID')
    .option('--session <url>', 'says who is logged in: JSON or a page')
    .option('--identity <where>', 'where in it: a JSON pointer (/email) or a CSS selector (#user)')
    .option('--start <url>', 'where a login begins there; {email} stands for the person')
    .option('--parameter <name=value...>', 'what the contract asks for', [])
    .option('--out <file>', 'the file that is written', 'idpact.yaml')
    .option('--force', 'replace a file that is there')
    .option('--no-check', 'do not try the target afterwards')
    .action(async (options: Options, command: Command) => {
      const file = resolve(io.cwd, options.out)
      if (existsSync(file) && options.force !== true)
        throw new UsageError(`There is ${file} already.`, {
          code: 'file-exists',
          hint: 'Edit it, give another name with --out, or replace it with --force.',
        })
      const answers = await answersOf(options, io)
      const { fileOf } = await import('./init/file.ts')
      await writeTried(file, fileOf(answers), io)
      io.stderr.write(
        `${options.out} is written.\n\nThe service provider must trust idpact: register what \`idpact metadata\` prints, or its certificate (\`idpact metadata --cert\`).\nPut .idpact/ and reports/ into .gitignore.\nThen: idpact certify\n\n`,
      )
      if (!options.check) return
      const { check } = await import('./check.ts')
      setExitCode(command, await check({ config: file }, io))
    })

/** Written beside its place first, and read as certify would: a file that cannot be used is not left behind. */
const writeTried = async (file: string, text: string, { env }: CliIo): Promise<void> => {
  const { loadConfig } = await import('../config/load.ts')
  const { contracts } = await import('../contracts/index.ts')
  const fresh = `${file}.new`
  try {
    await writeFile(fresh, text)
    await loadConfig(fresh, { env, contracts })
    await rename(fresh, file)
  } catch (error) {
    await rm(fresh, { force: true }).catch(() => {})
    if (error instanceof ConfigError)
      throw new ConfigError(error.message.replaceAll(`${basename(file)}.new`, basename(file)), {
        code: error.code,
        hint: error.hint ?? 'Give another answer; nothing was written.',
        cause: error,
      })
    throw new UsageError(`${file} cannot be written: ${(error as Error).message}`, {
      code: 'cannot-write',
      hint: 'Give another file with --out, in a folder that is there.',
      cause: error,
    })
  }
}

const answersOf = async (options: Options, io: CliIo): Promise<Answers> => {
  const asker = io.stdin.isTTY === true ? askOnTerminal(io) : undefined
  try {
    const contract = await contractOf(options, asker)
    const found = await metadataOf(options, io, asker)
    if (found !== undefined)
      io.stderr.write(
        `  found: entity ID ${found.metadata.entityId}, ${found.metadata.acs.length} ACS, at ${found.at}\n`,
      )
    for (const [option, value] of [...(options.acs ?? []).map((one) => ['--acs', one]), ['--session', options.session]])
      if (value !== undefined && isUrl(value) !== undefined)
        throw new UsageError(`${option} ${value}: ${isUrl(value)}`, {
          code: 'bad-url',
          hint: 'For example https://sp.test/saml/acs.',
        })
    const acs = options.acs ?? found?.metadata.acs.filter(isPost).map(({ url }) => url)
    const known = {
      acs: acs === undefined || acs.length === 0 ? undefined : acs,
      entityId: options.entityId ?? found?.metadata.entityId,
    }
    const get = async (option: string, value: string | undefined, text: string, usual?: string): Promise<string> =>
      value ?? (await ask(asker, option, text, usual))
    const acsUrls = known.acs ?? [await get('--acs', undefined, 'Where does it take Responses (ACS URL)?')]
    return {
      contract,
      acs: acsUrls,
      entityId: await get('--entity-id', known.entityId, 'What is its entity ID (the audience)?'),
      name: await get('--name', options.name, 'What is it called in reports?', new URL(acsUrls[0] ?? '').host),
      metadata: found === undefined ? undefined : relativeTo(found.at, io.cwd),
      session: await get('--session', options.session, 'Which URL says who is logged in (JSON or a page)?'),
      identity: await get('--identity', options.identity, 'Where in it? A JSON pointer or a CSS selector', '/email'),
      start: await get(
        '--start',
        options.start,
        'Where does a login begin there? {email} stands for the person; Enter: nowhere',
        '',
      ),
      singleLogout: found?.metadata.singleLogout && {
        ...found.metadata.singleLogout,
        certificate: found.metadata.certificates[0],
      },
      encryptionKey: found?.metadata.encryptionCertificates[0],
      parameters: await parametersOf(contract, options, asker),
    }
  } finally {
    asker?.close()
  }
}

const isPost = ({ binding }: { binding: string }): boolean => binding.endsWith(':HTTP-POST')

const relativeTo = (at: string, cwd: string): string =>
  at.startsWith(`${cwd}/`) ? `./${at.slice(cwd.length + 1)}` : at

const isUrl = (text: string): string | undefined =>
  URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) ? undefined : 'That is no http(s) URL.'

/** What no option has said; where nobody can be asked, the option is named. */
const ask = async (asker: Asker | undefined, option: string, text: string, usual?: string): Promise<string> => {
  if (asker === undefined) {
    if (usual !== undefined) return usual
    throw new UsageError(`${option} is missing, and there is no terminal to ask on.`, {
      code: 'option-missing',
      hint: option.startsWith('--parameter')
        ? `Add ${option}: ${text}`
        : 'idpact init --metadata https://sp.test/metadata --session https://sp.test/me',
    })
  }
  const wantsUrl = /^--(?:acs|session)$/.test(option)
  return asker.ask({ text, usual, wrong: wantsUrl ? isUrl : undefined })
}

const contractOf = async ({ contract }: Options, asker: Asker | undefined): Promise<Contract> => {
  const { contracts, findContract } = await import('../contracts/index.ts')
  const ids = contracts.map(({ id }) => id)
  if (contract !== undefined || asker === undefined) return findContract(contract ?? 'saml')
  const answer = await asker.ask({
    text: `What does the service provider promise? ${ids.join(', ')}`,
    usual: 'saml',
    wrong: (text) => (ids.includes(text) ? undefined : `There are: ${ids.join(', ')}.`),
  })
  return findContract(answer)
}

const metadataOf = async (
  { metadata, acs, entityId }: Options,
  io: CliIo,
  asker: Asker | undefined,
): Promise<Found | undefined> => {
  const { findSpMetadata } = await import('./init/discover.ts')
  if (metadata !== undefined) return findSpMetadata(metadata, io.cwd)
  if (asker === undefined || (acs !== undefined && entityId !== undefined)) return undefined
  for (;;) {
    const where = await asker.ask({
      text: 'Where are its SAML metadata? A URL (also of its host), a file; Enter: nowhere',
      usual: '',
    })
    if (where === '') return undefined
    try {
      return await findSpMetadata(where, io.cwd)
    } catch (error) {
      io.stderr.write(`  ${error instanceof Error ? error.message : String(error)}\n`)
    }
  }
}

const parametersOf = async (
  contract: Contract,
  { parameter }: Options,
  asker: Asker | undefined,
): Promise<Record<string, string>> => {
  const given = new Map(
    parameter.map((text): [string, string] => {
      const at = text.indexOf('=')
      const name = at < 0 ? text : text.slice(0, at)
      if (at > 0 && name in contract.parameters) return [name, text.slice(at + 1)]
      throw new UsageError(
        `--parameter ${text}: ${contract.id} asks for ${Object.keys(contract.parameters).join(', ') || 'nothing'}.`,
        {
          code: 'unknown-parameter',
          hint: 'Write name=value.',
        },
      )
    }),
  )
  for (const [name, { title, type, required }] of Object.entries(contract.parameters)) {
    if (given.has(name)) continue
    const list = type === 'string[]' ? ', separated by commas' : ''
    given.set(name, await ask(asker, `--parameter ${name}=…`, `${title}${list}`, required ? undefined : ''))
  }
  return Object.fromEntries(given)
}
