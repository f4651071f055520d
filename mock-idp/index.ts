import { join } from 'node:path'
import { type Clock, systemClock } from '../src/core/clock.ts'
import { UsageError } from '../src/core/errors.ts'
import { createMockIdpClient, type MockIdpClient, type OrgClient } from './client.ts'
import { type Logger, orgOf, type RegistrationPolicy, registrationOf } from './http/context.ts'
import { createContext } from './http/create-context.ts'
import { type Listening, listen } from './http/server.ts'
import { defaultJournalLimits, type JournalLimits } from './journal/journal.ts'
import { ensureDefaultOrg, ensureOrg } from './org.ts'
import { type Identity, loadOrCreateIdentity } from './store/identity.ts'
import { openStore } from './store/store.ts'
import { defaultOrg } from './store/well-known-orgs.ts'

export { createMockIdpClient, type MockIdpClient, MockIdpError, type OrgClient } from './client.ts'
export type { Logger, RegistrationPolicy } from './http/context.ts'
export type { JournalLimits } from './journal/journal.ts'
export { defaultPort, readFolderDirectory, readFolderMetadata } from './offline.ts'
export {
  type Identity,
  type IdentityAddress,
  type IdentityOptions,
  loadOrCreateIdentity,
  loadOrCreateSecondIdentity,
  rememberAddress,
} from './store/identity.ts'
export { loadOrCreateTls } from './store/tls.ts'
export { defaultOrg, secondOrg } from './store/well-known-orgs.ts'

export interface MockIdpOptions {
  /** Address to listen on; `127.0.0.1` when left out, so that nobody else on the network can sign in as anyone. */
  host?: string | undefined
  /** 0, the default: any free one. */
  port?: number | undefined
  /** The address as service providers and browsers reach it, behind a proxy or tunnel: `https://idp.example.test`. */
  publicUrl?: string | undefined
  /** Serve HTTPS with this certificate (PEM). */
  tls?: { key: string; cert: string } | undefined
  /** Folder that keeps the identity, the keys and the directory. Left out: all in memory. */
  dataDir?: string | undefined
  /** Keep the directory in memory, even with `dataDir` (whose identity is then used, and nothing else of it). */
  memory?: boolean | undefined
  /** The identity of the org `default`; that of `dataDir`, or a new one, when left out. */
  identity?: Identity | undefined
  /** Orgs beside `default` that there are from the start, each another identity provider with an identity of its own. */
  otherOrgs?: readonly { id: string; identity: Identity }[] | undefined
  /** entityID of the org `default`. */
  entityId?: string | undefined
  /** Fill an empty directory of the org `default` with believable people: the same seed, the same people. */
  seed?: number | undefined
  /** How many people a seeded directory has; 40 when left out. */
  people?: number | undefined
  /** Domain of the seeded addresses; `example.test` when left out. */
  emailDomain?: string | undefined
  /** YAML with users, groups and applications; read at the start and again when it changes. */
  directoryFile?: string | undefined
  /**
   * A service provider that nobody registered: `ask` (default) shows a page with one button, on loopback only; `auto`
   * registers it silently; `refuse` refuses it.
   */
  registration?: RegistrationPolicy | undefined
  journal?: Partial<JournalLimits> | undefined
  clock?: Clock | undefined
  /** Where bugs and background trouble go; nowhere when left out. A pino logger fits. */
  logger?: Logger | undefined
}

export interface MockIdpInfo {
  url: string
  entityId: string
  ssoUrl: string
  metadataUrl: string
}

export interface MockIdp {
  /** Without a slash at the end. @throws UsageError `not-started` */
  readonly url: string
  /** What a service provider is configured with to trust the org `default`. Known before the key is made. */
  readonly info: MockIdpInfo
  /** Drives this mock IdP over HTTP. */
  readonly client: MockIdpClient
  /** One org of it, driven over HTTP; `default` when no id is given. */
  org(id?: string): OrgClient
  /** Listens; the key may still be in the making, and what needs it waits. @throws UsageError `port-in-use` and others */
  start(): Promise<MockIdp>
  /** Ends open connections and closes the store. May be started again; in memory it then begins empty. */
  stop(): Promise<void>
}

/**
 * A mock IdP. Nothing happens before `start()`.
 *
 * @throws UsageError if the options cannot be
 * @example
 * const idp = await createMockIdp({ memory: true }).start()
 * const ada = await idp.org().users.create({ profile: { login: 'ada@example.test', email: 'ada@example.test' } })
 * await idp.stop()
 */
