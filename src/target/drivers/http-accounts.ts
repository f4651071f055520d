import type { AccountsConfig, HttpOperation } from '../../config/schema.ts'
import { TargetError } from '../../core/errors.ts'
import { textAt, valueAtPointer } from '../json-pointer.ts'
import type { Account, AccountsPort, Environment, SpGroup, Verb } from '../ports.ts'
import type { Transport } from '../transport.ts'
import { isRecord, sameText } from './api.ts'
import { type HttpApi, mustRemove, mustRun, run, runList } from './http-operation.ts'

type Config = Extract<AccountsConfig, { driver: 'http' }>

const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((item) => typeof item === 'string').toSorted() : []

const accountOf = (json: unknown, at: Config['account']): Account | undefined => {
  const [id, email] = [textAt(json, at.id), textAt(json, at.email)]
  if (id === undefined || email === undefined) return undefined
  const flagAt = (pointer: string | undefined): boolean | undefined => {
    const value = pointer === undefined ? undefined : valueAtPointer(json, pointer)
    return typeof value === 'boolean' ? value : undefined
  }
  // A pointer that leads nowhere is no empty list: then "in no group" would be seen where nothing was.
  const listAt = (pointer: string | undefined): string[] | undefined => {
    const found = pointer === undefined ? undefined : valueAtPointer(json, pointer)
    return Array.isArray(found) ? texts(found) : undefined
  }
  return {
    id,
    email,
    name: textAt(json, at.name),
    firstName: textAt(json, at.firstName),
    lastName: textAt(json, at.lastName),
    role: textAt(json, at.role),
    enabled: flagAt(at.enabled),
    groups: listAt(at.groups),
    environments: listAt(at.environments),
    source: textAt(json, at.source),
    twoFactor: flagAt(at.twoFactor),
  }
}

/** The verbs that the declared requests make. */
export const httpAccountsVerbs = (config: Config): Verb[] => {
  const made: [Verb, unknown][] = [
    ['accounts.find', config.find],
    ['accounts.list', config.list],
    ['accounts.create', config.create],
    ['accounts.update', config.update],
    ['accounts.delete', config.delete],
    ['accounts.groups', config.groups],
    ['accounts.manageGroups', config.groups && config.createGroup && config.deleteGroup],
    ['accounts.environments', config.environments],
  ]
  return made.flatMap(([verb, given]) => (given === undefined ? [] : [verb]))
}

const declared = (operation: HttpOperation | undefined, name: string): HttpOperation => {
  if (operation !== undefined) return operation
  throw new TargetError(`target.accounts.${name} is not declared in idpact.yaml`, {
    code: 'not-declared',
    hint: `Declare target.accounts.${name}: the request, and where its answer holds what is read.`,
  })
}

/** The `http` driver: the account API of any SP, as idpact.yaml declares it. */
export const httpAccounts = (config: Config, transport: Transport): AccountsPort => {
  const api: HttpApi = { baseUrl: config.baseUrl, headers: config.headers, transport }
  const must = (json: unknown, name: string): Account => {
    const account = accountOf(json, config.account)
    if (account !== undefined) return account
    throw new TargetError(
      `The answer to target.accounts.${name} has no id at ${config.account.id} or no e-mail at ${config.account.email}`,
      { code: 'unexpected-answer', hint: `Correct target.accounts.account, or the pointer "at" of ${name}.` },
    )
  }
  const groups = async (prefix: string): Promise<SpGroup[]> => {
    const list = await runList(api, declared(config.groups, 'groups'), { prefix })
    return list.filter(isRecord).flatMap((json): SpGroup[] => {
      const [id, name] = [textAt(json, config.group.id), textAt(json, config.group.name)]
      if (id === undefined || name === undefined) return []
      const aside = [config.group.id, config.group.name, config.group.members].map((pointer) => pointer.split('/')[1])
      const settings = Object.entries(json).filter(
        ([key]) => !aside.includes(key) && !/(_at|At|_count|Count)$/.test(key),
      )
      const members = texts(valueAtPointer(json, config.group.members))
      return [{ id, name, members, settings: Object.fromEntries(settings) }]
    })
  }

  return {
    find: async (by) => {
      if ('email' in by) {
        const all = (await runList(api, declared(config.find, 'find'), by)).map((json) => must(json, 'find'))
        return sameText(all, ({ email }) => email, by.email)
      }
      const outcome = await run(api, declared(config.findById, 'findById'), by)
      return outcome.kind === 'done' ? must(outcome.value, 'findById') : undefined
    },
    list: async (prefix) => {
      const all = await runList(api, declared(config.list, 'list'), { prefix })
      return all
        .map((json) => must(json, 'list'))
        .filter(({ email }) => email.toLowerCase().startsWith(prefix.toLowerCase()))
    },
    create: async (account) => must(await mustRun(api, declared(config.create, 'create'), { ...account }), 'create'),
    update: async (id, change) => {
      const outcome = await run(api, declared(config.update, 'update'), { id, ...change })
      if (outcome.kind === 'done') return must(outcome.value, 'update')
      return outcome.kind === 'refused' ? outcome.refusal : { refused: true, status: 404, message: 'no such account' }
    },
    delete: (id) => mustRemove(api, declared(config.delete, 'delete'), { id }),
    findGroup: async (name) => (await groups(name)).find((group) => group.name === name),
    listGroups: async (prefix) => (await groups(prefix)).filter(({ name }) => name.startsWith(prefix)),
    createGroup: async (name) => {
      await mustRun(api, declared(config.createGroup, 'createGroup'), { name })
      const made = (await groups(name)).find((group) => group.name === name)
      if (made !== undefined) return made
      throw new TargetError(`The group ${name} was made, and is not in the list of groups`, {
        code: 'unexpected-answer',
      })
    },
    deleteGroup: (id) => mustRemove(api, declared(config.deleteGroup, 'deleteGroup'), { id }),
    environments: async () => {
      const list = await runList(api, declared(config.environments, 'environments'), {})
      return list.filter(isRecord).flatMap((json): Environment[] => {
        const [id, name] = [textAt(json, config.environment.id), textAt(json, config.environment.name)]
        return id === undefined || name === undefined ? [] : [{ id, name, settings: json }]
      })
    },
  }
}
