import type { AppAttribute, OktaAttribute } from '../../../mock-idp/admin/profile-shapes.ts'
import { UsageError } from '../../core/errors.ts'
import { pick } from './find.ts'
import { said, table } from './output.ts'
import { appAttributes, changeSettings, withOne } from './settings.ts'
import { type Area, choice, option, repeatable, type VerbContext, verb } from './verb.ts'

/** The three schemas of the Profile Editor: as a whole, and how one is written back. */
interface Schema {
  whose: string
  /** The attributes that can be changed. */
  custom: OktaAttribute[]
  /** Those and the base attributes. */
  all: OktaAttribute[]
  save(attributes: readonly OktaAttribute[]): Promise<unknown>
}

const schemas: Readonly<Record<string, (ctx: VerbContext) => Promise<Schema>>> = {
  user: async ({ org }) => {
    const custom = await org.attributes.ofUsers()
    return { whose: 'the Okta user', custom, all: custom, save: (list) => org.attributes.setOfUsers(list) }
  },
  group: async ({ org }) => {
    const custom = await org.attributes.ofGroups()
    return { whose: 'the Okta group', custom, all: custom, save: (list) => org.attributes.setOfGroups(list) }
  },
  app: async (ctx) => {
    const app = await ctx.app()
    const settings = await ctx.org.provisioning.get(app.id)
    return {
      whose: `the application ${app.label}`,
      custom: settings.attributes,
      all: await appAttributes(settings),
      save: (list) => changeSettings(ctx, app, (now) => ({ ...now, attributes: list as AppAttribute[] })),
    }
  },
}

const schemaOf = (ctx: VerbContext, of: string): Promise<Schema> => {
  const open = Object.hasOwn(schemas, of) ? schemas[of] : undefined
  if (open) return open(ctx)
  throw new UsageError(`There are attributes of ${Object.keys(schemas).join(', ')}, not of ${JSON.stringify(of)}`, {
    code: 'bad-value',
    hint: 'For example: idpact okta attributes list user.',
  })
}

const types = ['string', 'string-array', 'number', 'boolean'] as const

interface Change {
  type?: (typeof types)[number]
  title?: string
  description?: string
  /** False: `--no-enum`. */
  enum?: string[] | false
  required?: boolean
  scope?: 'personal' | 'group'
  combine?: boolean
  externalName?: string
  externalNamespace?: string
}

const changeOptions = () => [
  choice('--type <type>', 'data type', types),
  option('--title <text>', 'display name'),
  option('--description <text>', 'what it is for'),
  repeatable('--enum <value=title>', 'a value of the enumeration, with or without a title'),
  option('--no-enum', 'any value may be given'),
  option('--required', 'there must be a value'),
  option('--no-required', 'there may be none'),
  choice('--scope <scope>', 'of an application: whether a group that assigns it may give the value', [
    'personal',
    'group',
  ]),
  option('--combine', 'of an application: combine the values of several groups (Combine values across groups)'),
  option('--no-combine', 'of an application: the group with the highest priority counts (Use Group Priority)'),
  option('--external-name <name>', 'of an application: where it stands in a SCIM resource'),
  option('--external-namespace <urn>', 'of an application: schema of the external name; without one it is not sent'),
]

const enumOf = (values: readonly string[], type: OktaAttribute['type']): NonNullable<OktaAttribute['enum']> =>
  values.map((text) => {
    const at = text.indexOf('=')
    const value = at < 0 ? text : text.slice(0, at)
    return {
      value: type === 'number' && value.trim() !== '' && Number.isFinite(Number(value)) ? Number(value) : value,
      ...(at >= 0 && { title: text.slice(at + 1) }),
    }
  })

/** The attribute with what was asked for; the server checks that it makes sense. */
const changed = (before: OktaAttribute, change: Change): OktaAttribute => {
  const type = change.type ?? before.type
  const { enum: enumBefore, ...rest } = { ...before, type }
  const values = change.enum === undefined ? enumBefore : change.enum === false ? undefined : enumOf(change.enum, type)
  const { title, description, required, scope, combine, externalName, externalNamespace } = change
  return {
    ...rest,
    ...(values && { enum: values }),
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description }),
    ...(required !== undefined && { required }),
    ...(scope !== undefined && { scope: scope === 'group' ? 'GROUP' : 'PERSONAL' }),
    ...(combine !== undefined && { groupValues: combine ? 'COMBINE' : 'PRIORITY' }),
    ...(externalName !== undefined && { externalName }),
    ...(externalNamespace !== undefined && { externalNamespace }),
  }
}