export const createMockIdp = (options: MockIdpOptions = {}): MockIdp => {
  checkOptions(options)
  let running: Running | undefined
  const started = (): Running => {
    if (running) return running
    throw new UsageError('The mock IdP is not running', { code: 'not-started', hint: 'await idp.start() first.' })
  }
  const idp: MockIdp = {
    get url() {
      return started().url
    },
    get info() {
      return started().info
    },
    get client() {
      return started().client
    },
    org: (id = defaultOrg) => started().client.org(id),
    start: async () => {
      running ??= await run(options)
      return idp
    },
    stop: async () => {
      const stopping = running
      running = undefined
      await stopping?.stop()
    },
  }
  return idp
}

interface Running {
  url: string
  info: MockIdpInfo
  client: MockIdpClient
  stop(): Promise<void>
}

const run = async (options: MockIdpOptions): Promise<Running> => {
  const { dataDir, clock = systemClock, logger = { error: () => undefined } } = options
  const onDisk = dataDir !== undefined && options.memory !== true
  const identity = identityOf(options)
  const { otherOrgs: others = [] } = options
  const store = openStore(onDisk ? join(dataDir, 'idp.sqlite') : undefined)
  let listening: Listening | undefined
  let stopWatching = (): void => undefined
  try {
    const ctx = createContext({
      store,
      clock,
      logger,
      keyFolder: dataDir === undefined ? undefined : join(dataDir, 'keys'),
      inMemory: !onDisk,
      identities: [...(identity ? [identity] : []), ...others.map((one) => one.identity)],
      baseUrl: () => options.publicUrl?.replace(/\/$/, '') ?? listening?.url ?? '',
      host: options.host ?? '127.0.0.1',
      publicUrl: options.publicUrl,
      registration: options.registration ?? 'ask',
      journal: { ...defaultJournalLimits, ...definedOf(options.journal ?? {}) },
    })
    ensureDefaultOrg(ctx, identity, options.entityId)
    for (const { id, identity } of others) ensureOrg(ctx, { id }, identity)
    if (options.directoryFile !== undefined) {
      const { applyDirectoryFile, watchDirectoryFile } = await import('./directory-file/apply.ts')
      applyDirectoryFile(ctx, defaultOrg, options.directoryFile)
      stopWatching = watchDirectoryFile(ctx, defaultOrg, options.directoryFile)
    }
    listening = await listen(ctx, options)
    // What an earlier process left to do goes on; who has no provisioning loads nothing.
    if (store.provisioning.list().length > 0)
      void ctx.provisioning
        .engine()
        .catch((error: unknown) => logger.error({ err: error }, 'provisioning could not start'))
    if (options.seed !== undefined && store.orgs.counts(defaultOrg).users === 0) {
      const { fillWithSamplePeople } = await import('./store/fill.ts')
      await fillWithSamplePeople(ctx, defaultOrg, {
        seed: options.seed,
        count: options.people ?? 40,
        domain: options.emailDomain ?? 'example.test',
      })
    }
    const url = ctx.baseUrl()
    const org = orgOf(ctx, defaultOrg)
    const registration = registrationOf(ctx, org)
    return {
      url,
      info: {
        url,
        entityId: registration.entityId,
        ssoUrl: ctx.urls.sso(org, registration),
        metadataUrl: ctx.urls.metadata(org, registration),
      },
      client: createMockIdpClient({ url: listening.url, ca: options.tls?.cert }),
      stop: async () => {
        stopWatching()
        ctx.stopStreams()
        await listening?.close()
        await ctx.provisioning.stop()
        await Promise.allSettled([identity?.key, ...others.map((one) => one.identity.key)])
        store.close()
      },
    }
  } catch (error) {
    stopWatching()
    await listening?.close()
    store.close()
    throw error
  }
}

const identityOf = ({ identity, dataDir, entityId, clock }: MockIdpOptions): Identity | undefined =>
  identity ?? (dataDir === undefined ? undefined : loadOrCreateIdentity(dataDir, { entityId, clock }))

const checkOptions = ({ port = 0, publicUrl }: MockIdpOptions): void => {
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new UsageError(`A port is a whole number from 0 to 65535, not ${port}`, { code: 'bad-port' })
  const url = publicUrl === undefined ? undefined : URL.parse(publicUrl)
  if (publicUrl !== undefined && (!url || !/^https?:$/.test(url.protocol) || url.pathname !== '/' || url.search !== ''))
    throw new UsageError(`The public URL must be an origin, not ${JSON.stringify(publicUrl)}`, {
      code: 'bad-public-url',
      hint: 'Give scheme and host only, such as https://idp.example.test; a path is not supported.',
    })
}

const definedOf = <T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }
