import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { configJsonSchema } from '../../src/config/json-schema.ts'
import { packageRoot } from '../../src/core/package-root.ts'

it('schemas/idpact.schema.json is what the code reads', () => {
  const file = readFileSync(join(packageRoot(), 'schemas/idpact.schema.json'), 'utf8')
  // When this fails: write configJsonSchema() into the file, with two spaces of indent and a last newline.
  expect(file).toBe(`${JSON.stringify(configJsonSchema(), null, 2)}\n`)
})

it('an editor is told what may stand where', () => {
  const schema = configJsonSchema() as { properties: Record<string, unknown>; additionalProperties: boolean }
  expect(Object.keys(schema.properties)).toEqual([
    'contract',
    'idp',
    'target',
    'parameters',
    'allow',
    'expect',
    'waivers',
    'environment',
  ])
  expect(schema.additionalProperties).toBe(false)
})
