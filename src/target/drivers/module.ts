/**
 * The `module` driver: a file of the user's own that exports the functions of a port, with the signatures of
 * src/target/ports.ts. What it throws and what it gives back is checked: it is outside.
 */
import { basename } from 'node:path'
import { pathToFileURL } from 'node:url'
import { z } from 'zod'
import { nearest } from '../../config/nearest.ts'
import { ConfigError, IdpactError, TargetError } from '../../core/errors.ts'
import type { AccountsPort, AdminPort, GroupSyncPort, OutboxPort, PasswordLoginPort, Verb } from '../ports.ts'

const text = z.string()
const names = z.array(text)
const account = z.object({
  id: text,
  email: text,
  name: text.optional(),
  firstName: text.optional(),
  lastName: text.optional(),
  role: text.optional(),
  enabled: z.boolean().optional(),
  groups: names.optional(),
  environments: z.union([z.literal('all'), names]).optional(),
  source: text.optional(),
  twoFactor: z.boolean().optional(),
})
const settings = z.record(text, z.unknown())
const group = z.object({ id: text, name: text, members: names, settings })
const refused = z.object({ refused: z.literal(true), status: z.number(), message: text })
const mail = z.object({
  to: names,
  subject: text,
  text,
  html: text.optional(),
  receivedAt: text,
})
const nothing = z.unknown().transform(() => undefined)

/** Export → what it must give back. `required` ones make the port at all. */
interface Shape {
  exports: Readonly<Record<string, z.ZodType>>
  required: readonly string[]
  verbs: readonly (readonly [Verb, readonly string[]])[]
}

const shapes = {
  accounts: {
    exports: {
      find: account.nullish().transform((found) => found ?? undefined),
      list: z.array(account),
      create: account,
      update: z.union([refused, account]),
      delete: nothing,
      findGroup: group.nullish().transform((found) => found ?? undefined),
      listGroups: z.array(group),
      createGroup: group,
      deleteGroup: nothing,
      environments: z.array(z.object({ id: text, name: text, settings })),
    },
    required: ['find'],
    verbs: [
      ['accounts.find', ['find']],
      ['accounts.list', ['list']],
      ['accounts.create', ['create']],
      ['accounts.update', ['update']],
      ['accounts.delete', ['delete']],
      ['accounts.groups', ['findGroup', 'listGroups']],
      ['accounts.manageGroups', ['createGroup', 'deleteGroup']],
      ['accounts.environments', ['environments']],
    ],
  },
  admin: {
    exports: { read: settings, restore: nothing, apply: nothing, setTwoFactor: nothing, registerRedirectUri: nothing },
    required: ['settings', 'read', 'restore', 'apply'],
    verbs: [['admin.twoFactor', ['setTwoFactor']]],
  },
  outbox: { exports: { read: z.array(mail) }, required: ['read'], verbs: [['outbox.read', ['read']]] },
  passwordLogin: {
    exports: { login: z.enum(['submitted', 'second-factor']) },
    required: ['login'],
    verbs: [['passwordLogin.login', ['login']]],
  },
  groupSync: {
    exports: {
      map: z.union([refused, z.object({ id: text })]),
      unmap: nothing,
      enable: refused.nullish().transform((answer) => answer ?? undefined),
    },
    required: ['map', 'unmap'],
    verbs: [
      ['groupSync.map', ['map', 'unmap']],
      ['groupSync.switch', ['enable']],
    ],
  },
  consent: { exports: { give: nothing }, required: ['give'], verbs: [] },
} as const satisfies Record<string, Shape>

