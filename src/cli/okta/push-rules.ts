import type { PushRule } from '../../../mock-idp/admin/provisioning-shapes.ts'
import { UsageError } from '../../core/errors.ts'
import { pick } from './find.ts'
import { said, table } from './output.ts'
import { mustSay } from './push.ts'
import { type Area, option, type Verb, type VerbContext, verb } from './verb.ts'

const ruleOf = async ({ org, app }: VerbContext, text: string): Promise<{ applicationId: string; rule: PushRule }> => {
  const { id, label } = await app()
  const all = await org.pushedGroups.rules(id)
  const rule = pick(all, text, {
    noun: 'push rule',
    nameOf: ({ name }) => name,
    list: all.length === 0 ? `${label} has none.` : `There are: ${all.map(({ name }) => name).join(', ')}.`,
  })
  return { applicationId: id, rule }
}

const statusVerb = (name: 'on' | 'off', summary: string): Verb =>
  verb<[string]>({
    name,
    summary,
    args: '<rule>',
    ofApplication: true,
    run: async (ctx, [text]) => {
      const { applicationId, rule } = await ruleOf(ctx, text)
      const status = name === 'on' ? 'ACTIVE' : 'INACTIVE'
      const after = await ctx.org.pushedGroups.setRuleStatus(applicationId, rule.id, status)
      return said(`The rule ${rule.name} is ${name}.`, after)
    },
  })

interface FilterOptions {
  startsWith?: string
  equals?: string
  contains?: string
  regex?: string
}

const filterOf = ({ startsWith, equals, contains, regex }: FilterOptions): PushRule['filter'] => {
  const given = [
    { type: 'STARTS_WITH', value: startsWith },
    { type: 'EQUALS', value: equals },
    { type: 'CONTAINS', value: contains },
    { type: 'REGEX', value: regex },
  ] as const
  const [first, second] = given.filter((one) => one.value !== undefined)
  if (first?.value !== undefined && second === undefined) return { type: first.type, value: first.value }
  throw new UsageError(`Expected one filter on the name, found ${first === undefined ? 'none' : 'several'}`, {
    code: 'bad-value',
    hint: 'Give one of --starts-with, --equals, --contains, --regex.',
  })
}

/** Push Groups > by rule. */
export const pushRules: Area = {
  name: 'push-rules',
  summary: 'rules that push every group with such a name',
  verbs: [
    verb({
      name: 'list',
      summary: 'list them',
      ofApplication: true,
      run: async ({ org, app }) =>
        table(
          await org.pushedGroups.rules((await app()).id),
          {
            id: ({ id }) => id,
            name: ({ name }) => name,
            status: ({ status }) => status,
            groups: ({ filter }) => `${filter.type} ${JSON.stringify(filter.value)}`,
          },
          'No rules.',
        ),
    }),
    verb<[string], FilterOptions>({
      name: 'add',
      summary: 'push every group whose name is so, now and later',
      args: '<name>',
      ofApplication: true,
      options: [
        option('--starts-with <text>', 'names that begin so'),
        option('--equals <text>', 'just this name'),
        option('--contains <text>', 'names with this in them'),
        option('--regex <expression>', 'names that match'),
      ],
      run: async ({ org, app }, [name], options) => {
        const rule = await org.pushedGroups.addRule((await app()).id, { name, filter: filterOf(options) })
        return said(`The rule ${name} is made: ${rule.id}`, rule)
      },
    }),
    statusVerb('on', 'let a rule push groups again'),
    statusVerb('off', 'let a rule push no further groups'),
    verb<[string], { unlink?: true; keep?: true }>({
      name: 'remove',
      summary: 'remove a rule; say what becomes of the groups that it pushes',
      args: '<rule>',
      ofApplication: true,
      options: [option('--unlink', 'end their links'), option('--keep', 'they go on being pushed').conflicts('unlink')],
      run: async (ctx, [text], { unlink, keep }) => {
        const unlinkGroups = mustSay(unlink, keep, '--unlink', '--keep')
        const { applicationId, rule } = await ruleOf(ctx, text)
        await ctx.org.pushedGroups.removeRule(applicationId, rule.id, { unlinkGroups })
        return said(`The rule ${rule.name} is removed; its groups are ${unlinkGroups ? 'unlinked' : 'kept'}.`)
      },
    }),
  ],
}
