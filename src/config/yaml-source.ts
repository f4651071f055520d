/** Reading a YAML file of the user's so that every complaint about it can name the line and the column. */
import { readFile, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { isMap, isScalar, LineCounter, type Node, parseDocument } from 'yaml'
import { ConfigError } from '../core/errors.ts'

export type Path = readonly PropertyKey[]

/** The value at a path inside plain values; undefined where there is none. */
export const valueAt = (file: unknown, path: Path): unknown =>
  path.reduce<unknown>(
    (value, key) =>
      value !== null && typeof value === 'object' ? (value as Record<PropertyKey, unknown>)[key] : undefined,
    file,
  )

export interface YamlSource {
  /** The file as it stands, in plain values. */
  value: unknown
  /** `idpact.yaml:12:5` of the value at a path, or of the nearest thing around it that is there. */
  where(path: Path): string
  /** The same for a key inside the mapping at a path. */
  whereKey(path: Path, key: string): string
}

const maxBytes = 1_000_000
/** More is no configuration but an attempt to fill the memory ("billion laughs"). */
const maxAliases = 100

const readText = async (file: string, missing: string): Promise<string> => {
  const name = basename(file)
  try {
    const { size } = await stat(file)
    if (size > maxBytes)
      throw new ConfigError(`${name} has ${size} bytes; at most ${maxBytes} are read`, {
        code: 'config-too-large',
        hint: `Is ${file} the file that you mean?`,
      })
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file))
  } catch (cause) {
    if (cause instanceof ConfigError) throw cause
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
    if (code === 'ENOENT')
      throw new ConfigError(`There is no file ${file}`, {
        code: 'config-missing',
        hint: missing,
        cause,
      })
    if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA')
      throw new ConfigError(`${name} is not text in UTF-8`, { code: 'config-not-text', cause })
    throw new ConfigError(`${file} cannot be read: ${code === 'EISDIR' ? 'it is a folder' : String(code)}`, {
      code: 'config-unreadable',
      cause,
    })
  }
}

/** What to do where the file is not there, or has nothing in it. */
export interface YamlHints {
  missing: string
  empty: string
}

const ofIdpactYaml: YamlHints = {
  missing:
    'Name the file with --config, or write one: `idpact init`, or docs/bring-your-own-sp.md, which shows the smallest.',
  empty: 'It needs at least contract and target.saml; docs/bring-your-own-sp.md shows the smallest.',
}

/**
 * Reads and parses a YAML file (YAML 1.2, so `on` and `off` are words). Nothing in it is executed, and what would grow
 * without end is refused.
 *
 * @throws ConfigError missing, unreadable, too large, not UTF-8, empty, malformed, too deep, too many aliases
 */
export const readYaml = async (file: string, { missing, empty }: YamlHints = ofIdpactYaml): Promise<YamlSource> => {
  const text = await readText(file, missing)
  const name = basename(file)
  const lines = new LineCounter()
  const at = (offset: number): string => {
    const { line, col } = lines.linePos(offset)
    return `${name}:${line}:${col}`
  }

  let document: ReturnType<typeof parseDocument>
  let value: unknown
  try {
    document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
    const [problem] = [...document.errors, ...document.warnings]
    if (problem !== undefined) {
      const line = text.split('\n')[lines.linePos(problem.pos[0]).line - 1] ?? ''
      throw new ConfigError(`${at(problem.pos[0])} is not YAML: ${problem.message}`, {
        code: 'config-malformed',
        // In a flow mapping, `{ secret: ${X} }`, the brace of ${X} opens a mapping of its own.
        // biome-ignore lint/suspicious/noTemplateCurlyInString: the characters themselves
        hint: line.includes('${') ? 'Put a value with ${…} in it in quotes: "${NAME}".' : undefined,
      })
    }
    value = document.toJS({ maxAliasCount: maxAliases })
  } catch (cause) {
    if (cause instanceof ConfigError) throw cause
    if (cause instanceof RangeError)
      throw new ConfigError(`${name} is nested too deeply`, { code: 'config-too-deep', cause })
    throw new ConfigError(`${name} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, {
      code: 'config-malformed',
      hint: `At most ${maxAliases} aliases (*name) are followed.`,
      cause,
    })
  }
  if (value === null || value === undefined)
    throw new ConfigError(`${name} is empty`, {
      code: 'config-empty',
      hint: empty,
    })

  const nodeAt = (path: Path): Node | undefined => {
    for (let length = path.length; length >= 0; length--) {
      const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true)
      if (node !== null && typeof node === 'object' && 'range' in node) return node as Node
    }
    return undefined
  }
  return {
    value,
    where: (path) => at(nodeAt(path)?.range?.[0] ?? 0),
    whereKey: (path, key) => {
      const map = nodeAt(path)
      const pair = isMap(map)
        ? map.items.find((item) => isScalar(item.key) && String(item.key.value) === key)
        : undefined
      return at((isScalar(pair?.key) ? pair.key.range?.[0] : undefined) ?? map?.range?.[0] ?? 0)
    },
  }
}
