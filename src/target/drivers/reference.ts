/** The reference SP that idpact brings: how to reach it, and its settings API. */
import type { AdminConfig, TargetConfig } from '../../config/schema.ts'
import { defaultEmailDomain, targetSchema } from '../../config/schema.ts'
import type { AdminPort, SettingsChange, SettingsSnapshot, Verb } from '../ports.ts'
import type { Transport } from '../transport.ts'
import { isRecord, jsonOf, unexpected } from './api.ts'

type Config = Extract<AdminConfig, { driver: 'reference' }>

/** What a running reference SP says of itself (`idpact sp --json`), as far as it is needed here. */
export interface ReferenceSpInfo {
  /** As an idpact.yaml has it, but for what is not the SP's to say. */
  target: Readonly<Record<string, unknown>>
}

/**
 * The target that a running reference SP is, as if it stood in idpact.yaml.
 *
 * @param options.emailDomain of the generated people
 * @param options.outboxPort where idpact's own SMTP sink listens; 0 = any
 */
export const referenceTargetConfig = (
  info: ReferenceSpInfo,
  { emailDomain = defaultEmailDomain, outboxPort = 0 }: { emailDomain?: string; outboxPort?: number } = {},
): TargetConfig => {
  const users = isRecord(info.target['users']) ? info.target['users'] : {}
  const target = targetSchema.parse({
    name: 'reference SP',
    outbox: { driver: 'smtp', port: outboxPort },
    ...info.target,
    users: { ...users, emailDomain },
  })
  return { ...target, secrets: [...new Set(secretsIn(info.target))] }
}

const secretNames = new Set(['key', 'secret', 'clientSecret', 'token', 'password', 'authorization'])

const secretsIn = (value: unknown): string[] => {
  if (Array.isArray(value)) return value.flatMap(secretsIn)
  if (!isRecord(value)) return []
  return Object.entries(value).flatMap(([name, member]) =>
    typeof member === 'string' && secretNames.has(name) ? [member] : secretsIn(member),
  )
}

export const referenceAdminVerbs: readonly Verb[] = [
  'admin.saml',
  'admin.provisioning',
  'admin.enforce',
  'admin.metadata',
  'admin.twoFactor',
  'admin.scim',
  'admin.groupSync',
]

const bodyOf = ({
  saml,
  provisioning,
  enforce,
  scim,
  groupSync,
  metadata,
}: SettingsChange): Record<string, unknown> => {
  const source =
    metadata && ('inline' in metadata ? { mode: 'inline', xml: metadata.inline } : { mode: 'url', url: metadata.url })
  const samlChange = {
    ...(saml === undefined ? {} : { enabled: saml === 'on' }),
    ...(source === undefined ? {} : { metadata: source }),
  }
  return {
    ...(Object.keys(samlChange).length === 0 ? {} : { saml: samlChange }),
    ...(provisioning === undefined ? {} : { provisioning: provisioning === 'on' }),
    ...(enforce === undefined ? {} : { enforce: enforce === 'on' }),
    ...(scim === undefined ? {} : { scim: scim === 'on' }),
    ...(groupSync === undefined ? {} : { groupSync: groupSync === 'on' }),
  }
}

export const referenceAdmin = ({ baseUrl, token }: Config, transport: Transport): AdminPort => {
  const root = `${baseUrl.replace(/\/$/, '').replace(/\/settings$/, '')}`
  const call = async (method: string, path: string, body?: unknown): Promise<SettingsSnapshot> => {
    const url = `${root}/${path}`
    const headers = {
      authorization: `Bearer ${token}`,
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    }
    const answer = await transport.send({
      method,
      url,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
    })
    const json = jsonOf(answer)
    if (answer.status !== 200 || !isRecord(json)) throw unexpected({ method, url }, answer, '200 and JSON', transport)
    return json
  }
  return {
    settings: ['saml', 'provisioning', 'enforce', 'metadata', 'idp', 'scim', 'groupSync'],
    read: () => call('GET', 'settings'),
    restore: async (snapshot) => {
      await call('PUT', 'settings', snapshot)
    },
    apply: async (change) => {
      await call('PUT', 'settings', bodyOf(change))
    },
    tellsOfFailedFetch: true,
    toldDefects: async () => {
      const { defects } = await call('GET', 'defects')
      return Array.isArray(defects) ? defects.filter((id) => typeof id === 'string') : []
    },
    registerRedirectUri: async (uri) => {
      await call('POST', 'settings/oauth/redirect_uris', { uri })
    },
    setTwoFactor: async (id, on) => {
      await call('PUT', `users/${encodeURIComponent(id)}/two_factor`, { enabled: on })
    },
  }
}
