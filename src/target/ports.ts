/**
 * The ways to reach and observe a service provider under test. A scenario needs verbs (`accounts.find`); a target has some
 * of them. What a target lacks makes scenarios not-observable, never passed.
 */
import type { ScimAuthConfig, SingleLogout } from '../config/schema.ts'
import type { Page, UserAgent } from './user-agent.ts'

export const verbs = {
  'acs.post': 'the ACS URL that the mock IdP answers at',
  'acs.second': 'a second ACS URL',
  'acs.metadata': 'its own metadata',
  'start.login': 'the URL where a login begins at the SP, for an e-mail address',
  'session.whoAmI': 'a URL that says who is logged in',
  'passwordLogin.login': 'logging in with e-mail and password',
  'accounts.find': 'reading one account',
  'accounts.list': 'listing accounts',
  'accounts.create': 'making an account',
  'accounts.update': 'changing an account',
  'accounts.delete': 'deleting an account',
  'accounts.groups': 'reading groups and their members',
  'accounts.manageGroups': 'making and deleting groups',
  'accounts.environments': 'listing product environments',
  'admin.saml': 'turning SAML login on and off',
  'admin.provisioning': 'turning SAML provisioning on and off',
  'admin.enforce': 'turning Enforce on and off',
  'admin.metadata': 'setting the IdP metadata, inline or by URL',
  'admin.twoFactor': 'turning two-factor on for an account',
  'admin.scim': 'turning SCIM on and off',
  'admin.groupSync': 'turning Group Sync on and off, between the phases of a run',
  'groupSync.map': 'mapping a group that is asserted to a group of the SP',
  'groupSync.switch': 'turning Group Sync on as an administrator does, and being refused',
  'scim.call': 'a SCIM server, and what opens it',
  'scim.consent': 'consenting to OAuth 2 access in a browser',
  'outbox.read': 'reading the mail that the SP sends',
  'ssoSetup.save': 'saving the IdP metadata in the browser of somebody who is logged in',
  'tenantB.login': 'logging in at a second organisation, which trusts an IdP of its own',
  'tenantB.start': 'where a login at a second organisation begins',
  'tenantB.accounts': 'reading accounts of a second organisation',
  'tenantB.scim': 'the SCIM server as a second organisation has it',
} as const
export type Verb = keyof typeof verbs

export interface Target {
  name: string
  version?: string | undefined
  /** One of its URLs, which answers something as long as it is there. */
  address: string
  /** Whether everything of it is on this machine; if not, consents are asked for and signatures are cut in evidence. */
  loopback: boolean
  has(verb: Verb): boolean
  /** What to write into idpact.yaml to get a verb, in a sentence. */
  howToProvide(verb: Verb): string
  /** A fresh browser: no cookies. All of a target's browsers share its limits (proxy, certificates, requests per second). */
  newAgent(): UserAgent
  acs: {
    urls: readonly string[]
    audiences: readonly string[]
    /** Its own metadata, as XML. Throws TargetError where they cannot be read. */
    metadata?: (() => Promise<string>) | undefined
    /** Undefined where it has none. */
    singleLogout?: SingleLogout | undefined
    /** For which Assertions may be encrypted, as far as it is known. */
    encryptionKey?: string | undefined
  }
  start?: StartPort | undefined
  session?: SessionPort | undefined
  passwordLogin?: PasswordLoginPort | undefined
  ssoSetup?: SsoSetupPort | undefined
  groupSync?: GroupSyncPort | undefined
  accounts?: AccountsPort | undefined
  admin?: AdminPort | undefined
  outbox?: OutboxPort | undefined
  scim?: ScimPort | undefined
  /** A second organisation at the same SP, with ports of its own. */
  b?: Target | undefined
  /** Milliseconds that an observation may take to come true. */
  settleMs: number
  /** Whether the SP says of itself that changes arrive later: then "unchanged" waits the whole of `settleMs`. */
  asynchronous: boolean
  close(): Promise<void>
}

export interface StartPort {
  /** Where a browser goes to begin a login of this person; `acs` asks the SP to be answered at another of its ACS URLs. */
  url(person: { email: string; acs?: string }): string
}

export interface WhoAmI {
  /** What the SP calls the person who is logged in, usually the e-mail. */
  identity: string
  role?: string | undefined
  name?: string | undefined
}

export interface SessionPort {
  /** Whether the SP keeps a session; false: only its answer to a Response says who that was. */
  isKept: boolean
  /** Who is logged in in this browser; undefined when nobody is. Throws TargetError when the SP cannot say. */
  whoAmI(agent: UserAgent): Promise<WhoAmI | undefined>
}

export interface PasswordLoginPort {
  /** `second-factor`: the password was right, and the SP asks for more before there is a session. */
  login(agent: UserAgent, credentials: { email: string; password: string }): Promise<'submitted' | 'second-factor'>
}

/** Which groups of the SP somebody is put into for which asserted values. */
export interface GroupSyncPort {
  /** @returns a refusal where the SP takes no such mapping: there is no group of this name */
  map(mapping: { key: string; value: string; group: string }): Promise<{ id: string } | Refused>
  unmap(id: string): Promise<void>
  /** @returns a refusal where the SP does not let itself be switched */
  enable(): Promise<Refused | undefined>
}

export interface SsoSetupPort {
  /** Sends what the page of the settings would send, with the session of this browser. */
  save(agent: UserAgent, metadata: string): Promise<Page>
}

