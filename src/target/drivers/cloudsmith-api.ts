/**
 * Cloudsmith's API, for one organisation: members, teams, SAML Group Sync and the SAML settings. The key goes in
 * `X-Api-Key`; lists come in pages with `X-Pagination-*`; errors are `{ detail, fields? }` (cloudsmith-docs:
 * api-schema-v1, api/error-handling). It makes no members: they sign up, or are provisioned.
 */
import type { CloudsmithApiConfig } from '../../config/schema.ts'
import { TargetError } from '../../core/errors.ts'
import type {
  Account,
  AccountsPort,
  AdminPort,
  GroupSyncPort,
  Refused,
  SettingsSnapshot,
  SpGroup,
  Verb,
} from '../ports.ts'
import type { HttpAnswer, Transport } from '../transport.ts'
import { flag, isRecord, jsonOf, messageOf, records, sameText, text, unexpected } from './api.ts'

type Json = Record<string, unknown>

export const cloudsmithAccountsVerbs: readonly Verb[] = [
  'accounts.find',
  'accounts.list',
  'accounts.delete',
  'accounts.groups',
  'accounts.manageGroups',
]
export const cloudsmithAdminVerbs: readonly Verb[] = ['admin.saml', 'admin.metadata', 'admin.groupSync']

const pageSize = 500
const mostPages = 100

interface Api {
  send(method: string, path: string, body?: Json): Promise<{ answer: HttpAnswer; url: string }>
  /** @throws TargetError unless the answer has this status */
  must(method: string, path: string, status: number, body?: Json): Promise<unknown>
  /** Undefined: 404. */
  one(path: string): Promise<Json | undefined>
  all(path: string): Promise<Json[]>
  remove(path: string): Promise<void>
  refusal(answer: HttpAnswer): Refused | undefined
}

const openApi = ({ baseUrl, organization, key }: CloudsmithApiConfig, transport: Transport): Api => {
  const root = `${baseUrl.replace(/\/$/, '')}/orgs/${encodeURIComponent(organization)}`
  const send: Api['send'] = async (method, path, body) => {
    const url = `${root}/${path}`
    const headers = {
      'x-api-key': key,
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    }
    return { url, answer: await transport.send({ method, url, headers, body: body && JSON.stringify(body) }) }
  }
  const must: Api['must'] = async (method, path, status, body) => {
    const { answer, url } = await send(method, path, body)
    if (answer.status !== status) throw unexpected({ method, url }, answer, String(status), transport)
    return jsonOf(answer)
  }
  return {
    send,
    must,
    one: async (path) => {
      const { answer, url } = await send('GET', path)
      if (answer.status === 404) return undefined
      const json = jsonOf(answer)
      if (answer.status !== 200 || !isRecord(json)) throw unexpected({ method: 'GET', url }, answer, '200', transport)
      return json
    },
    all: async (path) => {
      const found: Json[] = []
      for (let page = 1; page <= mostPages; page++) {
        const { answer, url } = await send(
          'GET',
          `${path}${path.includes('?') ? '&' : '?'}page=${page}&page_size=${pageSize}`,
        )
        const json = jsonOf(answer)
        if (answer.status !== 200 || !Array.isArray(json))
          throw unexpected({ method: 'GET', url }, answer, '200 and a list', transport)
        found.push(...records(json))
        const pages = Number(answer.headers['x-pagination-pagetotal'] ?? 1)
        if (!Number.isInteger(pages) || page >= pages) return found
      }
      throw new TargetError(`${path} has more than ${mostPages * pageSize} entries`, {
        code: 'too-many-accounts',
        hint: 'Use an organisation of its own for certification.',
      })
    },
    remove: async (path) => {
      const { answer, url } = await send('DELETE', path)
      // Gone is gone, whoever removed it.
      if ([200, 204, 404].includes(answer.status)) return
      throw unexpected({ method: 'DELETE', url }, answer, '204', transport)
    },
    refusal: (answer) =>
      [400, 403, 404, 409, 422].includes(answer.status)
        ? { refused: true, status: answer.status, message: messageOf(answer, transport) }
        : undefined,
  }
}

const accountOf = (member: Json): Account => {
  const [id, email] = [text(member['user']), text(member['email'])]
  if (id === undefined || email === undefined)
    throw new TargetError('A member of the API has no user or no email', { code: 'unexpected-answer' })
  const method = text(member['last_login_method'])
  return {
    id,
    email,
    name: text(member['user_name']),
    role: text(member['role']),
    enabled: flag(member['is_active']),
    twoFactor: flag(member['has_two_factor']),
    source: method === 'SAML' ? 'saml' : undefined,
  }
}

const emailOf = (member: Json): string => String(member['email'] ?? '')

