/**
 * Cloudinary's Provisioning API: users, user_groups and sub_accounts (product environments), HTTP Basic with the account's
 * key and secret, success always 200, errors `{ error: { message } }`.
 */
import type { AccountsConfig } from '../../config/schema.ts'
import { TargetError } from '../../core/errors.ts'
import type { Account, AccountChange, AccountsPort, Environment, NewAccount, SpGroup, Verb } from '../ports.ts'
import type { HttpAnswer, Transport } from '../transport.ts'
import { flag, isRecord, jsonOf, messageOf, records, sameText, text, unexpected } from './api.ts'

type Config = Extract<AccountsConfig, { driver: 'cloudinary-provisioning-api' }>
type Json = Record<string, unknown>
type Call = (method: string, path: string, body?: Json) => Promise<{ answer: HttpAnswer; url: string }>

const pageSize = 100
const mostPages = 200

export const provisioningApiVerbs: readonly Verb[] = [
  'accounts.find',
  'accounts.list',
  'accounts.create',
  'accounts.update',
  'accounts.delete',
  'accounts.groups',
  'accounts.manageGroups',
  'accounts.environments',
]

const caller =
  ({ baseUrl, accountId, key, secret }: Config, transport: Transport): Call =>
  async (method, path, body) => {
    const url = `${baseUrl.replace(/\/$/, '')}/accounts/${encodeURIComponent(accountId)}/${path}`
    const headers = {
      authorization: `Basic ${Buffer.from(`${key}:${secret}`).toString('base64')}`,
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    }
    return { url, answer: await transport.send({ method, url, headers, body: body && JSON.stringify(body) }) }
  }

/** The account as an API describes it, but for the names of its environments. */
const accountOf = (user: Json, environmentNames: Account['environments']): Account | undefined => {
  const [id, email] = [text(user['id']), text(user['email'])]
  if (id === undefined || email === undefined) return undefined
  const providers = Array.isArray(user['providers']) ? user['providers'].filter((one) => typeof one === 'string') : []
  return {
    id,
    email,
    name: text(user['name']),
    firstName: text(user['first_name']),
    lastName: text(user['last_name']),
    role: text(user['role']),
    enabled: flag(user['enabled']),
    groups: Array.isArray(user['groups'])
      ? records(user['groups'])
          .flatMap((group) => text(group['name']) ?? [])
          .toSorted()
      : undefined,
    environments: environmentNames,
    source: providers.includes('saml') ? 'saml' : providers[0],
    twoFactor: flag(user['two_factor']),
  }
}

/** What says nothing about a group's settings: who it is, when it changed, and its members. */
const isAboutMembers = (key: string): boolean => /^(id|name|users|members)$|_at$|_count$/.test(key)

const settingsOf = (json: Json): Json =>
  Object.fromEntries(Object.entries(json).filter(([key]) => !isAboutMembers(key) && key !== 'cloud_name'))

/**
 * @throws TargetError from every method when the API cannot be asked, refuses the credentials, or answers with something
 *   that is not what it is documented to answer
 */
