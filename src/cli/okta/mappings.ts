import type { Mapping } from '../../../mock-idp/admin/profile-shapes.ts'
import type { Provisioning } from '../../../mock-idp/admin/provisioning-shapes.ts'
import { UsageError } from '../../core/errors.ts'
import { said, table } from './output.ts'
import { changeSettings, withOne } from './settings.ts'
import { type Area, option, verb } from './verb.ts'

interface Direction {
  import?: true
}

const direction = () => option('--import', 'the other way: from the application to the Okta user, at import')

const listOf = ({ import: back }: Direction): 'importMappings' | 'mappings' => (back ? 'importMappings' : 'mappings')

const defaultsOf = async (which: 'importMappings' | 'mappings'): Promise<readonly Mapping[]> => {
  const base = await import('../../../mock-idp/directory/base-attributes.ts')
  return which === 'mappings' ? base.defaultMappingsToApplication : base.defaultMappingsFromApplication
}

const nameOf = ({ attribute }: Mapping): string => attribute

/** Profile Editor > Mappings. */
export const mappings: Area = {
  name: 'mappings',
  summary: 'which expression gives each attribute of the application, from the Okta user',
  verbs: [
    verb<[], Direction>({
      name: 'list',
      summary: 'list them, with the default ones',
      ofApplication: true,
      options: [direction()],
      run: async (ctx, _, options) => {
        const which = listOf(options)
        const settings = await ctx.org.provisioning.get((await ctx.app()).id)
        const own = settings[which]
        const defaults = (await defaultsOf(which)).filter(
          (one) => !own.some((mapping) => nameOf(mapping) === nameOf(one)),
        )
        const rows = [
          ...defaults.map((one) => ({ ...one, from: 'default' })),
          ...own.map((one) => ({ ...one, from: 'set' })),
        ]
        return table(
          rows,
          { attribute: nameOf, expression: ({ expression }) => expression, '': ({ from }) => from },
          'No mappings.',
        )
      },
    }),
    verb<[string, string], Direction>({
      name: 'set',
      summary: 'give an attribute its expression, such as user.cld_role',
      args: '<attribute> <expression>',
      ofApplication: true,
      options: [direction()],
      run: async (ctx, [attribute, expression], options) => {
        const which = listOf(options)
        const mapping = { attribute, expression }
        await changeSettings(ctx, await ctx.app(), (now) => ({ ...now, [which]: withOne(now[which], mapping, nameOf) }))
        return said(`${attribute} is ${expression}.`, mapping)
      },
    }),
    verb<[string], Direction>({
      name: 'remove',
      summary: 'remove the one that was set; a base attribute has its default again',
      args: '<attribute>',
      ofApplication: true,
      options: [direction()],
      run: async (ctx, [attribute], options) => {
        const which = listOf(options)
        const without = (now: Provisioning): Provisioning => {
          const left = now[which].filter((one) => nameOf(one) !== attribute)
          if (left.length < now[which].length) return { ...now, [which]: left }
          throw new UsageError(`No mapping of ${JSON.stringify(attribute)} was set`, {
            code: 'no-such-mapping',
            hint: now[which].length === 0 ? 'None was.' : `Those that were: ${now[which].map(nameOf).join(', ')}.`,
          })
        }
        await changeSettings(ctx, await ctx.app(), without)
        return said(`The mapping of ${attribute} is removed.`)
      },
    }),
  ],
}
