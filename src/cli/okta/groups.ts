import { findGroup, findUser } from './find.ts'
import { facts, said, table } from './output.ts'
import { newProfileFrom, profileFrom } from './values.ts'
import { type Area, repeatable, type Verb, verb } from './verb.ts'

const attribute = () =>
  repeatable(
    '-a, --attribute <name=value>',
    'an attribute of the group, typed as its schema says; a list by repeating its name, "name=" removes it',
  )

const membership = (name: 'add-member' | 'remove-member', summary: string): Verb =>
  verb<[string, string[]]>({
    name,
    summary,
    args: '<group> <user...>',
    run: async ({ org }, [group, logins]) => {
      const { id, profile } = await findGroup(org, group)
      // All are looked up first: a misspelt one should not leave half of them done.
      const people = await Promise.all(logins.map((login) => findUser(org, login)))
      for (const user of people)
        await (name === 'add-member' ? org.groups.addMember(id, user.id) : org.groups.removeMember(id, user.id))
      const who = people.map((user) => user.profile.login).join(', ')
      return said(`${who} ${name === 'add-member' ? 'added to' : 'removed from'} ${profile.name}.`)
    },
  })

/** Directory > Groups. */
export const groups: Area = {
  name: 'groups',
  summary: 'the groups of the directory and their members, by name or id',
  verbs: [
    verb({
      name: 'list',
      summary: 'list all',
      run: async ({ org }) =>
        table(
          await org.groups.list(),
          {
            id: ({ id }) => id,
            name: ({ profile }) => profile.name,
            description: ({ profile }) => profile.description,
          },
          'No groups.',
        ),
    }),
    verb<[string]>({
      name: 'show',
      summary: 'show the profile and the members of one',
      args: '<group>',
      run: async ({ org }, [group]) => {
        const found = await findGroup(org, group)
        const members = await org.groups.members(found.id)
        return facts(
          { id: found.id, ...found.profile, members: members.map(({ profile }) => profile.login) },
          { ...found, members },
        )
      },
    }),
    verb<[string], { attribute?: string[] }>({
      name: 'create',
      summary: 'make one',
      args: '<name>',
      options: [attribute()],
      run: async ({ org }, [name], { attribute: pairs }) => {
        const group = await org.groups.create({
          profile: { ...newProfileFrom(pairs, await org.attributes.ofGroups()), name },
        })
        return said(`${name} is made: ${group.id}`, group)
      },
    }),
    verb<[string], { attribute?: string[] }>({
      name: 'update',
      summary: 'change attributes of one',
      args: '<group>',
      options: [attribute()],
      run: async ({ org }, [group], { attribute: pairs }) => {
        const { id } = await findGroup(org, group)
        const after = await org.groups.update(id, { profile: profileFrom(pairs, await org.attributes.ofGroups()) })
        return said(`${after.profile.name} is changed.`, after)
      },
    }),
    verb<[string, string]>({
      name: 'rename',
      summary: 'give one another name',
      args: '<group> <name>',
      run: async ({ org }, [group, name]) => {
        const { id, profile } = await findGroup(org, group)
        return said(`${profile.name} is now ${name}.`, await org.groups.update(id, { profile: { name } }))
      },
    }),
    verb<[string]>({
      name: 'delete',
      summary: 'delete one; its members stay',
      args: '<group>',
      run: async ({ org }, [group]) => {
        const { id, profile } = await findGroup(org, group)
        await org.groups.remove(id)
        return said(`${profile.name} is deleted.`)
      },
    }),
    membership('add-member', 'add people'),
    membership('remove-member', 'take people out'),
  ],
}
