import { readFile } from 'node:fs/promises'
import type { TargetConfig } from '../config/schema.ts'
import type { Clock } from '../core/clock.ts'
import { TargetError } from '../core/errors.ts'
import { type BrowserMode, openBrowser } from './browser.ts'
import { howToProvide } from './how-to-provide.ts'
import { isLoopback } from './loopback.ts'
import type {
  AccountsPort,
  AdminPort,
  GroupSyncPort,
  OutboxPort,
  PasswordLoginPort,
  ScimPort,
  StartPort,
  Target,
  Verb,
} from './ports.ts'
import { sessionPort } from './session.ts'
import { openTransport, type Transport, writerFor } from './transport.ts'
import { createUserAgent } from './user-agent.ts'

export interface TargetContext {
  /** Where the mail of idpact's own SMTP sink is read; needed by `outbox: { driver: smtp }`. */
  outboxUrl?: string | undefined
  /** A real browser as user agent; HTTP of our own when left out. */
  browser?: BrowserMode | undefined
  clock?: Clock
}

interface Provided<Port> {
  port: Port
  verbs: readonly Verb[]
}

/** Each driver is loaded when a target has it. */
const accountsOf = async (
  { accounts }: TargetConfig,
  transport: Transport,
): Promise<Provided<AccountsPort> | undefined> => {
  switch (accounts?.driver) {
    case undefined:
      return undefined
    case 'cloudinary-provisioning-api': {
      const { cloudinaryProvisioningApi, provisioningApiVerbs } = await import(
        './drivers/cloudinary-provisioning-api.ts'
      )
      return { port: cloudinaryProvisioningApi(accounts, transport), verbs: provisioningApiVerbs }
    }
    case 'cloudsmith-api': {
      const { cloudsmithAccounts, cloudsmithAccountsVerbs } = await import('./drivers/cloudsmith-api.ts')
      return { port: cloudsmithAccounts(accounts, transport), verbs: cloudsmithAccountsVerbs }
    }
    case 'http': {
      const { httpAccounts, httpAccountsVerbs } = await import('./drivers/http-accounts.ts')
      return { port: httpAccounts(accounts, transport), verbs: httpAccountsVerbs(accounts) }
    }
    case 'module': {
      const { moduleDriver } = await import('./drivers/module.ts')
      return moduleDriver('accounts', accounts.module, transport.mask)
    }
  }
}

const groupSyncOf = async (
  { groupSync }: TargetConfig,
  transport: Transport,
): Promise<Provided<GroupSyncPort> | undefined> => {
  if (groupSync === undefined) return undefined
  if (groupSync.driver === 'module') {
    const { moduleDriver } = await import('./drivers/module.ts')
    return moduleDriver('groupSync', groupSync.module, transport.mask)
  }
  const { cloudsmithGroupSync } = await import('./drivers/cloudsmith-api.ts')
  return { port: cloudsmithGroupSync(groupSync, transport), verbs: ['groupSync.map', 'groupSync.switch'] }
}

const adminOf = async ({ admin }: TargetConfig, transport: Transport): Promise<Provided<AdminPort> | undefined> => {
  switch (admin?.driver) {
    case undefined:
      return undefined
    case 'reference': {
      const { referenceAdmin, referenceAdminVerbs } = await import('./drivers/reference.ts')
      return { port: referenceAdmin(admin, transport), verbs: referenceAdminVerbs }
    }
    case 'cloudsmith-api': {
      const { cloudsmithAdmin, cloudsmithAdminVerbs } = await import('./drivers/cloudsmith-api.ts')
      return { port: cloudsmithAdmin(admin, transport), verbs: cloudsmithAdminVerbs }
    }
    case 'http': {
      const { httpAdmin, httpAdminVerbs } = await import('./drivers/http-admin.ts')
      return { port: httpAdmin(admin, transport), verbs: httpAdminVerbs(admin) }
    }
    case 'module': {
      const { moduleDriver } = await import('./drivers/module.ts')
      return moduleDriver('admin', admin.module, transport.mask)
    }
  }
}

const outboxOf = async (
  { outbox }: TargetConfig,
  transport: Transport,
  { outboxUrl }: TargetContext,
): Promise<Provided<OutboxPort> | undefined> => {
  if (outbox === undefined) return undefined
  if (outbox.driver === 'module') {
    const { moduleDriver } = await import('./drivers/module.ts')
    return moduleDriver('outbox', outbox.module, transport.mask)
  }
  const { httpOutbox, sinkOutbox } = await import('./outbox/outbox.ts')
  if (outbox.driver === 'http') return { port: httpOutbox(outbox, transport), verbs: ['outbox.read'] }
  // Without a sink that runs, nothing would ever arrive: then the port is not there.
  return outboxUrl === undefined ? undefined : { port: sinkOutbox(outboxUrl, transport), verbs: ['outbox.read'] }
}

