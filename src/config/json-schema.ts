import { z } from 'zod'
import { configSchema } from './schema.ts'

/**
 * The JSON Schema of `idpact.yaml`, for editors: `# yaml-language-server: $schema=…/schemas/idpact.schema.json` on the
 * file's first line gives completion and help. `schemas/idpact.schema.json` is this, held current by a test.
 */
export const configJsonSchema = (): Record<string, unknown> => ({
  title: 'idpact.yaml',
  description: 'What idpact certifies, and how it reaches and observes it.',
  ...z.toJSONSchema(configSchema, { io: 'input' }),
})

interface SchemaNode {
  $ref?: string
  properties?: Record<string, SchemaNode>
  items?: SchemaNode
  anyOf?: SchemaNode[]
  oneOf?: SchemaNode[]
  const?: unknown
}

const member = (value: unknown, key: PropertyKey): unknown =>
  value !== null && typeof value === 'object' ? (value as Record<PropertyKey, unknown>)[key] : undefined

/** The keys that may stand in the mapping at a path of an idpact.yaml. */
export const allowedKeys = (path: readonly PropertyKey[], file: unknown): string[] =>
  keysAllowed(configJsonSchema(), path, file)

/** The keys that may stand in the mapping at a path of a given file; of several shapes, the one that `driver` names. */
export const keysAllowed = (schema: object, path: readonly PropertyKey[], file: unknown): string[] => {
  let nodes: SchemaNode[] = [schema as SchemaNode]
  let value = file
  const narrow = (): void => {
    nodes = nodes.flatMap((node) => node.oneOf ?? node.anyOf ?? [node])
    const driver = member(value, 'driver')
    const named = nodes.filter((node) => node.properties?.['driver']?.const === driver)
    if (driver !== undefined && named.length > 0) nodes = named
  }
  narrow()
  for (const key of path) {
    nodes = nodes.flatMap((node) => {
      const next = typeof key === 'number' ? node.items : node.properties?.[String(key)]
      return next === undefined ? [] : [next]
    })
    value = member(value, key)
    narrow()
  }
  return [...new Set(nodes.flatMap((node) => Object.keys(node.properties ?? {})))]
}
