import type { FormField } from '../../../mock-idp/provisioning-client.ts'
import { findGroup, findUser } from './find.ts'
import { wholeNumber } from './numbers.ts'
import { type Answer, said, table } from './output.ts'
import { appAttributes } from './settings.ts'
import { newProfileFrom } from './values.ts'
import { type Area, option, repeatable, type Verb, type VerbContext, verb } from './verb.ts'

const value = () =>
  repeatable('-v, --value <name=value>', 'a value typed at assignment, by the name of the attribute of the application')

const typedValues = async ({ org }: VerbContext, applicationId: string, pairs: string[] | undefined) =>
  pairs && newProfileFrom(pairs, await appAttributes(await org.provisioning.get(applicationId)))

/** Assignments > Assign. */
export const assign: Area = {
  name: 'assign',
  summary: 'assign the application to a person or a group',
  verbs: [
    verb<[string], { value?: string[] }>({
      name: 'user',
      summary: 'assign it to a person, or change the values that were typed for one who is assigned',
      args: '<user>',
      ofApplication: true,
      options: [value()],
      run: async (ctx, [login], options) => {
        const [app, user] = [await ctx.app(), await findUser(ctx.org, login)]
        const profile = await typedValues(ctx, app.id, options.value)
        await ctx.org.applications.assignUser(app.id, user.id, profile && { profile })
        return said(`${app.label} is assigned to ${user.profile.login}.`)
      },
    }),
    verb<[string], { value?: string[]; priority?: number }>({
      name: 'group',
      summary: 'assign it to every member of a group, or change the values and the priority of one that assigns it',
      args: '<group>',
      ofApplication: true,
      options: [
        value(),
        option('--priority <number>', 'among the groups of the application: 0 is the highest').argParser(wholeNumber),
      ],
      run: async (ctx, [name], { value: pairs, priority }) => {
        const [app, group] = [await ctx.app(), await findGroup(ctx.org, name)]
        const profile = await typedValues(ctx, app.id, pairs)
        await ctx.org.applications.assignGroup(app.id, group.id, {
          ...(profile && { profile }),
          ...(priority !== undefined && { priority }),
        })
        return said(`${app.label} is assigned to the group ${group.profile.name}.`)
      },
    }),
  ],
}

export const unassign: Area = {
  name: 'unassign',
  summary: 'end an assignment',
  verbs: [
    verb<[string]>({
      name: 'user',
      summary: 'of a person',
      args: '<user>',
      ofApplication: true,
      run: async (ctx, [login]) => {
        const [app, user] = [await ctx.app(), await findUser(ctx.org, login)]
        await ctx.org.applications.unassignUser(app.id, user.id)
        return said(`${app.label} is not assigned to ${user.profile.login} any more.`)
      },
    }),
    verb<[string]>({
      name: 'group',
      summary: 'of a group',
      args: '<group>',
      ofApplication: true,
      run: async (ctx, [name]) => {
        const [app, group] = [await ctx.app(), await findGroup(ctx.org, name)]
        await ctx.org.applications.unassignGroup(app.id, group.id)
        return said(`${app.label} is not assigned to the group ${group.profile.name} any more.`)
      },
    }),
  ],
}

/** Which groups assign the application. */
export const assignments: Verb = verb({
  name: 'assignments',
  summary: 'the groups that assign the application, by priority, with the values that they give',
  ofApplication: true,
  run: async ({ org, app }) => {
    const { id, everyone } = await app()
    const [rows, all] = await Promise.all([org.provisioning.groupAssignments(id), org.groups.list()])
    const named = rows
      .map((row) => ({ ...row, name: all.find((group) => group.id === row.groupId)?.profile.name ?? '' }))
      .sort((a, b) => a.priority - b.priority)
    return {
      ...table(
        named,
        { priority: (row) => row.priority, group: (row) => row.name, values: ({ profile }) => profileText(profile) },
        everyone ? 'It is assigned to everyone.' : 'No group assigns it.',
      ),
      data: { everyone, groups: named },
    }
  },
})

const profileText = (profile: object): string[] => Object.entries(profile).map(([name, is]) => `${name}=${String(is)}`)

const formTable = (fields: readonly FormField[]): Answer =>
  table(
    fields,
    {
      attribute: ({ attribute }) => attribute,
      type: ({ type }) => type,
      required: ({ required }) => required,
      value: (field) => field.value,
      source: ({ source }) => source,
      values: ({ enum: values }) => values?.map((one) => one.value),
    },
    'The form has no fields.',
  )

export const form: Area = {
  name: 'form',
  summary: 'the form of an assignment, filled in, with where each value is from',
  verbs: [
    verb<[string]>({
      name: 'user',
      summary: 'for a person',
      args: '<user>',
      ofApplication: true,
      run: async ({ org, app }, [login]) => {
        const [{ id }, user] = [await app(), await findUser(org, login)]
        return formTable(await org.provisioning.form(id, { userId: user.id }))
      },
    }),
    verb<[string]>({
      name: 'group',
      summary: 'for a group',
      args: '<group>',
      ofApplication: true,
      run: async ({ org, app }, [name]) => {
        const [{ id }, group] = [await app(), await findGroup(org, name)]
        return formTable(await org.provisioning.form(id, { groupId: group.id }))
      },
    }),
  ],
}

export const profile: Verb = verb<[string]>({
  name: 'profile',
  summary: 'what the application knows of a person, and where each value is from',
  args: '<user>',
  ofApplication: true,
  run: async ({ org, app }, [login]) => {
    const [{ id }, user] = [await app(), await findUser(org, login)]
    return table(
      await org.provisioning.profile(id, user.id),
      { attribute: ({ attribute }) => attribute, value: (one) => one.value, source: ({ source }) => source },
      'The profile is empty.',
    )
  },
})