type PortName = keyof typeof shapes
interface Ports {
  accounts: AccountsPort
  admin: AdminPort
  outbox: OutboxPort
  passwordLogin: PasswordLoginPort
  groupSync: GroupSyncPort
  /** Goes to the authorization URL, and ends when the browser is back at the mock IdP. */
  consent: { give(url: string): Promise<void> }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

const load = async (file: string, port: PortName): Promise<Record<string, unknown>> => {
  try {
    return { ...(await import(pathToFileURL(file).href)) }
  } catch (cause) {
    throw new ConfigError(`target.${port}: ${basename(file)} cannot be loaded: ${messageOf(cause)}`, {
      code: 'module-broken',
      hint: `Run it by itself: node ${basename(file)}`,
    })
  }
}

const wrapped =
  (call: (...args: unknown[]) => unknown, shape: z.ZodType, where: string, mask: (text: string) => string) =>
  async (...args: unknown[]): Promise<unknown> => {
    let result: unknown
    try {
      result = await call(...args)
    } catch (error) {
      if (error instanceof IdpactError) throw error
      throw new TargetError(`${where} threw: ${mask(messageOf(error))}`, {
        code: 'module-failed',
        hint: 'The module is yours; mend it there, or let it tell better what is wrong at the service provider.',
      })
    }
    const checked = shape.safeParse(result)
    if (checked.success) return checked.data
    const [issue] = checked.error.issues
    throw new TargetError(
      `${where} gave back something else than its port promises: ${issue?.path.join('.') || 'the whole'}: ${issue?.message}`,
      { code: 'module-answer', hint: 'src/target/ports.ts says what each function gives back.' },
    )
  }

const settingVerbs: Record<string, Verb> = {
  saml: 'admin.saml',
  provisioning: 'admin.provisioning',
  enforce: 'admin.enforce',
  scim: 'admin.scim',
  metadata: 'admin.metadata',
}

/**
 * Loads a module as a port.
 *
 * @param mask takes the target's secrets out of what the module says
 * @throws ConfigError when it cannot be loaded, lacks a required export, or exports a function that no port has
 */
export const moduleDriver = async <P extends PortName>(
  port: P,
  file: string,
  mask: (text: string) => string,
): Promise<{ port: Ports[P]; verbs: Verb[] }> => {
  const shape: Shape = shapes[port]
  const exported = await load(file, port)
  const name = basename(file)
  const missing = shape.required.filter((key) => exported[key] === undefined)
  if (missing.length > 0)
    throw new ConfigError(`target.${port}: ${name} does not export ${missing.join(', ')}`, {
      code: 'module-incomplete',
      hint: `Export named functions: ${[...new Set([...shape.required, ...Object.keys(shape.exports)])].join(', ')}.`,
    })

  const known = [...Object.keys(shape.exports), 'settings']
  const functions = Object.entries(exported).flatMap(([key, value]): [string, unknown][] => {
    if (typeof value !== 'function') return []
    const result = shape.exports[key]
    if (result !== undefined) return [[key, wrapped(value as never, result, `${name}: ${key}`, mask)]]
    const near = nearest(key, known)
    throw new ConfigError(
      `target.${port}: ${name} exports ${key}, which is no function of this port${near === undefined ? '' : `; did you mean ${near}?`}`,
      { code: 'module-unknown-export', hint: `There are: ${Object.keys(shape.exports).join(', ')}.` },
    )
  })
  for (const key of shape.required)
    if (key !== 'settings' && !functions.some(([given]) => given === key))
      throw new ConfigError(`target.${port}: ${key} of ${name} is not a function`, { code: 'module-incomplete' })

  const given = new Set(functions.map(([key]) => key))
  const lacking = Object.keys(shape.exports)
    .filter((key) => !given.has(key) && key !== 'setTwoFactor' && key !== 'registerRedirectUri')
    .map((key): [string, () => Promise<never>] => [
      key,
      () =>
        Promise.reject(
          new TargetError(`${name} does not export ${key}`, {
            code: 'not-declared',
            hint: `Export a function ${key}.`,
          }),
        ),
    ])
  const list = port === 'admin' ? settingsOf(exported['settings'], name) : []
  return {
    port: Object.fromEntries([...lacking, ...functions, ['settings', list]]) as unknown as Ports[P],
    verbs: [
      ...shape.verbs.flatMap(([verb, needed]) => (needed.every((key) => given.has(key)) ? [verb] : [])),
      ...list.flatMap((setting) => settingVerbs[setting] ?? []),
    ],
  }
}

const settingsOf = (value: unknown, name: string): readonly string[] => {
  const checked = names.safeParse(value)
  if (checked.success) return checked.data
  throw new ConfigError(`target.admin: settings of ${name} is not a list of names`, {
    code: 'module-incomplete',
    hint: `export const settings = ['saml', 'provisioning', 'enforce', 'metadata', 'scim'] – those that it can change.`,
  })
}
