import { randomBytes, randomUUID } from 'node:crypto'
import type { Clock } from '../core/clock.ts'
import { createMailer, type Mailer, type SmtpServer } from './mailer.ts'
import { hashPassword } from './passwords.ts'
import type { Profile } from './profile.ts'
import type { Rules } from './rules/rules.ts'
import type { Acs } from './saml/authn-request.ts'
import { type DecryptionKey, decryptionKeyOf, newPrivateKeyPem } from './saml/decryption.ts'
import { newCertificate, type SigningKey, signingKeyOf } from './saml/signing.ts'
import { createTrust, type Trust } from './saml/trust.ts'
import type { Verification } from './saml/verifier.ts'
import { defaultOauthSettings, type MetadataSource } from './store/settings.ts'
import { openStore, type Store } from './store/store.ts'
import { createTokens, type Tokens } from './tokens.ts'

export interface SpOptions {
  database: string
  metadata: MetadataSource | undefined
  smtp: SmtpServer | undefined
  redirectUris: readonly string[]
  accessTokenSeconds: number | undefined
  clock: Clock
  /** Told what went wrong where nobody is waiting for an answer. Never given secrets. */
  onProblem: (message: string) => void
}

/** What an organisation has from the service that it is one of. */
export interface SpPlace {
  profile: Profile
  organisation: string
  url: string
  verification: Verification
  rules: () => Rules
}

/** One organisation's insides (a service with one organisation is just this), handed to every route. */
export interface Sp {
  readonly profile: Profile
  /** What it is called in URLs. */
  readonly organisation: string
  /** Where the service answers, without a slash at the end. */
  readonly url: string
  /** The one that requests ask for first. */
  readonly acs: readonly [Acs, ...Acs[]]
  readonly accountId: string
  readonly api: { readonly key: string; readonly secret: string }
  /** For Assertions that are encrypted; undefined where the SP takes none. Made when first asked for, as the next one is. */
  readonly decryptionKey: DecryptionKey | undefined
  /** For what it signs itself; undefined where it signs nothing. */
  readonly signingKey: SigningKey | undefined
  /** What opens its SCIM server where that has no OAuth 2. */
  readonly scimToken: string
  /** The one client of the OAuth 2 server: the identity provider's SCIM client. */
  readonly oauthClient: { readonly id: string; readonly secret: string }
  /** Who is there from the start. The password is unknown where the database is from an earlier start. */
  readonly administrator: { readonly email: string; readonly password: string | undefined }
  readonly store: Store
  readonly tokens: Tokens
  readonly trust: Trust
  readonly mailer: Mailer
  readonly clock: Clock
  readonly onProblem: (message: string) => void
  rules(): Rules
  /** Everything as after the first start. */
  reset(): void
  close(): void
}

export const createSp = async (place: SpPlace, options: SpOptions): Promise<Sp> => {
  const { profile, organisation, url, rules } = place
  const { clock } = options
  const store = openStore(options.database, clock, (user) => {
    if (!rules().keepsTokens(user)) store.oauth.endGrantsOf(user.id)
  })
  const token = (): string => randomBytes(24).toString('base64url')
  const password = token()
  const passwordHash = await hashPassword(password)

  const { redirectUris, accessTokenSeconds = defaultOauthSettings.accessTokenSeconds } = options
  const fill = (): void => {
    store.settings.writeOauth({ redirectUris, accessTokenSeconds })
    const saml = options.metadata === undefined ? profile.settings.saml : { enabled: true, metadata: options.metadata }
    store.settings.write({ ...profile.settings, saml })
    profile.fill(store)
    store.users.create({ ...profile.administrator, source: 'console', passwordHash })
  }
  const isNew = store.once('filled-by', () => passwordHash) === passwordHash
  if (isNew) store.transaction(fill)
  else keepWhatIsNotGiven(store, options)

  const mailer = createMailer(options.smtp)
  let knownPassword = isNew ? password : undefined
  return {
    profile,
    organisation,
    url,
    acs: profile.acs(url, organisation),
    accountId: store.once('account-id', randomUUID),
    api: {
      key: store.once('api-key', () => randomBytes(8).toString('hex')),
      secret: store.once('api-secret', token),
    },
    get decryptionKey() {
      return profile.decrypts === true ? decryptionKeyOf(store.once('decryption-key', newPrivateKeyPem)) : undefined
    },
    get signingKey() {
      if (profile.signs !== true) return undefined
      return signingKeyOf(store.once('signing-key', newPrivateKeyPem), (pem) =>
        store.once('signing-certificate', () => newCertificate(pem, clock.now())),
      )
    },
    scimToken: store.once('scim-token', () => randomBytes(20).toString('hex')),
    oauthClient: { id: store.once('oauth-client-id', randomUUID), secret: store.once('oauth-client-secret', token) },
    get administrator() {
      return { email: profile.administrator.email, password: knownPassword }
    },
    store,
    tokens: createTokens(store, rules),
    trust: createTrust(store.settings, place.verification, clock, rules),
    mailer,
    clock,
    onProblem: options.onProblem,
    rules,
    reset: () => {
      store.empty()
      store.transaction(fill)
      knownPassword = password
    },
    close: () => {
      mailer.close()
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
