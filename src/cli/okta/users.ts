import type { User } from '../../../mock-idp/admin/schema.ts'
import { findUser } from './find.ts'
import { facts, said, table } from './output.ts'
import { newProfileFrom, profileFrom } from './values.ts'
import { type Area, option, repeatable, type Verb, verb } from './verb.ts'

const attribute = () =>
  repeatable(
    '-a, --attribute <name=value>',
    'an attribute of the profile, typed as its schema says; a list by repeating its name, "name=" removes it',
  )

/** A verb that does nothing but change the status. */
const statusVerb = (name: string, status: User['status'], summary: string, done: string): Verb =>
  verb<[string]>({
    name,
    summary,
    args: '<user>',
    run: async ({ org }, [user]) => {
      const { id } = await findUser(org, user)
      const after = await org.users.update(id, { status })
      return said(`${after.profile.login} is ${done}.`, after)
    },
  })

/** Directory > People. */
export const users: Area = {
  name: 'users',
  summary: 'the people of the directory, by login or id',
  verbs: [
    verb<[string | undefined]>({
      name: 'list',
      summary: 'list all, or those whose login, e-mail or name contains a text',
      args: '[text]',
      run: async ({ org }, [text]) =>
        table(
          await org.users.list(text),
          {
            id: ({ id }) => id,
            login: ({ profile }) => profile.login,
            name: ({ profile }) => [profile.firstName, profile.lastName].filter(Boolean).join(' '),
            status: ({ status }) => status,
          },
          text === undefined ? 'No users.' : `No users with ${JSON.stringify(text)}.`,
        ),
    }),
    verb<[string]>({
      name: 'show',
      summary: 'show the profile of one',
      args: '<user>',
      run: async ({ org }, [user]) => {
        const found = await findUser(org, user)
        return facts({ id: found.id, status: found.status, ...found.profile }, found)
      },
    }),
    verb<[string], { attribute?: string[]; staged?: true }>({
      name: 'create',
      summary: 'make one; the e-mail address is the login unless given',
      args: '<login>',
      options: [attribute(), option('--staged', 'not active yet')],
      run: async ({ org }, [login], { attribute: pairs, staged }) => {
        const profile = newProfileFrom(pairs, await org.attributes.ofUsers())
        const user = await org.users.create({
          profile: { email: login, ...profile, login },
          ...(staged && { status: 'STAGED' }),
        })
        return said(`${user.profile.login} is made: ${user.id}`, user)
      },
    }),
    verb<[string], { attribute?: string[] }>({
      name: 'update',
      summary: 'change attributes of the profile; a login is changed with --attribute login=…',
      args: '<user>',
      options: [attribute()],
      run: async ({ org }, [user], { attribute: pairs }) => {
        const { id } = await findUser(org, user)
        const after = await org.users.update(id, { profile: profileFrom(pairs, await org.attributes.ofUsers()) })
        return said(`${after.profile.login} is changed.`, after)
      },
    }),
    statusVerb('activate', 'ACTIVE', 'make a staged or deactivated one active', 'active'),
    statusVerb('suspend', 'SUSPENDED', 'no sign-in for a while; service providers are told nothing', 'suspended'),
    statusVerb('unsuspend', 'ACTIVE', 'end a suspension', 'active'),
    statusVerb('deactivate', 'DEPROVISIONED', 'deactivate, here and at the service providers', 'deactivated'),
    verb<[string]>({
      name: 'delete',
      summary: 'delete; service providers are told nothing',
      args: '<user>',
      run: async ({ org }, [user]) => {
        const { id, profile } = await findUser(org, user)
        await org.users.remove(id)
        return said(`${profile.login} is deleted.`)
      },
    }),
  ],
}