/** @throws TargetError from every method when the API cannot be asked, or answers otherwise than documented */
export const cloudsmithAccounts = (config: CloudsmithApiConfig, transport: Transport): AccountsPort => {
  const api = openApi(config, transport)
  const cannot = (what: string): never => {
    throw new TargetError(`Cloudsmith's API cannot ${what}`, { code: 'not-supported' })
  }
  const memberAt = async (slug: string): Promise<Account | undefined> => {
    const member = await api.one(`members/${encodeURIComponent(slug)}/`)
    return member && accountOf(member)
  }
  const membersOf = async (team: string): Promise<string[]> => {
    const json = await api.must('GET', `teams/${encodeURIComponent(team)}/members`, 200)
    const slugs = records(isRecord(json) ? json['members'] : undefined).flatMap((one) => text(one['user']) ?? [])
    const members = await Promise.all(slugs.map(memberAt))
    return members.flatMap((member) => member?.email ?? []).toSorted()
  }
  const teams = async (wanted: (name: string) => boolean): Promise<SpGroup[]> => {
    const found = (await api.all('teams/')).filter((team) => wanted(String(team['name'])))
    return Promise.all(
      found.map(async (team) => {
        const id = String(team['slug'])
        const { description, visibility } = team
        return { id, name: String(team['name']), members: await membersOf(id), settings: { description, visibility } }
      }),
    )
  }
  return {
    find: async (by) => {
      if ('id' in by) return memberAt(by.id)
      const members = await api.all(`members/?query=${encodeURIComponent(`email:${by.email}`)}`)
      const member = sameText(members, emailOf, by.email)
      return member && accountOf(member)
    },
    list: async (prefix) =>
      (await api.all('members/'))
        .filter((member) => emailOf(member).toLowerCase().startsWith(prefix.toLowerCase()))
        .map(accountOf),
    create: async () => cannot('make a member'),
    update: async () => cannot('change a member'),
    delete: (id) => api.remove(`members/${encodeURIComponent(id)}/`),
    findGroup: async (name) => (await teams((one) => one === name))[0],
    listGroups: (prefix) => teams((name) => name.startsWith(prefix)),
    createGroup: async (name) => {
      const made = await api.must('POST', 'teams/', 201, { name })
      const id = isRecord(made) ? String(made['slug']) : ''
      return { id, name, members: [], settings: {} }
    },
    deleteGroup: (id) => api.remove(`teams/${encodeURIComponent(id)}/`),
    environments: async () => [],
  }
}

/** @throws TargetError from every method when the API cannot be asked, or answers otherwise than documented */
export const cloudsmithGroupSync = (config: CloudsmithApiConfig, transport: Transport): GroupSyncPort => {
  const api = openApi(config, transport)
  return {
    map: async ({ key, value, group }) => {
      const team = (await api.all('teams/')).find((one) => one['name'] === group)
      // A team that there is not has no slug: its name is what an administrator would type.
      const body = { idp_key: key, idp_value: value, role: 'Member', team: text(team?.['slug']) ?? group }
      const { answer, url } = await api.send('POST', 'saml-group-sync/', body)
      const json = jsonOf(answer)
      if (answer.status === 201 && isRecord(json)) return { id: String(json['slug_perm']) }
      return api.refusal(answer) ?? failed({ method: 'POST', url }, answer, transport)
    },
    unmap: (id) => api.remove(`saml-group-sync/${encodeURIComponent(id)}/`),
    enable: async () => {
      const { answer, url } = await api.send('POST', 'saml-group-sync/enable/')
      if (answer.status === 204 || answer.status === 200) return undefined
      return api.refusal(answer) ?? failed({ method: 'POST', url }, answer, transport)
    },
  }
}

const failed = (request: { method: string; url: string }, answer: HttpAnswer, transport: Transport): never => {
  throw unexpected(request, answer, 'success or a refusal', transport)
}

/** @throws TargetError from every method when the API cannot be asked, or refuses */
export const cloudsmithAdmin = (config: CloudsmithApiConfig, transport: Transport): AdminPort => {
  const api = openApi(config, transport)
  const saml = (body: Json): Promise<unknown> => api.must('PATCH', 'saml-authentication', 200, body)
  const sync = (on: boolean): Promise<unknown> => api.must('POST', `saml-group-sync/${on ? 'enable' : 'disable'}/`, 204)
  const metadataBody = (metadata: { inline: string } | { url: string }): Json =>
    'inline' in metadata
      ? { saml_metadata_inline: metadata.inline, saml_metadata_url: null }
      : { saml_metadata_url: metadata.url, saml_metadata_inline: null }
  return {
    settings: ['saml', 'metadata', 'idp', 'groupSync'],
    read: async (): Promise<SettingsSnapshot> => {
      const [settings, status] = [await api.one('saml-authentication'), await api.one('saml-group-sync/status/')]
      return { saml: settings ?? {}, groupSync: status?.['saml_group_sync_status'] === true }
    },
    restore: async ({ saml: before, groupSync }) => {
      const settings = isRecord(before) ? before : {}
      const { saml_metadata_inline: inline, saml_metadata_url: url } = settings
      await saml({
        saml_auth_enabled: settings['saml_auth_enabled'] === true,
        saml_auth_enforced: settings['saml_auth_enforced'] === true,
        ...(typeof inline === 'string' ? metadataBody({ inline }) : {}),
        ...(typeof url === 'string' ? metadataBody({ url }) : {}),
      })
      await sync(groupSync === true)
    },
    apply: async ({ saml: enabled, metadata, groupSync }) => {
      // Group Sync can be turned on only where SAML is on, and SAML is turned off last.
      if (groupSync === 'off') await sync(false)
      if (enabled !== undefined || metadata !== undefined)
        await saml({
          ...(enabled === undefined ? {} : { saml_auth_enabled: enabled === 'on' }),
          ...(metadata === undefined ? {} : metadataBody(metadata)),
        })
      if (groupSync === 'on') await sync(true)
    },
    tellsOfFailedFetch: true,
  }
}
