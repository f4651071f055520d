import type { Database } from './database.ts'

export type MetadataSource = { mode: 'inline'; xml: string } | { mode: 'url'; url: string }

/** What an administrator of the account sets. */
export interface Settings {
  saml: { enabled: boolean; metadata: MetadataSource | null }
  /** SAML provisioning: off unless asked for (it needs SAML login too). */
  provisioning: boolean
  /** Enforce SAML login. */
  enforce: boolean
}

export const defaultSettings: Settings = {
  saml: { enabled: false, metadata: null },
  provisioning: false,
  enforce: false,
}

/** What was last fetched from the metadata URL, and when (ms since the epoch). */
export interface FetchedMetadata {
  url: string
  xml: string
  at: number
}

export interface SettingsStore {
  read(): Settings
  write(settings: Settings): void
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
    read: () => (readKey('settings') as Settings | undefined) ?? defaultSettings,
    write: (settings) => writeKey('settings', settings),
    fetchedMetadata: () => (readKey('fetched-metadata') as FetchedMetadata | null | undefined) ?? undefined,
    rememberMetadata: (fetched) => writeKey('fetched-metadata', fetched ?? null),
  }
}