/** An account as every driver describes it. `undefined` = this driver cannot see it. */
export interface Account {
  id: string
  email: string
  name?: string | undefined
  firstName?: string | undefined
  lastName?: string | undefined
  role?: string | undefined
  enabled?: boolean | undefined
  /** Names of the groups that it is a member of, sorted. */
  groups?: readonly string[] | undefined
  /** Names of the environments that it may use, sorted; `all` = all, those made later too. */
  environments?: 'all' | readonly string[] | undefined
  /** How it came into being, where the SP says so (`saml`). */
  source?: string | undefined
  twoFactor?: boolean | undefined
}

export interface NewAccount {
  email: string
  name: string
  role?: string | undefined
  environments?: readonly string[] | undefined
}

export interface AccountChange {
  email?: string
  name?: string
  role?: string
  enabled?: boolean
  /** Only to show that it is refused. */
  password?: string
}

export interface SpGroup {
  id: string
  name: string
  /** E-mail addresses of the members, sorted. */
  members: readonly string[]
  /** Everything else that the SP says of the group but its members and its times: permissions, settings. */
  settings: Readonly<Record<string, unknown>>
}

export interface Environment {
  id: string
  /** The name that assertions use. */
  name: string
  settings: Readonly<Record<string, unknown>>
}

/**
 * Every method throws TargetError when the SP cannot be asked. A refusal by the SP is a value where a scenario may ask
 * for it ({@link Refused}), and a TargetError elsewhere.
 */
export interface AccountsPort {
  find(by: { email: string } | { id: string }): Promise<Account | undefined>
  /** Accounts whose e-mail starts with the prefix. */
  list(prefix: string): Promise<Account[]>
  create(account: NewAccount): Promise<Account>
  update(id: string, change: AccountChange): Promise<Account | Refused>
  delete(id: string): Promise<void>
  findGroup(name: string): Promise<SpGroup | undefined>
  /** Groups whose name starts with the prefix. */
  listGroups(prefix: string): Promise<SpGroup[]>
  createGroup(name: string): Promise<SpGroup>
  deleteGroup(id: string): Promise<void>
  environments(): Promise<Environment[]>
}

export interface Refused {
  refused: true
  status: number
  message: string
}

export interface AdminPort {
  /** What can be set at this target: names of settings of the contract. */
  settings: readonly string[]
  /** The SP's settings as they are, to be put back word for word with `restore`. */
  read(): Promise<SettingsSnapshot>
  restore(snapshot: SettingsSnapshot): Promise<void>
  apply(change: SettingsChange): Promise<void>
  /** Whether `apply` throws when the SP cannot fetch the metadata URL that it is given. */
  tellsOfFailedFetch?: boolean
  setTwoFactor?(accountId: string, on: boolean): Promise<void>
  /** Lets the SP's OAuth 2 server send codes to this address. */
  registerRedirectUri?(uri: string): Promise<void>
  /** Requirements that the target says it was told to break: a reference SP. A report shows them first, and judges alike. */
  toldDefects?(): Promise<readonly string[]>
}

/** Opaque to everyone but the driver that made it; JSON, so that it can be kept on disk over a crash. */
export type SettingsSnapshot = Readonly<Record<string, unknown>>

export interface SettingsChange {
  saml?: 'on' | 'off'
  provisioning?: 'on' | 'off'
  enforce?: 'on' | 'off'
  scim?: 'on' | 'off'
  groupSync?: 'on' | 'off'
  metadata?: { inline: string } | { url: string }
}

/** The SCIM server, as an administrator of the identity provider sets it up. */
export interface ScimPort {
  /** `https://sp.example/scim/v2`: `/Users` and `/Groups` follow it. */
  baseUrl: string
  /** As the control API of the mock IdP takes it. */
  auth: ScimAuthConfig
  /** How long the mock IdP waits for an answer. */
  timeoutMs: number
  /** The token endpoint; only where `auth` is OAuth 2. */
  tokens?: TokenPort | undefined
  /** Gives access to the mock IdP; undefined where `auth` is all that is needed. */
  authorise?: ((idp: ConsentOf) => Promise<void>) | undefined
  /** The consent in a browser, for scenarios that look at it. */
  consent?: ConsentPort | undefined
}

export interface TokenPort {
  /**
   * Asks for tokens, and gives whatever is answered; an empty body where it is no JSON object.
   *
   * @param parameters of RFC 6749 4.1.3 or 6, without what proves the client
   * @param change what is otherwise than in idpact.yaml
   */
  ask(parameters: Readonly<Record<string, string>>, change?: { clientSecret?: string }): Promise<TokenAnswer>
}

export interface TokenAnswer {
  status: number
  body: Readonly<Record<string, unknown>>
}

/** What authorising needs of the mock IdP. */
export interface ConsentOf {
  /** Where the SP must send the browser back to; it must be registered there. */
  redirectUri: string
  authorizationUrl(): Promise<string>
  setTokens(tokens: { accessToken: string; refreshToken?: string | undefined }): Promise<unknown>
  newAgent(): UserAgent
}

export interface ConsentPort {
  /**
   * Opens the authorization URL, logs in where that is asked for, and decides.
   *
   * @param options.as who logs in; the account of idpact.yaml when left out
   */
  decide(
    agent: UserAgent,
    url: string,
    options: {
      answer: 'accept' | 'decline'
      redirectUri: string
      as?: { email: string; password: string } | undefined
    },
  ): Promise<ConsentOutcome>
}

export interface ConsentOutcome {
  /** Where the browser was sent back to, with its query; undefined: it was not. */
  callback: string | undefined
  askedToLogIn: boolean
  askedToConsent: boolean
  page: Page
}

export interface Mail {
  to: readonly string[]
  subject: string
  text: string
  html?: string | undefined
  receivedAt: string
}

export interface OutboxPort {
  /** Mail to this address that has arrived so far, oldest first. */
  read(to: string): Promise<Mail[]>
}
