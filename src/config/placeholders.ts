/** `{placeholders}` in the templates of the `http` drivers: which may stand where. A misspelt one would be sent as it is. */
import type { Problem } from './environment.ts'
import { nearest } from './nearest.ts'
import type { TargetConfig } from './schema.ts'
import type { Path, YamlSource } from './yaml-source.ts'

const account = ['email', 'name', 'role', 'environments']

/** Operation → its placeholders. */
const known: Record<string, readonly string[]> = {
  'saml.start': ['email', 'acs'],
  'passwordLogin.fields': ['email', 'password'],
  'ssoSetup.fields': ['metadata'],
  'accounts.find': ['email'],
  'accounts.findById': ['id'],
  'accounts.list': ['prefix'],
  'accounts.create': account,
  'accounts.update': ['id', ...account, 'enabled', 'password'],
  'accounts.delete': ['id'],
  'accounts.groups': ['prefix'],
  'accounts.createGroup': ['name'],
  'accounts.deleteGroup': ['id'],
  'accounts.environments': [],
  'admin.read': [],
  'admin.restore': ['snapshot'],
  'admin.saml': [],
  'admin.provisioning': [],
  'admin.enforce': [],
  'admin.scim': [],
  'admin.groupSync': [],
  'admin.metadata.inline': ['metadata'],
  'admin.metadata.url': ['url'],
  'admin.twoFactor': ['id'],
  'outbox.read': ['to'],
  'outbox.detail': ['id'],
}

const templatesIn = (value: unknown, path: Path): { path: Path; text: string }[] => {
  if (typeof value === 'string') return [{ path, text: value }]
  if (value === null || typeof value !== 'object') return []
  return Object.entries(value).flatMap(([key, member]) =>
    templatesIn(member, [...path, Array.isArray(value) ? Number(key) : key]),
  )
}

export const problemsWithPlaceholders = (target: Omit<TargetConfig, 'secrets'>, source: YamlSource): Problem[] => [
  ...problemsBelow(target, ['target'], source),
  ...problemsBelow(target.tenants.b, ['target', 'tenants', 'b'], source),
]

const problemsBelow = (root: unknown, rootPath: Path, source: YamlSource): Problem[] =>
  Object.entries(known).flatMap(([operation, names]) => {
    const path = operation.split('.')
    const value = path.reduce<unknown>(
      (at, key) => (at !== null && typeof at === 'object' ? (at as Record<string, unknown>)[key] : undefined),
      root,
    )
    return templatesIn(value, [...rootPath, ...path]).flatMap((template) =>
      [...template.text.matchAll(/\{([A-Za-z]+)\}/g)].flatMap(([whole, name = '']): Problem[] => {
        if (names.includes(name)) return []
        const near = nearest(name, names)
        return [
          {
            code: 'unknown-placeholder',
            where: source.where(template.path),
            message: `${template.path.join('.')}: ${whole} is no placeholder here${near === undefined ? '' : `; did you mean {${near}}?`}`,
            hint: `Here are: ${names.map((known) => `{${known}}`).join(' ') || 'none'}.`,
          },
        ]
      }),
    )
  })
