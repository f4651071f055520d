import { UsageError } from '../core/errors.ts'
import type { Sp } from './sp.ts'
import type { MetadataSource, Settings } from './store/settings.ts'

/** A partial change: what is not named stays. */
export interface SettingsChange {
  saml?: { enabled?: boolean; metadata?: MetadataSource | null }
  provisioning?: boolean
  enforce?: boolean
  scim?: boolean
  scimNestedCore?: boolean
  groupSync?: boolean
}

/**
 * Metadata are read, and fetched where they are given by URL, before anything is stored.
 *
 * @throws ConfigError when the metadata cannot be used; then nothing has changed.
 */
export const changeSettings = async (sp: Sp, change: SettingsChange): Promise<Settings> => {
  const metadata = change.saml?.metadata
  const fetched = metadata ? await prepare(sp, metadata) : undefined
  return sp.store.transaction(() => {
    const { saml, ...rest } = change
    const before = sp.store.settings.read()
    const settings = { ...before, ...rest, saml: { ...before.saml, ...saml } }
    sp.store.settings.write(settings)
    if (metadata !== undefined) sp.store.settings.rememberMetadata(fetched)
    return settings
  })
}

/** Settings that are put back word for word must not fail because the IdP is gone by then. */
const prepare = async (sp: Sp, metadata: MetadataSource) => {
  const before = sp.store.settings.read().saml.metadata
  try {
    return await sp.trust.prepare(metadata)
  } catch (error) {
    if (JSON.stringify(before) === JSON.stringify(metadata)) return sp.store.settings.fetchedMetadata()
    throw error
  }
}

const allowed =
  'saml: { enabled, metadata: { mode: "inline", xml } | { mode: "url", url } | null }, provisioning, enforce, scim, scimNestedCore, groupSync'

const wrong = (what: string): never => {
  throw new UsageError(`These settings cannot be changed: ${what}. Allowed: ${allowed}.`, { code: 'bad-settings' })
}

const record = (value: unknown, name: string, keys: readonly string[]): Record<string, unknown> => {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return wrong(`${name} must be an object`)
  const unknown = Object.keys(value).find((key) => !keys.includes(key))
  return unknown === undefined ? (value as Record<string, unknown>) : wrong(`${name} has no "${unknown}"`)
}

const flag = (value: unknown, name: string): boolean =>
  typeof value === 'boolean' ? value : wrong(`${name} must be true or false`)

const text = (value: unknown, name: string): string =>
  typeof value === 'string' && value !== '' ? value : wrong(`${name} must be a text`)

/** @throws UsageError that names the field. */
export const readSettingsChange = (body: unknown): SettingsChange => {
  const names = ['saml', 'provisioning', 'enforce', 'scim', 'scimNestedCore', 'groupSync']
  const { saml, provisioning, enforce, scim, scimNestedCore, groupSync } = record(body, 'the body', names)
  return {
    ...(saml === undefined ? {} : { saml: readSaml(saml) }),
    ...(provisioning === undefined ? {} : { provisioning: flag(provisioning, 'provisioning') }),
    ...(enforce === undefined ? {} : { enforce: flag(enforce, 'enforce') }),
    ...(scim === undefined ? {} : { scim: flag(scim, 'scim') }),
    ...(groupSync === undefined ? {} : { groupSync: flag(groupSync, 'groupSync') }),
    ...(scimNestedCore === undefined ? {} : { scimNestedCore: flag(scimNestedCore, 'scimNestedCore') }),
  }
}

const readSaml = (value: unknown): NonNullable<SettingsChange['saml']> => {
  const { enabled, metadata } = record(value, 'saml', ['enabled', 'metadata'])
  return {
    ...(enabled === undefined ? {} : { enabled: flag(enabled, 'saml.enabled') }),
    ...(metadata === undefined ? {} : { metadata: metadata === null ? null : readMetadataSource(metadata) }),
  }
}

const readMetadataSource = (value: unknown): MetadataSource => {
  const { mode, xml, url } = record(value, 'saml.metadata', ['mode', 'xml', 'url'])
  if (mode === 'inline') return { mode, xml: text(xml, 'saml.metadata.xml') }
  if (mode !== 'url') return wrong('saml.metadata.mode must be "inline" or "url"')
  const address = text(url, 'saml.metadata.url')
  return /^https?:$/.test(URL.canParse(address) ? new URL(address).protocol : '')
    ? { mode, url: address }
    : wrong('saml.metadata.url must be an http or https URL')
}
