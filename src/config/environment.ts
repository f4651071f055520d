/** `${NAME}` in the values of idpact.yaml: secrets come from the environment, not from a file that is checked in. */
import { isSecretName } from '../core/redact.ts'
import type { Path, YamlSource } from './yaml-source.ts'

export type Environment = Readonly<Record<string, string | undefined>>

export interface Problem {
  code: string
  where: string
  message: string
  hint?: string | undefined
}

const reference = /\$\$\{|\$\{([^}]*)\}/g

/** Keys whose values are no secrets even when they come from the environment: a report without its URLs is no use. */
const plainKeys =
  /^(contract|driver|name|version|url|baseUrl|publicUrl|entityId|acs|audience|start|page|host|port|email|emailDomain|role|accountId|module|ca|keyFile|proxy|identity|at|next|method|authorizationUrl|tokenUrl|redirectUri|clientId)$/
const plainSections = new Set<PropertyKey>(['parameters', 'expect', 'settings', 'idp'])
const secretKeys = /^(key|secret|token|password)$/

const lastName = (path: Path): string => String(path.findLast((part) => typeof part === 'string') ?? '')

const isPlain = (path: Path): boolean =>
  !path.includes('headers') && (plainKeys.test(lastName(path)) || path.some((part) => plainSections.has(part)))

/** `target.scim.auth.value`: a header with a token in it. */
const isHeaderValue = (path: Path): boolean => path.includes('scim') && lastName(path) === 'value'

/** A secret that stands in the file itself: by the name of its key. A `{placeholder}` is none. */
const isLiteralSecret = (path: Path, value: string): boolean =>
  path[0] !== 'parameters' &&
  !/^\{\w+\}$/.test(value) &&
  (secretKeys.test(lastName(path)) || isSecretName(lastName(path)) || isHeaderValue(path))

/**
 * A copy of the file's values with each `${NAME}` replaced (`$${` stands for the characters `${`), what is missing, and
 * which values must never be shown.
 */
export const resolveEnvironment = (
  source: YamlSource,
  env: Environment,
): { value: unknown; secrets: string[]; problems: Problem[] } => {
  const secrets = new Set<string>()
  const problems: Problem[] = []

  const text = (raw: string, path: Path): string => {
    const resolved = raw.replace(reference, (whole, name?: string) => {
      if (name === undefined) return '${'
      const where = source.where(path)
      if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
        const message = `${whole} does not name a variable of the environment`
        problems.push({
          code: 'bad-variable',
          where,
          message,
          // biome-ignore lint/suspicious/noTemplateCurlyInString: the characters themselves
          hint: 'Write ${NAME}; $${ stands for the characters ${.',
        })
        return ''
      }
      const value = env[name]
      if (value === undefined || value === '') {
        problems.push({
          code: 'missing-secret',
          where,
          message: `the environment variable ${name} is ${value === undefined ? 'not set' : 'empty'} (${path.join('.')})`,
          hint: `Set it before the command: export ${name}=…; in CI as a secret variable of the job.`,
        })
        return ''
      }
      if (!isPlain(path)) secrets.add(value)
      return value
    })
    if (isLiteralSecret(path, resolved)) secrets.add(resolved)
    return resolved
  }

  const walk = (value: unknown, path: Path): unknown => {
    if (typeof value === 'string') return text(value, path)
    if (Array.isArray(value)) return value.map((item, index) => walk(item, [...path, index]))
    if (value === null || typeof value !== 'object') return value
    return Object.fromEntries(
      Object.entries(value).map(([key, member]) => {
        if (key.includes('${'))
          problems.push({
            code: 'variable-in-key',
            where: source.whereKey(path, key),
            message: 'a variable stands in a key; only values come from the environment',
          })
        return [key, walk(member, [...path, key])]
      }),
    )
  }

  const value = walk(source.value, [])
  return { value, secrets: [...secrets].filter((secret) => secret.length > 3), problems }
}
