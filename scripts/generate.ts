/**
 * Writes everything that is made from something else: feature files from templates, JSON Schemas, tables of the docs. Run it
 * after a change of a contract, a template, a fault, a step or a command. With --check it writes nothing, names what is out
 * of date and exits with 1; a test does that.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { packageRoot } from '../src/core/package-root.ts'
import { commandPages, oktaPages } from './generated/commands.ts'
import { featureFiles } from './generated/features.ts'
import type { GeneratedFile } from './generated/generated-file.ts'
import { samlFeatures } from './generated/saml-features.ts'
import { samlPage } from './generated/saml-page.ts'
import { schemaFiles } from './generated/schemas.ts'
import { stepGlossary } from './generated/steps.ts'
import { tables } from './generated/tables.ts'

const files: readonly GeneratedFile[] = [
  ...featureFiles,
  ...samlFeatures,
  samlPage,
  ...schemaFiles,
  ...tables,
  stepGlossary,
  commandPages,
  oktaPages,
]

const current = (file: string): string | undefined => {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

const check = process.argv.includes('--check')
for (const { path, make } of files) {
  const file = join(packageRoot(), path)
  const text = await make()
  if (current(file) === text) continue
  if (check) process.exitCode = 1
  else {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  }
  console.log(check ? `${path} is out of date: npm run generate` : path)
}
