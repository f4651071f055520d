import type { Provisioning } from '../../../mock-idp/admin/provisioning-shapes.ts'
import { nearest } from '../../../mock-idp/faults/nearest.ts'
import { UsageError } from '../../core/errors.ts'
import { type Answer, facts, said } from './output.ts'
import { changeSettings } from './settings.ts'
import { type Area, choice, option, type Verb, verb } from './verb.ts'

type Action = keyof Provisioning['actions']

/** The switches, by the words of the command line. */
const actions: Readonly<Record<string, Action>> = {
  'create-users': 'createUsers',
  'update-users': 'updateUsers',
  'deactivate-users': 'deactivateUsers',
  'sync-password': 'syncPassword',
  'push-groups': 'pushGroups',
  'import-users': 'importUsers',
}
const words = Object.keys(actions)

const actionOf = (word: string): Action => {
  const action = Object.hasOwn(actions, word) ? actions[word] : undefined
  if (action !== undefined) return action
  const near = nearest(word, words)
  throw new UsageError(`There is no provisioning action ${JSON.stringify(word)}`, {
    code: 'bad-value',
    hint: `${near === undefined ? '' : `Did you mean ${near}? `}Allowed: ${words.join(', ')}.`,
  })
}

const describe = (label: string, settings: Provisioning): Answer => {
  const { persona, userName, uniqueField, import: imports, renameLinkedGroups } = settings
  return facts(
    {
      application: label,
      persona,
      'unique field': uniqueField,
      username: userName ?? 'that of the SAML settings',
      ...Object.fromEntries(words.map((word) => [word, settings.actions[actionOf(word)] ? 'on' : 'off'])),
      'import schedule': imports.schedule === 'never' ? 'never' : `every ${imports.schedule} minutes`,
      'import matches on': imports.matchOn,
      'rename linked groups': renameLinkedGroups,
      'custom attributes': settings.attributes.map(({ name }) => name),
    },
    settings,
  )
}

const switchVerb = (name: 'on' | 'off'): Verb =>
  verb<[string[]]>({
    name,
    summary: `turn actions ${name}: ${words.join(', ')}`,
    args: '<action...>',
    ofApplication: true,
    run: async (ctx, [given]) => {
      const changed = Object.fromEntries(given.map((word) => [actionOf(word), name === 'on']))
      const app = await ctx.app()
      const after = await changeSettings(ctx, app, (now) => ({ ...now, actions: { ...now.actions, ...changed } }))
      return describe(app.label, after)
    },
  })

interface SetOptions {
  persona?: Provisioning['persona']
  uniqueField?: string
  /** False: `--no-username`. */
  username?: string | false
  renameLinkedGroups?: boolean
}

/** Provisioning > To App. */
export const provisioning: Area = {
  name: 'provisioning',
  summary: 'what the application tells its service provider by SCIM, and how',
  verbs: [
    verb({
      name: 'show',
      summary: 'show the settings',
      ofApplication: true,
      run: async ({ org, app }) => {
        const { id, label } = await app()
        return describe(label, await org.provisioning.get(id))
      },
    }),
    switchVerb('on'),
    switchVerb('off'),
    verb<[], SetOptions>({
      name: 'set',
      summary: 'change the other settings; what is not given stays',
      ofApplication: true,
      options: [
        choice('--persona <persona>', 'how it talks: okta (own application, PUT), okta-oin (catalogue, PATCH)', [
          'okta',
          'okta-oin',
        ]),
        option('--unique-field <name>', 'unique identifier field for users'),
        option('--username <expression>', 'application username, the SCIM userName'),
        option('--no-username', 'the application username is that of the SAML settings again'),
        option('--rename-linked-groups', 'a linked group of another name gets the name of the Okta group'),
        option('--no-rename-linked-groups', 'a linked group keeps its name'),
      ],
      run: async (ctx, _, { persona, uniqueField, username, renameLinkedGroups }) => {
        const app = await ctx.app()
        const after = await changeSettings(ctx, app, ({ userName, ...now }) => {
          const name = username === undefined ? userName : username === false ? undefined : username
          return {
            ...now,
            ...(name !== undefined && { userName: name }),
            ...(persona && { persona }),
            ...(uniqueField !== undefined && { uniqueField }),
            ...(renameLinkedGroups !== undefined && { renameLinkedGroups }),
          }
        })
        return describe(app.label, after)
      },
    }),
    verb({
      name: 'provision-assigned',
      summary: 'push the people who were assigned before provisioning was on (Provision User)',
      ofApplication: true,
      run: async ({ org, app }) => {
        const tasks = await org.provisioning.provisionAssigned((await app()).id)
        return said(tasks === 1 ? '1 person is to be pushed.' : `${tasks} people are to be pushed.`, { tasks })
      },
    }),
  ],
}
