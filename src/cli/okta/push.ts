import type { PushedGroup } from '../../../mock-idp/admin/provisioning-shapes.ts'
import { UsageError } from '../../core/errors.ts'
import { findGroup, pick } from './find.ts'
import { said, table } from './output.ts'
import { type Area, option, type Verb, type VerbContext, verb } from './verb.ts'

interface Pushed {
  applicationId: string
  pushed: PushedGroup
}

const pushedOf = async ({ org, app }: VerbContext, text: string): Promise<Pushed> => {
  const { id, label } = await app()
  const all = await org.pushedGroups.list(id)
  // By the id of the Okta group too, which is what other commands print.
  const byGroup = all.find(({ groupId }) => groupId === text)
  const pushed =
    byGroup ??
    pick(all, text, {
      noun: 'pushed group',
      nameOf: ({ name }) => name,
      list:
        all.length === 0 ? `No group is pushed to ${label}.` : `Pushed are: ${all.map(({ name }) => name).join(', ')}.`,
    })
  return { applicationId: id, pushed }
}

const statusVerb = (name: string, status: 'ACTIVE' | 'INACTIVE', summary: string): Verb =>
  verb<[string]>({
    name,
    summary,
    args: '<group>',
    ofApplication: true,
    run: async (ctx, [group]) => {
      const { applicationId, pushed } = await pushedOf(ctx, group)
      const after = await ctx.org.pushedGroups.setStatus(applicationId, pushed.id, status)
      return said(`The push of ${after.name} is ${status === 'ACTIVE' ? 'active' : 'not active'}.`, after)
    },
  })

interface AddOptions {
  linkTo?: string
  linkToName?: string
}

/** What reads the service provider's answer loads when it is asked. */
const groupsNamed = async (...of: Parameters<typeof import('./sp-groups.ts').groupsNamed>) =>
  (await import('./sp-groups.ts')).groupsNamed(...of)

/** Push Groups, by name. Rules are an area of their own. */
export const push: Area = {
  name: 'push',
  summary: 'the groups that are pushed to the service provider',
  verbs: [
    verb({
      name: 'list',
      summary: 'list them, with their state',
      ofApplication: true,
      run: async ({ org, app }) => {
        const { id } = await app()
        const [all, rules] = await Promise.all([org.pushedGroups.list(id), org.pushedGroups.rules(id)])
        return table(
          all,
          {
            group: ({ name }) => name,
            status: ({ status }) => status,
            'at the service provider': ({ externalId }) => externalId,
            by: ({ ruleId }) => (ruleId === undefined ? 'name' : `rule ${rules.find(({ id }) => id === ruleId)?.name}`),
            problem: ({ problem }) => problem,
          },
          'No group is pushed.',
        )
      },
    }),
    verb<[string]>({
      name: 'match',
      summary: 'see which groups of the service provider have this name (match found, no match found)',
      args: '<name>',
      ofApplication: true,
      run: async ({ org, app }, [name]) =>
        table(
          await groupsNamed(org, (await app()).registrationId, name),
          { id: ({ id }) => id, name: ({ displayName }) => displayName },
          'No match found: pushing it makes a new group.',
        ),
    }),
    verb<[string], AddOptions>({
      name: 'add',
      summary: 'push a group (by name): it is linked to the group of the same name, else a new one is made',
      args: '<group>',
      ofApplication: true,
      options: [
        option('--link-to <id>', 'link it to this group of the service provider'),
        option('--link-to-name <name>', 'link it to the group of the service provider with this name').conflicts(
          'linkTo',
        ),
      ],
      run: async ({ org, app }, [name], { linkTo, linkToName }) => {
        const [{ id, registrationId, label }, group] = [await app(), await findGroup(org, name)]
        const link = linkToName === undefined ? linkTo : await onlyOne(org, registrationId, linkToName)
        const pushed = await org.pushedGroups.push(id, {
          groupId: group.id,
          ...(link !== undefined && { linkTo: link }),
        })
        return said(`${group.profile.name} is pushed to ${label}.`, pushed)
      },
    }),
    verb<[string]>({
      name: 'now',
      summary: 'push its name and members again (Push now)',
      args: '<group>',
      ofApplication: true,
      run: async (ctx, [group]) => {
        const { applicationId, pushed } = await pushedOf(ctx, group)
        await ctx.org.pushedGroups.pushNow(applicationId, pushed.id)
        return said(`${pushed.name} is pushed again.`)
      },
    }),
    statusVerb('deactivate', 'INACTIVE', 'stop telling of members; the group of the service provider stays as it is'),
    statusVerb('activate', 'ACTIVE', 'tell of members again'),
    verb<[string], { delete?: true; keep?: true }>({
      name: 'unlink',
      summary: 'end the link (Unlink pushed group); say what becomes of the group of the service provider',
      args: '<group>',
      ofApplication: true,
      options: [option('--delete', 'delete it there'), option('--keep', 'leave it there').conflicts('delete')],
      run: async (ctx, [group], options) => {
        const deleteAtSp = mustSay(options.delete, options.keep, '--delete', '--keep')
        const { applicationId, pushed } = await pushedOf(ctx, group)
        await ctx.org.pushedGroups.unlink(applicationId, pushed.id, { deleteAtSp })
        return said(`${pushed.name} is unlinked, and ${deleteAtSp ? 'deleted' : 'kept'} at the service provider.`)
      },
    }),
  ],
}

/** Both are final, so neither is the default. @throws UsageError `say-which` */
export const mustSay = (yes: true | undefined, no: true | undefined, yesFlag: string, noFlag: string): boolean => {
  if (yes !== undefined || no !== undefined) return yes === true
  throw new UsageError(`Expected ${yesFlag} or ${noFlag}, found neither`, {
    code: 'say-which',
    hint: 'Say what becomes of what is at the service provider.',
  })
}

const onlyOne = async (org: VerbContext['org'], registrationId: string, name: string): Promise<string> => {
  const [first, second] = await groupsNamed(org, registrationId, name)
  if (first !== undefined && second === undefined) return first.id
  throw new UsageError(
    `Expected one group of the service provider named ${JSON.stringify(name)}, found ${first === undefined ? 'none' : 'several'}`,
    {
      code: first === undefined ? 'no-such-group' : 'ambiguous-group',
      hint: 'See which there are with "idpact okta push match", and give the id with --link-to.',
    },
  )
}
