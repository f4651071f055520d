/**
 * What a run needs around it: the mock IdP in this process, a sink for mail, and with no target of one's own the reference
 * SP in another process. Everything starts at once, because each waits for something else.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { MockIdp } from '../../mock-idp/index.ts'
import { defaultOrg, secondOrg } from '../../mock-idp/store/well-known-orgs.ts'
import type { ResolvedConfig } from '../config/schema.ts'
import type { Contract, Knob } from '../contracts/contract.ts'
import { IdpactError, UsageError } from '../core/errors.ts'
import type { ContractId, RunningReferenceSp } from '../reference-sp/index.ts'
import type { BrowserMode } from '../target/browser.ts'
import type { Target } from '../target/ports.ts'
import { configOfReferenceSp, type Subject } from './subject.ts'

export interface Surroundings {
  config: Pick<ResolvedConfig, 'target' | 'parameters' | 'allow' | 'expect'>
  target: Target
  idp: MockIdp
  /** Ids of the orgs: the one that the SP trusts, and one that looks like no vendor's. */
  org: string
  plainOrg: string
  /** What the metadata that the SP is given have beside the usual. */
  idpMetadata: { singleLogout: boolean; rollover: boolean; weakKey: boolean }
  /** What a second organisation of the target trusts. */
  orgOfB: string
  /** Where the journal of `org` stood before the SP was last told of its metadata. */
  journalSince: number
  /** The reference SP, where it is embedded. */
  sp: RunningReferenceSp<ContractId> | undefined
  outboxUrl: string | undefined
  /** The user agent is a real browser. */
  browser: BrowserMode | undefined
  /** Folder of the ledger and of the SP's old settings. */
  stateFolder: string
  /** Ends everything; also what was started when something else did not start. */
  close(): Promise<void>
}

export interface SurroundingsOptions {
  subject: Subject
  cwd: string
  /** A real browser as user agent. */
  browser?: BrowserMode | undefined
  /** How long to wait for what does not come, at the embedded SP; as for any target when left out. */
  settleMs?: number | undefined
}

const plainOrg = 'plain'

/**
 * Starts everything around a run.
 *
 * @throws UsageError and ConfigError for ports that are taken and files that cannot be used
 */
export const openSurroundings = async (options: SurroundingsOptions): Promise<Surroundings> => {
  const closers: (() => Promise<unknown>)[] = []
  const opened = async <T>(starting: Promise<T>, close: (started: T) => Promise<unknown>): Promise<T> => {
    const started = await starting
    closers.push(() => close(started))
    return started
  }
  const close = async (): Promise<void> => {
    await Promise.allSettled(closers.splice(0).map((one) => one()))
  }
  try {
    const { subject } = options
    const around = await (subject.kind === 'embedded'
      ? aroundReferenceSp(options, opened, close)
      : aroundTarget(options, subject.config, opened, close))
    return { ...around, browser: options.browser, idpMetadata: metadataFor(subject.contract, around) }
  } catch (error) {
    await close()
    throw error
  }
}

/** Single logout for an SP that has it, and further keys for one of which it is said what it does about them. */
const metadataFor = (
  contract: Contract,
  { config, target }: Pick<Surroundings, 'config' | 'target'>,
): Surroundings['idpMetadata'] => {
  const isWanted = (key: NonNullable<Knob['metadata']>): boolean =>
    Object.entries(contract.expect).some(
      ([name, { metadata }]) => metadata === key && /^(?:accept|reject)$/.test(config.expect[name] ?? ''),
    )
  return {
    singleLogout: target.acs.singleLogout !== undefined,
    rollover: isWanted('rollover'),
    weakKey: isWanted('weakKey'),
  }
}

type Unfinished = Omit<Surroundings, 'idpMetadata' | 'browser'>
type Open = <T>(starting: Promise<T>, close: (started: T) => Promise<unknown>) => Promise<T>
type Close = () => Promise<void>

const aroundReferenceSp = async (
  { subject, settleMs, browser }: SurroundingsOptions,
  open: Open,
  close: Close,
): Promise<Unfinished> => {
  const defects = subject.kind === 'embedded' ? [...subject.defects] : []
  const stateFolder = await open(mkdtemp(join(tmpdir(), 'idpact-')), (folder) =>
    rm(folder, { recursive: true, force: true }),
  )
  const [idp, { sink, sp }] = await allOf([
    open(startIdp({ memory: true }), (started) => started.stop()),
    startSink({}, open).then(async (sink) => ({
      sink,
      sp: await open(
        startSp({ contract: subject.contract.id as ContractId, defects, smtp: { host: sink.host, port: sink.port } }),
        (sp) => sp.stop(),
      ),
    })),
  ])
  const config = await configOfReferenceSp(sp.info, subject.contract, sink.port)
  if (settleMs !== undefined) config.target.settleMs = settleMs
  const target = await openTargetOf(config, { outboxUrl: sink.url, browser }, open)
  return {
    config,
    target,
    idp,
    org: defaultOrg,
    plainOrg,
    orgOfB: secondOrg,
    journalSince: 0,
    sp,
    outboxUrl: sink.url,
    stateFolder,
    close,
  }
}

