import { randomBytes, randomUUID } from 'node:crypto'
import type { Clock } from '../core/clock.ts'
import { rulesWith } from './defects/defects.ts'
import { createMailer, type Mailer, type SmtpServer } from './mailer.ts'
import { hashPassword } from './passwords.ts'
import type { Rules } from './rules/rules.ts'
import type { Acs } from './saml/authn-request.ts'
import { createTrust, type Trust } from './saml/trust.ts'
import { createVerification } from './saml/verifier.ts'
import { defaultOauthSettings, defaultSettings, type MetadataSource } from './store/settings.ts'
import { openStore, type Store } from './store/store.ts'
import { createTokens, type Tokens } from './tokens.ts'

export interface SpOptions {
  database: string
  metadata: MetadataSource | undefined
  defects: readonly string[]
  smtp: SmtpServer | undefined
  redirectUris: readonly string[]
  accessTokenSeconds: number | undefined
  clock: Clock
  /** Told what went wrong where nobody is waiting for an answer. Never given secrets. */
  onProblem: (message: string) => void
}

/** The reference SP's insides, handed to every route. */
export interface Sp {
  /** Where it answers, without a slash at the end. */
  readonly url: string
  /** The console's ACS first, then the older one. */
  readonly acs: readonly [Acs, Acs]
  readonly accountId: string
  readonly api: { readonly key: string; readonly secret: string }
  readonly adminToken: string
  /** The one client of the OAuth 2 server: the identity provider's SCIM client. */
  readonly oauthClient: { readonly id: string; readonly secret: string }
  /** The first master_admin. The password is unknown where the database is from an earlier start. */
  readonly masterAdmin: { readonly email: string; readonly password: string | undefined }
  readonly store: Store
  readonly tokens: Tokens
  readonly trust: Trust
  readonly mailer: Mailer
  readonly clock: Clock
  readonly onProblem: (message: string) => void
  rules(): Rules
  defects(): readonly string[]
  /** @throws UsageError for an unknown id; then nothing has changed. */
  arm(defects: readonly string[]): void
  /** Everything as after the first start, in a few milliseconds; the defects given, or those of the start. */
  reset(defects?: readonly string[]): void
  close(): Promise<void>
}

export const masterAdminEmail = 'master.admin@sp.example.test'
/** Cloud names of the product environments that an empty account starts with. */
export const productEnvironments = ['prod', 'staging', 'dev'] as const

export const createSp = async (url: string, options: SpOptions): Promise<Sp> => {
  const { clock } = options
  // Before the database is opened: an unknown defect leaves nothing behind.
  let rules = rulesWith(options.defects)
  let armed = options.defects
  const store = openStore(options.database, clock, (user) => {
    if (!rules.keepsTokens(user)) store.oauth.endGrantsOf(user.id)
  })
  const token = (): string => randomBytes(24).toString('base64url')
  const password = token()
  const passwordHash = await hashPassword(password)

  const { redirectUris, accessTokenSeconds = defaultOauthSettings.accessTokenSeconds } = options
  const fill = (): void => {
    store.settings.writeOauth({ redirectUris, accessTokenSeconds })
    if (options.metadata !== undefined)
      store.settings.write({ ...defaultSettings, saml: { enabled: true, metadata: options.metadata } })
    for (const cloudName of productEnvironments) store.environments.create({ name: cloudName, cloudName })
    store.users.create({
      email: masterAdminEmail,
      firstName: 'Master',
      lastName: 'Admin',
      role: 'master_admin',
      source: 'console',
      passwordHash,
    })
  }
  const isNew = store.once('filled-by', () => passwordHash) === passwordHash
  if (isNew) store.transaction(fill)
  else keepWhatIsNotGiven(store, options)

  const mailer = createMailer(options.smtp)
  const verification = createVerification()
  let masterAdminPassword = isNew ? password : undefined
  return {
    url,
    acs: [
      { url: `${url}/console/saml/consume`, audience: `${url}/console/saml` },
      { url: `${url}/saml/consume`, audience: `${url}/saml` },
    ],
    accountId: store.once('account-id', randomUUID),
    api: { key: store.once('api-key', () => randomBytes(8).toString('hex')), secret: store.once('api-secret', token) },
    adminToken: store.once('admin-token', token),
    oauthClient: { id: store.once('oauth-client-id', randomUUID), secret: store.once('oauth-client-secret', token) },
    get masterAdmin() {
      return { email: masterAdminEmail, password: masterAdminPassword }
    },
    store,
    tokens: createTokens(store, () => rules),
    trust: createTrust(store.settings, verification, clock, () => rules),
    mailer,
    clock,
    onProblem: options.onProblem,
    rules: () => rules,
    defects: () => armed,
    arm: (defects) => {
      rules = rulesWith(defects)
      armed = defects
    },
    reset: (defects = options.defects) => {
      rules = rulesWith(defects)
      armed = defects
      store.empty()
      store.transaction(fill)
      masterAdminPassword = password
    },
    close: async () => {
      mailer.close()
      await verification.stop()
      store.close()
    },
  }
}

/** A database of an earlier start: what the options say is set, and redirect URIs are added; the rest is as it was left. */
const keepWhatIsNotGiven = (store: Store, { metadata, redirectUris, accessTokenSeconds }: SpOptions): void => {
  if (metadata !== undefined) store.settings.write({ ...store.settings.read(), saml: { enabled: true, metadata } })
  const before = store.settings.oauth()
  store.settings.writeOauth({
    redirectUris: [...new Set([...before.redirectUris, ...redirectUris])],
    accessTokenSeconds: accessTokenSeconds ?? before.accessTokenSeconds,
  })
}
