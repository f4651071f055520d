import { type Document, isMap, isScalar, LineCounter, parseDocument } from 'yaml'
import { ConfigError, IdpactError } from '../../src/core/errors.ts'
import type { OktaAttribute } from '../admin/profile-shapes.ts'
import { checkSettings } from '../directory/claims.ts'
import { profileProblems } from '../directory/profile-check.ts'
import { checkAttributes } from '../directory/profile-schema.ts'
import type { LooseProfile } from '../directory/profile-values.ts'
import { checkProvisioning } from '../provisioning/check-settings.ts'
import { type DirectoryFile, directoryFile, directoryJsonSchema } from './schema.ts'

type Path = readonly PropertyKey[]

interface Problem {
  path: Path
  message: string
  /** Points at the key and not at its value. */
  key?: string
}

/**
 * Reads a directory file.
 *
 * @param file only for the messages
 * @throws ConfigError `bad-directory-file`: every problem on a line of its own, `file:line:column path: what is wrong`
 */
export const readDirectoryFile = (file: string, text: string): DirectoryFile => {
  const quick = file.endsWith('.json') ? quickly(text) : undefined
  if (quick !== undefined) return quick
  const lines = new LineCounter()
  const doc = parseDocument(text, { lineCounter: lines, uniqueKeys: true })
  const at = (offset: number): string => {
    const { line, col } = lines.linePos(offset)
    return `${file}:${line}:${col}`
  }
  const [broken] = doc.errors
  if (broken) throw bad([`${at(broken.pos[0])}: ${broken.message.split('\n')[0]}`])
  const value = plainValue(doc, file)
  const result = directoryFile.safeParse(value)
  const problems = result.success
    ? meaning(result.data)
    : result.error.issues.flatMap((issue) => toProblems(issue, value))
  if (problems.length > 0)
    throw bad(
      problems.map((p) => `${at(offsetOf(doc, p))}: ${p.path.map(String).join('.') || 'the file'}: ${p.message}`),
    )
  if (!result.success) throw bad([`${file}:1:1: the file: not valid`])
  return result.data
}

/** What would grow without end is refused. */
const plainValue = (doc: ReturnType<typeof parseDocument>, file: string): unknown => {
  try {
    return doc.toJS({ maxAliasCount: 100 }) ?? {}
  } catch (error) {
    throw bad([
      `${file}:1:1: the file: ${error instanceof RangeError ? 'it is nested too deeply' : (error as Error).message}`,
    ])
  }
}

/**
 * A large directory is JSON: that is read in a hundredth of the time. Where anything is wrong, it is read once more as
 * YAML, of which JSON is a part, to say where.
 */
const quickly = (text: string): DirectoryFile | undefined => {
  try {
    const result = directoryFile.safeParse(JSON.parse(text))
    return result.success && meaning(result.data).length === 0 ? result.data : undefined
  } catch {
    return undefined
  }
}

const bad = (lines: readonly string[]): ConfigError =>
  new ConfigError(lines.slice(0, 20).join('\n'), {
    code: 'bad-directory-file',
    hint: 'Mend the file. "idpact okta export" writes a complete one to look at.',
  })

/** Where the value at a path begins; where the path leads nowhere, the nearest thing above it. */
const offsetOf = (doc: Document.Parsed, { path, key }: Problem): number => {
  for (let length = path.length; length >= 0; length--) {
    const node: unknown = length === 0 ? doc.contents : doc.getIn(path.slice(0, length) as unknown[], true)
    if (key !== undefined && isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && item.key.value === key)
      if (pair && isScalar(pair.key) && pair.key.range) return pair.key.range[0]
    }
    const range = (node as { range?: readonly number[] | null } | undefined)?.range
    if (range?.[0] !== undefined) return range[0]
  }
  return 0
}

interface Issue {
  code?: string | undefined
  path: Path
  message: string
  keys?: readonly string[]
  errors?: readonly (readonly Issue[])[]
}

const toProblems = (issue: Issue, root: unknown): Problem[] => {
  if (issue.code === 'unrecognized_keys')
    return (issue.keys ?? []).map((key) => {
      const allowed = allowedKeys(issue.path)
      const nearest = nearestOf(key, allowed)
      return {
        path: issue.path,
        key,
        message: `unknown key "${key}"${nearest ? `; did you mean "${nearest}"?` : ''} Allowed: ${allowed.join(', ')}`,
      }
    })
  // Of a union, the branch that got furthest is what the writer meant.
  const branch = issue.errors
    ?.filter((one) => one.some(({ path }) => path.length > 0) || one.some(({ code }) => code === 'unrecognized_keys'))
    .at(0)
  if (branch) return branch.flatMap((one) => toProblems({ ...one, path: [...issue.path, ...one.path] }, root))
  return [{ path: issue.path, message: issue.message }]
}

