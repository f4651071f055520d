import { readdirSync, readFileSync } from 'node:fs'
import { basename, join, relative } from 'node:path'
import { stepsFile, suiteRoot } from '../../src/certify/package-paths.ts'
import { loadLibrary } from '../../src/certify/suite.ts'
import type { GeneratedFile } from './generated-file.ts'
import { notice, table } from './generated-file.ts'

/** What we read of cucumber's step definitions. */
interface StepDefinition {
  uri: string
  expression: { source: string }
  options: { wrapperOptions?: { needs?: readonly string[] } }
  matchesStepName(text: string): boolean
}

const featureFiles = (): string[] =>
  readdirSync(join(suiteRoot(), 'features'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.feature') && !file.startsWith('templates'))
    .toSorted()
    .map((file) => join(suiteRoot(), 'features', file))

const stepLines = (): string[] =>
  featureFiles().flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/^\s+(?:Given|When|Then|And|But) (.+)$/gm)].map((match) => match[1] ?? ''),
  )

const glossary = async (): Promise<string> => {
  const library = await loadLibrary({ root: suiteRoot(), features: [], steps: [stepsFile()] })
  const definitions = library.stepDefinitions as unknown as readonly StepDefinition[]
  const lines = stepLines().filter((line) => !line.includes('<'))
  const files = Map.groupBy(definitions, ({ uri }) => relative(suiteRoot(), uri))
  return [...files]
    .toSorted(([a], [b]) => a.localeCompare(b))
    .map(([file, members]) => {
      const rows = members
        .toSorted((a, b) => a.expression.source.localeCompare(b.expression.source))
        .map((definition) => [
          `\`${definition.expression.source}\``,
          lines.find((line) => definition.matchesStepName(line)) ?? '–',
          definition.options.wrapperOptions?.needs?.join(', ') || '–',
        ])
      return `## ${basename(file, '.steps.ts')}\n\n${table(['step', 'for example', 'needs'], rows)}`
    })
    .join('\n')
}

/** Every step that a feature may use, with an example out of our own features. */
export const stepGlossary: GeneratedFile = {
  path: 'docs/steps.md',
  make: async () =>
    `${notice('steps/definitions and features')}# Step glossary\n\nWhat the column *needs* names is a verb of the target ([verbs](verbs.md)); a scenario whose verbs are missing is \`not-observable\`.\n\n${await glossary()}`,
}
