import type { Database } from './database.ts'

export type MetadataSource = { mode: 'inline'; xml: string } | { mode: 'url'; url: string }

/** What an administrator of the account sets. */
export interface Settings {
  saml: { enabled: boolean; metadata: MetadataSource | null }
  /** SAML provisioning: off unless asked for (it needs SAML login too). */
  provisioning: boolean
  /** Enforce SAML login. */
  enforce: boolean
  /** Whether the SCIM server answers. */
  scim: boolean
  /** Whether `role` and `product_environments` are also read from an object under the core URN, as one article of Okta has it. */
  scimNestedCore: boolean
  /** Whether asserted groups are turned into memberships of teams. */
  groupSync: boolean
}

export const defaultSettings: Settings = {
  saml: { enabled: false, metadata: null },
  provisioning: false,
  enforce: false,
  scim: true,
  scimNestedCore: false,
  groupSync: false,
}

/** What is set of the OAuth 2 server. */
export interface OauthSettings {
  /** Where codes may be sent; compared character by character. */
  redirectUris: readonly string[]
  /** How long a new access token lives: `expires_in` of the token answer (RFC 6749 5.1). */
  accessTokenSeconds: number
}

/** Nobody can be sent anywhere before a redirect URI is registered. */
export const defaultOauthSettings: OauthSettings = { redirectUris: [], accessTokenSeconds: 3600 }

/** What was last fetched from the metadata URL, and when (ms since the epoch). */
export interface FetchedMetadata {
  url: string
  xml: string
  at: number
}

export interface SettingsStore {
  read(): Settings
  write(settings: Settings): void
  /** Whether SAML was on, and then turned off, since everything began. */
  samlWasOff(): boolean
  oauth(): OauthSettings
  writeOauth(settings: OauthSettings): void
  fetchedMetadata(): FetchedMetadata | undefined
  rememberMetadata(fetched: FetchedMetadata | undefined): void
}

export const createSettings = (db: Database): SettingsStore => {
  const readKey = (key: string): unknown => {
    const row = db.get('SELECT value FROM settings WHERE key = ?', key)
    return row && JSON.parse(String(row['value']))
  }
  const writeKey = (key: string, value: unknown): void => {
    db.run(
      'INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
      key,
      JSON.stringify(value),
    )
  }
  return {
    // Settings of an earlier version lack what is new.
    read: () => ({ ...defaultSettings, ...(readKey('settings') as Partial<Settings> | undefined) }),
    write: (settings) => {
      const before = readKey('settings') as Partial<Settings> | undefined
      if (before?.saml?.enabled === true && !settings.saml.enabled) writeKey('saml-was-off', true)
      writeKey('settings', settings)
    },
    samlWasOff: () => readKey('saml-was-off') === true,
    oauth: () => (readKey('oauth') as OauthSettings | undefined) ?? defaultOauthSettings,
    writeOauth: (settings) => writeKey('oauth', settings),
    fetchedMetadata: () => (readKey('fetched-metadata') as FetchedMetadata | null | undefined) ?? undefined,
    rememberMetadata: (fetched) => writeKey('fetched-metadata', fetched ?? null),
  }
}
