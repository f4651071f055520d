/** A target that is said on the command line, with no file: what `saml` needs, and nothing else. */
import type { Contract } from '../contracts/contract.ts'
import { ConfigError } from '../core/errors.ts'
import { expectFor } from './against-contract.ts'
import { nearest } from './nearest.ts'
import { type Config, type Consent, configSchema, consents, type ResolvedConfig, type SingleLogout } from './schema.ts'

/** What the command line says of a target. */
export interface TargetOptions {
  acs: readonly string[]
  entityId: string
  session: string
  identity: string
  start?: string | undefined
  /** File or URL of its own metadata. */
  metadata?: string | undefined
  singleLogout?: SingleLogout | undefined
  /** For which Assertions may be encrypted. */
  encryptionKey?: string | undefined
  /** entityID of the identity provider that the SP trusts. */
  idpEntityId?: string | undefined
  /** NameIDs of two accounts that there are at the SP, where it makes none by itself. */
  user?: string | undefined
  victim?: string | undefined
  /** `saml.sha1=reject`. */
  expect: readonly string[]
  allow: readonly string[]
}

/** Which option a place of the config comes from. */
const optionOf: readonly [RegExp, string][] = [
  [/^target\.saml\.acs/, '--acs'],
  [/^target\.saml\.audience/, '--entity-id'],
  [/^target\.saml\.start/, '--start'],
  [/^target\.saml\.singleLogout\.start/, '--logout'],
  [/^target\.saml\.singleLogout/, '--slo'],
  [/^target\.session\.url/, '--session'],
  [/^target\.session\.identity/, '--identity'],
  [/^target\.users\.user/, '--user'],
  [/^target\.users\.victim/, '--victim'],
  [/^idp\.entityId/, '--idp-entity-id'],
]

const wrong = (message: string, hint?: string): ConfigError =>
  new ConfigError(message, { code: 'wrong-target-option', ...(hint === undefined ? {} : { hint }) })

const pairOf = (text: string, { expect }: Contract): [string, string] => {
  const at = text.indexOf('=')
  const [name, value] = at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
  const knob = Object.hasOwn(expect, name) ? expect[name] : undefined
  if (knob === undefined) {
    const meant = nearest(name, Object.keys(expect))
    throw wrong(
      `--expect ${text}: there is no choice "${name}".`,
      `${meant === undefined ? '' : `Did you mean ${meant}? `}There are: ${Object.keys(expect).join(', ')}.`,
    )
  }
  if (!knob.values.includes(value))
    throw wrong(
      `--expect ${text}: ${name} must be one of ${knob.values.join(', ')}.`,
      `Write --expect ${name}=${knob.values[0]}.`,
    )
  return [name, value]
}

/**
 * The config that these options are, as a file would be read.
 *
 * @throws ConfigError that names the option, and what is allowed
 * @example configOfOptions({ acs: ['https://sp.test/acs'], entityId: 'https://sp.test', session: 'https://sp.test/me',
 *   identity: '/email', expect: [], allow: [] }, saml)
 */
export const configOfOptions = (options: TargetOptions, contract: Contract): ResolvedConfig => {
  if ((options.user === undefined) !== (options.victim === undefined))
    throw wrong(
      `${options.user === undefined ? '--victim' : '--user'} needs ${options.user === undefined ? '--user' : '--victim'} beside it.`,
      'Name two accounts that there are at the service provider: who logs in, and in whose name messages are forged.',
    )
  if (options.user !== undefined && options.user === options.victim)
    throw wrong('--user and --victim must be two accounts.', 'A forged login shows only when it is another account.')
  const unknown = options.allow.find((one) => !Object.hasOwn(consents, one))
  if (unknown !== undefined)
    throw wrong(`--allow ${unknown}: there is no such consent.`, `There are: ${Object.keys(consents).join(', ')}.`)
  const parsed = configSchema.safeParse({
    contract: `${contract.id}@${contract.version}`,
    ...(options.idpEntityId === undefined ? {} : { idp: { entityId: options.idpEntityId } }),
    target: {
      saml: {
        acs: [...options.acs],
        audience: options.entityId,
        ...(options.start === undefined ? {} : { start: options.start }),
        ...(options.metadata === undefined ? {} : { metadata: options.metadata }),
        ...(options.singleLogout === undefined ? {} : { singleLogout: options.singleLogout }),
        ...(options.encryptionKey === undefined ? {} : { encryptionKey: options.encryptionKey }),
      },
      session: { url: options.session, identity: options.identity },
      ...(options.user === undefined ? {} : { users: { user: options.user, victim: options.victim } }),
    },
    expect: Object.fromEntries(options.expect.map((text) => pairOf(text, contract))),
    allow: [...options.allow],
  })
  if (!parsed.success) throw problemOf(parsed.error.issues)
  const config: Config = parsed.data
  return {
    file: '',
    contract: { id: contract.id, version: contract.version },
    idp: config.idp,
    target: { ...config.target, secrets: [] },
    parameters: {},
    allow: config.allow as readonly Consent[],
    expect: expectFor(config, contract),
    waivers: [],
    environment: config.environment,
  }
}

const problemOf = (issues: readonly { path: readonly PropertyKey[]; message: string }[]): ConfigError => {
  const [first] = issues
  const path = first?.path.map(String).join('.') ?? ''
  const option = optionOf.find(([pattern]) => pattern.test(path))?.[1] ?? path
  return wrong(`${option}: ${first?.message ?? 'is wrong'}.`, 'Run with --help to see an example.')
}
