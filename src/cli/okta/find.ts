/** People by login, groups by name, applications by label; each also by id. */
import type { Application, Group, User } from '../../../mock-idp/admin/schema.ts'
import type { OrgClient } from '../../../mock-idp/client.ts'
import { nearest } from '../../../mock-idp/faults/nearest.ts'
import { UsageError } from '../../core/errors.ts'

/** Whether an error is the mock IdP's "there is no such thing". */
export const isNotFound = (error: unknown): boolean =>
  error instanceof Error && 'status' in error && error.status === 404

/** @throws UsageError `no-such-user` */
export const findUser = async (org: OrgClient, text: string): Promise<User> => {
  const near = await org.users.list(text)
  const found = near.find(({ profile }) => profile.login.toLowerCase() === text.toLowerCase())
  if (found) return found
  try {
    return await org.users.get(text)
  } catch (error) {
    if (!isNotFound(error)) throw error
    const some = near.slice(0, 5).map(({ profile }) => profile.login)
    throw new UsageError(`There is no user with the login or id ${JSON.stringify(text)}`, {
      code: 'no-such-user',
      hint: some.length > 0 ? `Did you mean ${some.join(' or ')}?` : '"idpact okta users list" lists the people.',
    })
  }
}

/** @throws UsageError `no-such-group`, `ambiguous-group` */
export const findGroup = async (org: OrgClient, text: string): Promise<Group> =>
  pick(await org.groups.list(), text, {
    noun: 'group',
    nameOf: ({ profile }) => profile.name,
    list: '"idpact okta groups list" lists them.',
  })

/**
 * @param text label or id; left out: the only application
 * @throws UsageError `no-application`, `which-application`, `no-such-application`, `ambiguous-application`
 */
export const findApplication = async (org: OrgClient, text: string | undefined): Promise<Application> => {
  const all = await org.applications.list()
  const labels = all.map(({ label }) => label)
  if (text !== undefined)
    return pick(all, text, {
      noun: 'application',
      nameOf: ({ label }) => label,
      list: labels.length === 0 ? 'There is none yet.' : `There are: ${labels.join(', ')}.`,
    })
  const [only, second] = all
  if (only === undefined)
    throw new UsageError(`The org "${org.id}" has no application`, {
      code: 'no-application',
      hint: 'Make one: "idpact okta applications create".',
    })
  if (second !== undefined)
    throw new UsageError(`The org "${org.id}" has ${all.length} applications, and none was named`, {
      code: 'which-application',
      hint: `Name one with --app: ${labels.join(', ')}.`,
    })
  return only
}

interface Kind<T> {
  noun: string
  nameOf(thing: T): string
  /** How to see what there is. */
  list: string
}

/** By id, by name exactly, else by name in other upper and lower case. */
export const pick = <T extends { id: string }>(all: readonly T[], text: string, { noun, nameOf, list }: Kind<T>): T => {
  const byId = all.find(({ id }) => id === text)
  if (byId) return byId
  const exact = all.filter((one) => nameOf(one) === text)
  const found = exact.length > 0 ? exact : all.filter((one) => nameOf(one).toLowerCase() === text.toLowerCase())
  const [first, second] = found
  if (first !== undefined && second === undefined) return first
  if (first === undefined) {
    const near = nearest(text, all.map(nameOf))
    throw new UsageError(`There is no ${noun} with the name or id ${JSON.stringify(text)}`, {
      code: `no-such-${noun.replaceAll(' ', '-')}`,
      hint: near === undefined ? list : `Did you mean ${near}? ${list}`,
    })
  }
  throw new UsageError(`${found.length} of these are named ${JSON.stringify(text)}: a ${noun} was expected`, {
    code: `ambiguous-${noun.replaceAll(' ', '-')}`,
    hint: `Give the id of one: ${found.map(({ id }) => id).join(', ')}.`,
  })
}