const onlyOfApp = ['scope', 'combine', 'externalName', 'externalNamespace'] as const

const mustSuit = (of: string, change: Change): void => {
  const wrong = onlyOfApp.find((name) => of !== 'app' && change[name] !== undefined)
  if (wrong !== undefined)
    throw new UsageError(`Only attributes of an application have ${wrong}, and this is one of the Okta ${of}`, {
      code: 'bad-value',
      hint: 'Leave the option out, or write "app" instead.',
    })
}

const find = (attributes: readonly OktaAttribute[], name: string, whose: string): OktaAttribute =>
  pick(
    attributes.map((attribute) => ({ id: attribute.name, attribute })),
    name,
    {
      noun: 'attribute',
      nameOf: ({ id }) => id,
      list:
        attributes.length === 0
          ? `${whose} has none that can be changed.`
          : `There are: ${attributes.map((one) => one.name).join(', ')}.`,
    },
  ).attribute

/** Directory > Profile Editor. */
export const attributes: Area = {
  name: 'attributes',
  summary: 'attributes of the Okta user, of the Okta group and of an application: of <user|group|app>',
  verbs: [
    verb<[string]>({
      name: 'list',
      summary: 'list them; of an application with the base attributes',
      args: '<of>',
      ofApplication: true,
      run: async (ctx, [of]) => {
        const { all, whose } = await schemaOf(ctx, of)
        const inApp = (name: keyof AppAttribute) => (attribute: OktaAttribute) => (attribute as AppAttribute)[name]
        return table(
          all,
          {
            name: ({ name }) => name,
            type: ({ type }) => type,
            required: ({ required }) => required,
            values: ({ enum: values }) => values?.map(({ value }) => value),
            ...(of === 'app' && {
              scope: inApp('scope'),
              groups: inApp('groupValues'),
              'external name': inApp('externalName'),
              namespace: inApp('externalNamespace'),
            }),
          },
          `${whose} has no custom attributes.`,
        )
      },
    }),
    verb<[string, string], Change>({
      name: 'add',
      summary: 'add one',
      args: '<of> <name>',
      ofApplication: true,
      options: changeOptions(),
      run: async (ctx, [of, name], change) => {
        const { whose, all, custom, save } = await schemaOf(ctx, of)
        mustSuit(of, change)
        if (all.some((attribute) => attribute.name === name))
          throw new UsageError(`${whose} has an attribute ${name} already`, {
            code: 'already-exists',
            hint: `Change it: idpact okta attributes change ${of} ${name}.`,
          })
        const attribute = changed({ name, type: 'string', required: false }, change)
        await save([...custom, attribute])
        return said(`${name} is an attribute of ${whose}.`, attribute)
      },
    }),
    verb<[string, string], Change>({
      name: 'change',
      summary: 'change one; what is not given stays',
      args: '<of> <name>',
      ofApplication: true,
      options: changeOptions(),
      run: async (ctx, [of, name], change) => {
        const { whose, all, custom, save } = await schemaOf(ctx, of)
        mustSuit(of, change)
        const before = find(all, name, whose)
        const after = changed(before, change)
        await save(withOne(custom, after, (one) => one.name))
        return said(`${before.name} of ${whose} is changed.`, after)
      },
    }),
    verb<[string, string]>({
      name: 'remove',
      summary: 'remove a custom one',
      args: '<of> <name>',
      ofApplication: true,
      run: async (ctx, [of, name]) => {
        const { whose, custom, save } = await schemaOf(ctx, of)
        const found = find(custom, name, whose)
        await save(custom.filter((one) => one.name !== found.name))
        return said(`${found.name} is no attribute of ${whose} any more.`)
      },
    }),
  ],
}