const passwordLoginOf = async (
  { passwordLogin }: TargetConfig,
  transport: Transport,
): Promise<Provided<PasswordLoginPort> | undefined> => {
  if (passwordLogin === undefined) return undefined
  if (passwordLogin.driver === 'module') {
    const { moduleDriver } = await import('./drivers/module.ts')
    return moduleDriver('passwordLogin', passwordLogin.module, transport.mask)
  }
  const { httpPasswordLogin } = await import('./drivers/password-login.ts')
  return { port: httpPasswordLogin(passwordLogin), verbs: ['passwordLogin.login'] }
}

const scimOf = async (
  { scim }: TargetConfig,
  passwordLogin: PasswordLoginPort | undefined,
  transport: Transport,
): Promise<Provided<ScimPort> | undefined> => {
  if (scim === undefined) return undefined
  const { openScim } = await import('./drivers/scim.ts')
  const port = await openScim(scim, passwordLogin, transport)
  return { port, verbs: ['scim.call', ...(port.consent === undefined ? [] : (['scim.consent'] as const))] }
}

const metadataOf = (metadata: string | undefined, transport: Transport): (() => Promise<string>) | undefined => {
  if (metadata === undefined) return undefined
  if (/^https?:\/\//i.test(metadata))
    return async () => {
      const { status, body } = await createUserAgent({ transport }).get(metadata, { accept: '*/*' })
      if (status === 200) return body
      throw new TargetError(`target.saml.metadata: ${metadata} answers with status ${status}`, {
        code: 'unexpected-answer',
        hint: 'Give the URL at which the service provider publishes its metadata, or a file with them.',
      })
    }
  return () =>
    readFile(metadata, 'utf8').catch((cause: unknown) => {
      throw new TargetError(`target.saml.metadata: ${metadata} cannot be read`, {
        code: 'missing-file',
        hint: 'Give a file with the metadata XML of the service provider, or its URL.',
        cause,
      })
    })
}

const startOf = ({ saml }: TargetConfig): StartPort | undefined => {
  if (saml?.start === undefined) return undefined
  const { start, acs } = saml
  return {
    url: ({ email, acs: wanted }) => {
      const index = wanted === undefined ? 0 : acs.indexOf(wanted)
      const template = start.length > 1 ? start[index] : start[0]
      const answersThere = start.length > 1 || index === 0 || template?.includes('{acs}') === true
      if (template === undefined || index < 0 || !answersThere)
        throw new TargetError(`target.saml.start does not say how a login begins that is answered at ${wanted}`, {
          code: 'not-declared',
          hint: 'Let target.saml.start be a list, one URL for each of target.saml.acs, or use {acs} in it.',
        })
      const values: Record<string, string> = { email, acs: wanted ?? acs[0] ?? '' }
      return template.replace(/\{(email|acs)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? ''))
    },
  }
}

/** The authorization URL may be one with raw spaces, or no URL at all, which is for its own error to say. */
const scimUrls = ({ scim }: TargetConfig): string[] => {
  if (scim === undefined) return []
  const { baseUrl, auth } = scim
  return auth.type === 'oauth2'
    ? [baseUrl, auth.tokenUrl, auth.authorizationUrl].filter((one) => URL.canParse(one))
    : [baseUrl]
}

/** Every URL of the SP itself that the config names. */
const urlsOf = (config: TargetConfig): string[] =>
  [
    ...(config.saml?.acs ?? []),
    ...(config.saml?.start ?? []).map((template) => template.replace(/\{[a-z]+\}/gi, 'x')),
    config.saml?.singleLogout?.post,
    config.saml?.singleLogout?.redirect,
    config.saml?.singleLogout?.start,
    config.session?.url === 'acs' ? undefined : config.session?.url,
    /^https?:/i.test(config.saml?.metadata ?? '') ? config.saml?.metadata : undefined,
    config.ssoSetup?.url,
    config.passwordLogin?.driver === 'http' ? config.passwordLogin.url : undefined,
    config.accounts !== undefined && 'baseUrl' in config.accounts ? config.accounts.baseUrl : undefined,
    config.admin !== undefined && 'baseUrl' in config.admin ? config.admin.baseUrl : undefined,
    config.groupSync !== undefined && 'baseUrl' in config.groupSync ? config.groupSync.baseUrl : undefined,
    ...scimUrls(config),
  ].filter((url) => url !== undefined)

/**
 * Makes the ports of a target from its config. Nothing is sent yet; preflight() does that.
 *
 * @param context.outboxUrl where idpact's own SMTP sink is read (`startSmtpSink().url`)
 * @returns the target; close() it in the end
 * @throws ConfigError when a module of the user's, or the CA file, cannot be used
 * @example const target = await openTarget(config.target, { outboxUrl })
 */
export const openTarget = async (config: TargetConfig, context: TargetContext = {}): Promise<Target> => {
  const second = secondOf(config)
  if (second === undefined) return openOne(config, context)
  const b = await openOne(second, context)
  try {
    const target = await openOne(config, context)
    return {
      ...target,
      b,
      loopback: target.loopback && b.loopback,
      has: (verb) => target.has(verb) || (verbsOfSecond[verb] ?? []).some((needed) => b.has(needed)),
      close: async () => {
        await Promise.all([target.close(), b.close()])
      },
    }
  } catch (error) {
    await b.close()
    throw error
  }
}

/** The second organisation, as a target: what it does not say is as the first has it. */
const secondOf = (config: TargetConfig): TargetConfig | undefined => {
  const { b } = config.tenants
  if (b === undefined) return undefined
  const { parameters: _, ...ports } = b
  return {
    ...config,
    accounts: undefined,
    admin: undefined,
    groupSync: undefined,
    scim: undefined,
    ...ports,
    tenants: {},
  }
}

/** What the second organisation must have for a verb of a target with two. */
const verbsOfSecond: Partial<Record<Verb, readonly Verb[]>> = {
  'tenantB.login': ['acs.post'],
  'tenantB.start': ['start.login'],
  'tenantB.accounts': ['accounts.find'],
  'tenantB.scim': ['scim.call'],
}

const openOne = async (config: TargetConfig, context: TargetContext): Promise<Target> => {
  const origins = urlsOf(config)
  const loopback = origins.every(isLoopback)
  const { clock } = context
  const settings = {
    http: config.http,
    origins,
    secrets: config.secrets,
    cutSignatures: !loopback,
    ...(clock === undefined ? {} : { clock }),
  }
  const transport = openTransport(settings)
  const browser =
    context.browser === undefined
      ? undefined
      : openBrowser({ mode: context.browser, http: config.http, origins, writer: writerFor(settings) })
  try {
    const [accounts, admin, outbox, passwordLogin, groupSync] = await Promise.all([
      accountsOf(config, transport),
      adminOf(config, transport),
      outboxOf(config, transport, context),
      passwordLoginOf(config, transport),
      groupSyncOf(config, transport),
    ])
    const scim = await scimOf(config, passwordLogin?.port, transport)
    const { acs, audience } = config.saml ?? { acs: [], audience: [] }
    const start = startOf(config)
    const { ssoSetup } = config
    const session = config.session && sessionPort(config.session)
    const verbs = new Set<Verb>([
      ...(acs.length > 0 ? (['acs.post'] as const) : []),
      ...(acs.length > 1 ? (['acs.second'] as const) : []),
      ...(config.saml?.metadata === undefined ? [] : (['acs.metadata'] as const)),
      ...(start === undefined ? [] : (['start.login'] as const)),
      ...(session === undefined ? [] : (['session.whoAmI'] as const)),
      ...(ssoSetup === undefined ? [] : (['ssoSetup.save'] as const)),
      ...[accounts, admin, outbox, passwordLogin, groupSync, scim].flatMap((provided) => provided?.verbs ?? []),
    ])
    return {
      name: config.name,
      version: config.version,
      loopback,
      address: acs[0] ?? config.scim?.baseUrl ?? '',
      has: (verb) => verbs.has(verb),
      howToProvide,
      newAgent: () => browser?.newAgent() ?? createUserAgent({ transport }),
      acs: {
        urls: acs,
        audiences: audience.length === acs.length ? audience : acs.map(() => audience[0] ?? ''),
        singleLogout: config.saml?.singleLogout,
        encryptionKey: config.saml?.encryptionKey,
        metadata: metadataOf(config.saml?.metadata, transport),
      },
      start,
      session,
      passwordLogin: passwordLogin?.port,
      ssoSetup: ssoSetup && {
        save: (agent, metadata) => {
          const fields = Object.fromEntries(
            Object.entries(ssoSetup.fields).map(([name, text]) => [
              name,
              text.replaceAll('{metadata}', () => metadata),
            ]),
          )
          return ssoSetup.as === 'json'
            ? agent.json('POST', ssoSetup.url, fields)
            : agent.postForm(ssoSetup.url, fields)
        },
      },
      accounts: accounts?.port,
      admin: admin?.port,
      groupSync: groupSync?.port,
      outbox: outbox?.port,
      scim: scim?.port,
      settleMs: config.settleMs,
      asynchronous: config.asynchronous,
      close: async () => {
        await Promise.all([transport.close(), browser?.close()])
      },
    }
  } catch (error) {
    await transport.close()
    throw error
  }
}
