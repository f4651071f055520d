import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { type Command, Option } from 'commander'
import type { TargetOptions } from '../config/from-options.ts'
import type { ResolvedConfig } from '../config/schema.ts'
import { UsageError } from '../core/errors.ts'

/** The options that say a target without a file. */
export interface TargetFlags {
  acs?: string[]
  entityId?: string
  spMetadata?: string
  session?: string
  identity?: string
  start?: string
  slo?: string
  logout?: string
  idpEntityId?: string
  user?: string
  victim?: string
  expect?: string[]
  allow?: string[]
}

/** Adds them to a command. */
export const withTargetOptions = (command: Command): Command =>
  command
    .addOption(group(new Option('--acs <url...>', 'where the service provider takes Responses')))
    .addOption(group(new Option('--entity-id <id>', 'its entity ID: the audience of its Assertions')))
    .addOption(
      group(new Option('--sp-metadata <file>', 'its metadata, a file or a URL, in place of --acs and --entity-id')),
    )
    .addOption(
      group(
        new Option('--session <url>', 'says who is logged in: JSON or a page; "acs": the answer to the Response does'),
      ),
    )
    .addOption(
      group(new Option('--identity <where>', 'where in it: a JSON pointer (/email) or a CSS selector (#user)')),
    )
    .addOption(
      group(new Option('--start <url>', 'where a login begins at the service provider; {email} stands for the person')),
    )
    .addOption(group(new Option('--slo <url>', 'where it takes LogoutRequests, where it has single logout')))
    .addOption(group(new Option('--logout <url>', 'where a browser that is logged in goes to log out')))
    .addOption(group(new Option('--idp-entity-id <id>', 'entity ID of the identity provider that it trusts')))
    .addOption(group(new Option('--user <name>', 'NameID of an account that there is, where logins make none')))
    .addOption(group(new Option('--victim <name>', 'NameID of another one, in whose name messages are forged')))
    .addOption(
      group(new Option('--expect <choice=value...>', 'what it does where SAML leaves a choice: saml.sha1=reject')),
    )
    .addOption(group(new Option('--allow <consent...>', 'what idpact may do to it: heavy-payloads')))

const group = (option: Option): Option => option.helpGroup('A service provider without an idpact.yaml:')

const names: Readonly<Record<keyof TargetFlags, string>> = {
  acs: '--acs',
  entityId: '--entity-id',
  spMetadata: '--sp-metadata',
  session: '--session',
  identity: '--identity',
  start: '--start',
  slo: '--slo',
  logout: '--logout',
  idpEntityId: '--idp-entity-id',
  user: '--user',
  victim: '--victim',
  expect: '--expect',
  allow: '--allow',
}

/** The options as they were given, for the command line that does the run again. */
export const targetWords = (flags: TargetFlags): string[] =>
  (Object.keys(names) as (keyof TargetFlags)[]).flatMap((key) =>
    [flags[key] ?? []].flat().flatMap((value) => [names[key], value]),
  )

/**
 * The target that the command line says; undefined where it says none.
 *
 * @throws UsageError where an option is missing, ConfigError where one is wrong
 */
export const targetOfFlags = async (
  flags: TargetFlags,
  contractName: string | undefined,
  cwd: string,
): Promise<ResolvedConfig | undefined> => {
  const given = (Object.keys(names) as (keyof TargetFlags)[]).filter((key) => flags[key] !== undefined)
  if (given.length === 0) return undefined
  const { findContract } = await import('../contracts/index.ts')
  const { configOfOptions } = await import('../config/from-options.ts')
  const contract = findContract(contractName ?? 'saml')
  if (contract.id !== 'saml')
    throw new UsageError(
      `${given.map((key) => names[key]).join(', ')} say a target for the contract saml, and --contract is ${contractName}.`,
      {
        code: 'contract-needs-file',
        hint: 'Write an idpact.yaml for this contract, or use --contract saml.',
      },
    )
  return configOfOptions(await complete(flags, cwd), contract)
}

const complete = async (flags: TargetFlags, cwd: string): Promise<TargetOptions> => {
  const known = flags.spMetadata === undefined ? undefined : await readFlags(flags.spMetadata, cwd)
  const acs = flags.acs ?? known?.acs
  const entityId = flags.entityId ?? known?.entityId
  const missing = [
    ...(acs === undefined ? ['--acs'] : []),
    ...(entityId === undefined ? ['--entity-id'] : []),
    ...(flags.session === undefined ? ['--session'] : []),
    ...(flags.identity === undefined ? ['--identity'] : []),
  ]
  if (acs === undefined || entityId === undefined || flags.session === undefined || flags.identity === undefined)
    throw new UsageError(`A service provider needs ${missing.join(', ')} too.`, {
      code: 'target-option-missing',
      hint: 'For example: idpact certify --contract saml --acs https://sp.test/acs --entity-id https://sp.test --session https://sp.test/me --identity /email',
    })
  const { session, identity, start, idpEntityId, user, victim, expect = [], allow = [] } = flags
  return {
    acs,
    entityId,
    encryptionKey: known?.encryptionKey,
    metadata: known?.metadata,
    singleLogout: logoutOf(flags, known?.singleLogout),
    session,
    identity,
    start,
    idpEntityId,
    user,
    victim,
    expect,
    allow,
  }
}

/** What is said on the command line goes before what the metadata say. */
const logoutOf = (
  { slo, logout }: TargetFlags,
  known: TargetOptions['singleLogout'],
): TargetOptions['singleLogout'] => {
  const taken = slo === undefined ? known : { ...known, post: slo, redirect: slo }
  if (taken === undefined && logout === undefined) return undefined
  return { ...taken, ...(logout === undefined ? {} : { start: logout }) }
}

const readFlags = async (
  file: string,
  cwd: string,
): Promise<{
  acs: string[]
  entityId: string
  encryptionKey: string | undefined
  singleLogout: TargetOptions['singleLogout']
  metadata: string
}> => {
  const isUrl = /^https?:\/\//i.test(file)
  const path = isUrl ? file : resolve(cwd, file)
  const xml = await (isUrl ? fetchText(file) : readFile(path, 'utf8')).catch((cause: unknown) => {
    throw new UsageError(
      `--sp-metadata: ${path} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}.`,
      {
        code: 'missing-file',
        hint: 'Give the file with the metadata XML of the service provider.',
        cause,
      },
    )
  })
  const { readSpMetadata } = await import('../../mock-idp/saml/sp-metadata.ts')
  const { entityId, acs, encryptionCertificates, certificates, singleLogout } = await readSpMetadata(xml)
  const post = acs.filter(({ binding }) => binding.endsWith(':HTTP-POST'))
  const ordered = post.toSorted((a, b) => Number(b.isDefault) - Number(a.isDefault))
  if (ordered.length === 0)
    throw new UsageError(`--sp-metadata: ${path} has no assertion consumer service for HTTP-POST.`, {
      code: 'metadata-no-acs',
      hint: 'SAML Profiles 4.1.2: the Response is posted. Add an AssertionConsumerService with that binding.',
    })
  return {
    entityId,
    acs: ordered.map(({ url }) => url),
    encryptionKey: encryptionCertificates[0],
    singleLogout: singleLogout && { ...singleLogout, certificate: certificates[0] },
    metadata: path,
  }
}

const fetchText = async (url: string): Promise<string> => {
  const answer = await fetch(url, { signal: AbortSignal.timeout(10_000) })
  if (!answer.ok) throw new Error(`status ${answer.status}`)
  return answer.text()
}