/** The keys that the schema knows at a path, by way of its JSON Schema. */
const allowedKeys = (path: Path): string[] => {
  let here: Schema | undefined = directoryFileSchema()
  for (const part of path) here = stepInto(here, part)
  return Object.keys(pickObject(here)?.properties ?? {})
}

interface Schema {
  properties?: Record<string, Schema>
  items?: Schema
  anyOf?: Schema[]
}

let cachedSchema: Schema | undefined
const directoryFileSchema = (): Schema => {
  cachedSchema ??= directoryJsonSchema() as Schema
  return cachedSchema
}
const pickObject = (schema: Schema | undefined): Schema | undefined =>
  schema?.anyOf ? schema.anyOf.find(({ properties }) => properties) : schema
const stepInto = (schema: Schema | undefined, part: PropertyKey): Schema | undefined =>
  typeof part === 'number' ? schema?.items : pickObject(schema)?.properties?.[String(part)]

const nearestOf = (word: string, words: readonly string[]): string | undefined => {
  const [best] = words
    .map((candidate) => ({ candidate, distance: distance(word.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance)
  return best && best.distance <= Math.max(2, Math.floor(word.length / 3)) ? best.candidate : undefined
}

/** Levenshtein. */
const distance = (a: string, b: string): number => {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++)
      next[j] = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1))
    row = next
  }
  return row[b.length] ?? 0
}

/** What a schema cannot say: names are unique, what is named exists, profiles fit, expressions can be evaluated. */
const meaning = ({ attributes, users, groups, applications }: DirectoryFile): Problem[] => {
  const logins = users.map(({ login }) => login.toLowerCase())
  const names = groups.map(({ name }) => name)
  const knownLogins = new Set(logins)
  const knownNames = new Set(names)
  const missing = (path: Path, what: string, one: string, all: readonly string[]): Problem => {
    const nearest = nearestOf(one, all)
    const guess = nearest ? `; did you mean "${nearest}"?` : ''
    return { path, message: `there is no ${what} "${one}" in this file${guess}` }
  }
  const usersIn = (path: Path, list: readonly string[]): Problem[] =>
    list.flatMap((one, i) =>
      knownLogins.has(one.toLowerCase()) ? [] : [missing([...path, i], 'user', one, logins.slice(0, 1_000))],
    )
  const groupsIn = (path: Path, list: readonly string[]): Problem[] =>
    list.flatMap((one, i) => (knownNames.has(one) ? [] : [missing([...path, i], 'group', one, names)]))
  return [
    ...twice('users', 'login', logins),
    ...twice('groups', 'name', names),
    ...twice(
      'applications',
      'label',
      applications.map(({ label }) => label),
    ),
    ...attributeProblems(attributes),
    ...profilesProblems('users', attributes.users, users),
    ...profilesProblems('groups', attributes.groups, groups),
    ...groups.flatMap(({ members }, i) => usersIn(['groups', i, 'members'], members)),
    ...applications.flatMap(({ label, saml, provisioning, assign }, i) => [
      ...refusal(['applications', i, 'saml'], () => checkSettings(saml)),
      ...(provisioning === undefined
        ? []
        : refusal(['applications', i, 'provisioning'], () => checkProvisioning(label, provisioning))),
      ...(assign === 'everyone'
        ? []
        : [
            ...usersIn(['applications', i, 'assign', 'users'], assign.users),
            ...groupsIn(['applications', i, 'assign', 'groups'], assign.groups),
          ]),
    ]),
  ]
}

const twice = (kind: string, field: string, all: readonly string[]): Problem[] => {
  const seen = new Set<string>()
  return all.flatMap((one, i) => {
    if (!seen.has(one)) {
      seen.add(one)
      return []
    }
    return [{ path: [kind, i, field], message: `"${one}" is there twice; it must be unique` }]
  })
}

const attributeProblems = ({ users = [], groups = [] }: DirectoryFile['attributes']): Problem[] => [
  ...refusal(['attributes', 'users'], () => checkAttributes('the Okta user', users)),
  ...refusal(['attributes', 'groups'], () => checkAttributes('the Okta group', groups)),
]

const profilesProblems = (
  kind: 'users' | 'groups',
  attributes: readonly OktaAttribute[] = [],
  profiles: readonly object[],
): Problem[] =>
  attributes.length === 0
    ? []
    : profiles.flatMap((profile, i) =>
        profileProblems(attributes, profile as LooseProfile, { others: 'accept' }).map(({ attribute, problem }) => ({
          path: attribute in profile ? [kind, i, attribute] : [kind, i],
          message: `${attribute}: ${problem}`,
        })),
      )

/** What a check of the settings refuses, at the place where they stand. */
const refusal = (path: Path, check: () => void): Problem[] => {
  try {
    check()
    return []
  } catch (error) {
    if (!(error instanceof IdpactError)) throw error
    return [{ path, message: `${error.message}. ${error.hint ?? ''}` }]
  }
}