export const cloudinaryProvisioningApi = (config: Config, transport: Transport): AccountsPort => {
  const call = caller(config, transport)
  let known: readonly Environment[] | undefined

  const read = async (path: string, expected: string): Promise<Json> => {
    const { answer, url } = await call('GET', path)
    const json = jsonOf(answer)
    if (answer.status !== 200 || !isRecord(json)) throw unexpected({ method: 'GET', url }, answer, expected, transport)
    return json
  }
  const readList = async (path: string, member: string): Promise<Json[]> => {
    const json = await read(path, `200 and a list "${member}"`)
    if (!Array.isArray(json[member]))
      throw new TargetError(`The answer to ${path} has no list "${member}"`, {
        code: 'unexpected-answer',
        hint: 'Is target.accounts.baseUrl really a Provisioning API of Cloudinary?',
      })
    return records(json[member])
  }

  const environments = async (): Promise<Environment[]> => {
    const list = (await readList('sub_accounts', 'sub_accounts')).flatMap((one): Environment[] => {
      const [id, name] = [text(one['id']), text(one['cloud_name']) ?? text(one['name'])]
      return id === undefined || name === undefined ? [] : [{ id, name, settings: settingsOf(one) }]
    })
    known = list
    return list
  }
  const environmentNames = async (user: Json): Promise<Account['environments']> => {
    if (user['all_sub_accounts'] === true) return 'all'
    const ids = user['sub_account_ids']
    if (!Array.isArray(ids)) return undefined
    const unknown = (): boolean => ids.some((id) => !known?.some((one) => one.id === id))
    if (unknown()) await environments()
    return ids.map((id) => known?.find((one) => one.id === id)?.name ?? String(id)).toSorted()
  }
  const asAccount = async (user: Json): Promise<Account> => {
    const account = accountOf(user, await environmentNames(user))
    if (account !== undefined) return account
    throw new TargetError('A user of the Provisioning API has no id or no email', { code: 'unexpected-answer' })
  }

  /** All users, page by page, until a page brings nothing new; page sizes that the API cuts down are no end. */
  const allUsers = async (query = ''): Promise<Json[]> => {
    const users = new Map<string, Json>()
    for (let page = 1; page <= mostPages; page++) {
      const before = users.size
      for (const user of await readList(`users?${query}page=${page}&page_size=${pageSize}`, 'users'))
        users.set(String(user['id']), user)
      if (users.size === before) return [...users.values()]
    }
    throw new TargetError(`The account has more than ${mostPages * pageSize} users`, {
      code: 'too-many-accounts',
      hint: 'Use an account of its own for certification.',
    })
  }
  const emailOf = (user: Json): string => String(user['email'] ?? '')
  const findUser = async (email: string): Promise<Json | undefined> => {
    const query = `emails=${encodeURIComponent(email)}&`
    const [first] = [await readList(`users?${query}page=1&page_size=${pageSize}`, 'users')]
    // An API that does not know the parameter gives everybody.
    return (
      sameText(first, emailOf, email) ??
      (first.length > 1 ? sameText(await allUsers(query), emailOf, email) : undefined)
    )
  }

  const find: AccountsPort['find'] = async (by) => {
    if ('email' in by) {
      const user = await findUser(by.email)
      return user && asAccount(user)
    }
    const { answer, url } = await call('GET', `users/${encodeURIComponent(by.id)}`)
    if (answer.status === 404) return undefined
    const json = jsonOf(answer)
    if (answer.status !== 200 || !isRecord(json)) throw unexpected({ method: 'GET', url }, answer, '200', transport)
    return asAccount(json)
  }

  const idsOf = async (names: readonly string[]): Promise<string[]> => {
    const all = await environments()
    return names.map((name) => {
      const found = all.find((one) => one.name === name)
      if (found !== undefined) return found.id
      throw new TargetError(
        `There is no product environment ${name}; there are ${all.map((one) => one.name).join(', ')}`,
        {
          code: 'no-such-environment',
          hint: 'Correct parameters.productEnvironments in idpact.yaml.',
        },
      )
    })
  }
  const change = async (method: string, path: string, body: Json | undefined, expected: string): Promise<Json> => {
    const { answer, url } = await call(method, path, body)
    const json = jsonOf(answer)
    if (answer.status !== 200 || !isRecord(json)) throw unexpected({ method, url }, answer, expected, transport)
    return json
  }
  const remove = async (path: string): Promise<void> => {
    const { answer, url } = await call('DELETE', path)
    // Gone is gone, whoever removed it.
    if (answer.status === 200 || answer.status === 204 || answer.status === 404) return
    throw unexpected({ method: 'DELETE', url }, answer, '200', transport)
  }

  const groupsNamed = async (wanted: (name: string) => boolean): Promise<SpGroup[]> => {
    const groups = (await readList('user_groups', 'user_groups')).filter((group) => wanted(String(group['name'])))
    return Promise.all(
      groups.map(async (group) => {
        const id = String(group['id'])
        const members = await readList(`user_groups/${encodeURIComponent(id)}/users`, 'users')
        return {
          id,
          name: String(group['name']),
          members: members.map(emailOf).toSorted(),
          settings: settingsOf(group),
        }
      }),
    )
  }

  return {
    find,
    // The API's own prefix is of names or of addresses, by version; so idpact looks at the addresses itself.
    list: async (prefix) => {
      const users = (await allUsers()).filter((user) => emailOf(user).toLowerCase().startsWith(prefix.toLowerCase()))
      return Promise.all(users.map(asAccount))
    },
    create: async ({ email, name, role, environments: names }: NewAccount) =>
      asAccount(
        await change(
          'POST',
          'users',
          {
            email,
            name,
            ...(role === undefined ? {} : { role }),
            ...(names === undefined ? {} : { sub_account_ids: await idsOf(names) }),
          },
          '200 and the new user',
        ),
      ),
    update: async (id, { email, name, role, enabled, password }: AccountChange) => {
      const body = Object.fromEntries(
        Object.entries({ email, name, role, enabled, password }).filter(([, value]) => value !== undefined),
      )
      const { answer, url } = await call('PUT', `users/${encodeURIComponent(id)}`, body)
      const json = jsonOf(answer)
      if (answer.status === 200 && isRecord(json)) return asAccount(json)
      if ([400, 403, 404, 409, 422].includes(answer.status))
        return { refused: true, status: answer.status, message: messageOf(answer, transport) }
      throw unexpected({ method: 'PUT', url }, answer, '200 or a refusal', transport)
    },
    delete: (id) => remove(`users/${encodeURIComponent(id)}`),
    findGroup: async (name) => (await groupsNamed((one) => one === name))[0],
    listGroups: (prefix) => groupsNamed((name) => name.startsWith(prefix)),
    createGroup: async (name) => {
      const group = await change('POST', 'user_groups', { name }, '200 and the new group')
      return { id: String(group['id']), name: String(group['name'] ?? name), members: [], settings: settingsOf(group) }
    },
    deleteGroup: (id) => remove(`user_groups/${encodeURIComponent(id)}`),
    environments,
  }
}