const startSp = async (options: {
  contract: ContractId
  defects: string[]
  smtp: { host: string; port: number }
}): Promise<RunningReferenceSp<ContractId>> => (await import('../reference-sp/spawn.ts')).spawnReferenceSp(options)

const aroundTarget = async (
  { cwd, browser }: SurroundingsOptions,
  config: ResolvedConfig,
  open: Open,
  close: Close,
): Promise<Unfinished> => {
  const stateFolder = join(cwd, '.idpact')
  const { outbox } = config.target
  const [idp, sink] = await allOf([
    open(startIdpOfFolder(stateFolder, config), (started) => started.stop()),
    outbox?.driver === 'smtp' ? startSink({ host: outbox.host, port: outbox.port }, open) : undefined,
  ])
  const target = await openTargetOf(config, { outboxUrl: sink?.url, browser }, open)
  return {
    config,
    target,
    idp,
    org: defaultOrg,
    plainOrg,
    orgOfB: secondOrg,
    journalSince: 0,
    sp: undefined,
    outboxUrl: sink?.url,
    stateFolder,
    close,
  }
}

/** All or an error, but not before each has come to its end: what was started can then be stopped. */
const allOf = async <T extends readonly unknown[]>(all: T): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> => {
  await Promise.allSettled(all)
  return Promise.all(all)
}

const startSink = async (options: { host?: string; port?: number }, open: Open) => {
  const { startSmtpSink } = await import('../target/outbox/smtp-sink.ts')
  return open(startSmtpSink(options), (sink) => sink.stop())
}

const openTargetOf = async (
  config: Surroundings['config'],
  context: { outboxUrl: string | undefined; browser: BrowserMode | undefined },
  open: Open,
): Promise<Target> => {
  const { openTarget } = await import('../target/target.ts')
  return open(openTarget(config.target, context), (target) => target.close())
}

type IdpOptions = NonNullable<Parameters<typeof import('../../mock-idp/index.ts')['createMockIdp']>[0]>

/**
 * A mock IdP in this process, with an org beside the default one that looks like no vendor's, and one for a second
 * organisation of the SP.
 */
export const startIdp = async (options: IdpOptions): Promise<MockIdp> => {
  const { createMockIdp } = await import('../../mock-idp/index.ts')
  // Nobody sits in front of it: an unknown SP is an error of the set-up, not a question.
  const idp = await createMockIdp({ registration: 'refuse', ...options }).start()
  await Promise.all([
    idp.client.orgs.create({ id: plainOrg, shape: 'plain' }),
    ...(options.otherOrgs === undefined ? [idp.client.orgs.create({ id: secondOrg })] : []),
  ])
  return idp
}

/** The same with a directory in memory, and with identities and keys that are kept in a folder. */
export const startIdpWithKeysOf = async (folder: string): Promise<MockIdp> => {
  const { loadOrCreateSecondIdentity } = await import('../../mock-idp/index.ts')
  return startIdp({
    memory: true,
    dataDir: folder,
    otherOrgs: [{ id: secondOrg, identity: loadOrCreateSecondIdentity(folder) }],
  })
}

/** The identity, key, address and certificate of the folder: what the SP was set up with, by `idp` and `metadata`. */
const startIdpOfFolder = async (folder: string, { idp, target }: ResolvedConfig): Promise<MockIdp> => {
  const { loadOrCreateIdentity, loadOrCreateSecondIdentity, loadOrCreateTls } = await import('../../mock-idp/index.ts')
  const { defaultPort } = await import('../../mock-idp/offline.ts')
  const identity = loadOrCreateIdentity(folder, { entityId: idp.entityId, keyFile: idp.keyFile })
  const { port = defaultPort, publicUrl, tls } = identity.address
  return startIdp({
    dataDir: folder,
    memory: true,
    identity,
    otherOrgs: target.tenants?.b && [{ id: secondOrg, identity: loadOrCreateSecondIdentity(folder) }],
    port,
    publicUrl: idp.publicUrl ?? publicUrl,
    tls:
      tls === true ? await loadOrCreateTls(folder, { hosts: ['localhost', '127.0.0.1'], now: Date.now() }) : undefined,
  }).catch((error: unknown) => {
    throw error instanceof IdpactError && error.code === 'port-in-use' ? takenPort(port) : error
  })
}

/** Another port would be another address than the one that the SP was told. */
const takenPort = (port: number): UsageError =>
  new UsageError(`Port ${port}, where the service provider knows the mock IdP of this folder, is already taken`, {
    code: 'port-in-use',
    hint: 'Stop `idpact idp`, or the other run, that listens there: certify plays the same identity provider itself. `idpact idp --port N`, started once, moves it for good; the service provider then needs the new metadata.',
  })
