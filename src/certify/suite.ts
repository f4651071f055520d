/**
 * What could be run: every scenario with its tags, requirements and steps, and what the steps need of a target. Read by a
 * dry run of cucumber itself, so that steps are matched exactly as they will be when it counts.
 */
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { Writable } from 'node:stream'
import { InternalError, UsageError } from '../core/errors.ts'
import { type Verb, verbs } from '../target/ports.ts'
import {
  type Envelope,
  type GherkinDocument,
  type Pickle,
  runOptions,
  type StepLibrary,
  type TestCase,
} from './cucumber.ts'
import { stopHookFile } from './package-paths.ts'

export interface SuiteScenario {
  /** Unique in the suite, and safe as a file name: `cloudinary-roles-42`. */
  id: string
  uri: string
  /** Of the scenario, or of its row of examples: with `uri`, what cucumber is told to run. */
  line: number
  /** Lines that people may mean it by: its own, that of its outline. */
  lines: readonly number[]
  feature: string
  rule: string
  name: string
  /** With the @, inherited ones too. */
  tags: readonly string[]
  /** Verbs that its steps need, each once. */
  needs: readonly Verb[]
  /** Its steps as Gherkin has them, those of the background first: `When the user logs in`. */
  steps: readonly string[]
}

export interface Suite {
  /** What `uri`s are relative to. */
  root: string
  scenarios: readonly SuiteScenario[]
  library: StepLibrary
  featuresSha256: string
  cucumberVersion: string
}

export interface SuiteLocation {
  /** Folder that `features` and the names of files in the report are relative to. */
  root: string
  /** Globs of feature files. */
  features: readonly string[]
  /** Files to import: steps, hooks. Absolute. */
  steps: readonly string[]
}

/** Somewhere for cucumber's own formatter to write to. */
export const nowhere = (): Writable => new Writable({ write: (_chunk, _encoding, done) => done() })

/** Modules are loaded once in a process, so the library that they filled must be kept for later runs. */
const libraries = new Map<string, Promise<StepLibrary>>()

/**
 * Loads the step definitions; the same files are loaded once in a process.
 *
 * @throws whatever a step file throws when it is imported
 */
export const loadLibrary = (location: SuiteLocation): Promise<StepLibrary> => {
  const imports = [stopHookFile(), ...location.steps]
  const key = JSON.stringify(imports)
  const known = libraries.get(key) ?? importLibrary(location, imports)
  libraries.set(key, known)
  return known
}

const importLibrary = async (location: SuiteLocation, importPaths: string[]): Promise<StepLibrary> => {
  const { loadSupport } = await import('@cucumber/cucumber/api')
  const { sources } = runOptions({ paths: [...location.features], support: {} })
  return (await loadSupport({ sources, support: { importPaths } }, { cwd: location.root })) as StepLibrary
}

/**
 * Reads every scenario, or those that a tag expression chooses.
 *
 * @throws UsageError for a tag expression or a feature file that cannot be parsed, with file and line
 */
export const loadSuite = async (location: SuiteLocation, tags?: string): Promise<Suite> => {
  const library = await loadLibrary(location)
  const read = await dryRun(location, library, tags)
  const [bad] = read.parseErrors
  if (bad !== undefined)
    throw new UsageError(`A feature file cannot be read: ${bad}`, {
      code: 'gherkin-parse-error',
      hint: 'Mend the line; `npx cucumber-js --dry-run` shows all such places.',
    })
  return {
    root: location.root,
    scenarios: readScenarios(read, library),
    library,
    featuresSha256: await digestOf(location.root, [...read.documents.keys()]),
    cucumberVersion: read.cucumberVersion,
  }
}

interface Read {
  documents: Map<string, GherkinDocument>
  pickles: Map<string, Pickle>
  testCases: TestCase[]
  parseErrors: string[]
  cucumberVersion: string
}

/** With no step definitions: cucumber matches each step with each of them, which takes longer than all the rest. */
const dryRun = async (location: SuiteLocation, library: StepLibrary, tags?: string): Promise<Read> => {
  const read: Read = { documents: new Map(), pickles: new Map(), testCases: [], parseErrors: [], cucumberVersion: '' }
  const onMessage = (envelope: Envelope): void => {
    if (envelope.meta) read.cucumberVersion = envelope.meta.implementation.version ?? ''
    if (envelope.gherkinDocument?.uri) read.documents.set(envelope.gherkinDocument.uri, envelope.gherkinDocument)
    if (envelope.pickle) read.pickles.set(envelope.pickle.id, envelope.pickle)
    if (envelope.testCase) read.testCases.push(envelope.testCase)
    if (envelope.parseError) read.parseErrors.push(`${envelope.parseError.source.uri} ${envelope.parseError.message}`)
  }
  const { runCucumber } = await import('@cucumber/cucumber/api')
  const options = runOptions({
    paths: [...location.features],
    support: { ...library, stepDefinitions: [] } as StepLibrary,
    dryRun: true,
    tags,
  })
  try {
    await runCucumber(options, { cwd: location.root, stdout: nowhere(), stderr: nowhere() }, onMessage)
  } catch (error) {
    if (tags === undefined) throw error
    throw new UsageError(`--tags is not a tag expression: ${tags}`, {
      code: 'tag-expression',
      hint: `Write it as cucumber does: "@provisioning and not @slow". ${error instanceof Error ? error.message.trim() : ''}`,
      cause: error,
    })
  }
  return read
}

const readScenarios = (read: Read, library: StepLibrary): SuiteScenario[] => {
  const needsOf = needsOfSteps(library)
  return scenariosOf(
    read.testCases.map((testCase) => {
      const pickle = read.pickles.get(testCase.pickleId)
      const document = read.documents.get(pickle?.uri ?? '')
      if (pickle === undefined || document === undefined)
        throw new InternalError('cucumber announced a test case without its scenario.', { code: 'cucumber-messages' })
      return { pickle, document, needs: pickle.steps.flatMap(({ text }) => needsOf(text)) }
    }),
  )
}

/** What a step needs, by its text: of every definition that it fits, each text once. */
const needsOfSteps = ({ stepDefinitions }: StepLibrary): ((text: string) => readonly Verb[]) => {
  const definitions = stepDefinitions
    .map(({ expression, options }) => ({ regexp: expression.regexp, needs: declaredNeeds(options.wrapperOptions) }))
    .filter(({ needs }) => needs.length > 0)
  const known = new Map<string, readonly Verb[]>()
  return (text) => {
    const needs =
      known.get(text) ?? definitions.filter(({ regexp }) => text.search(regexp) >= 0).flatMap((one) => one.needs)
    known.set(text, needs)
    return needs
  }
}

/** A scenario as cucumber has read it, and what its steps need. */
export interface ReadScenario {
  pickle: Pickle
  document: GherkinDocument
  needs: readonly Verb[]
}

/** Scenarios in our words, in the order in which they are given. */
export const scenariosOf = (all: readonly ReadScenario[]): SuiteScenario[] => {
  const documents = [...new Set(all.map(({ document }) => document))]
  const places = new Map(documents.flatMap((document) => [...placesOf(document)]))
  const keywords = new Map(documents.flatMap((document) => [...keywordsOf(document)]))
  const scenarios = all.map(({ pickle, needs }): SuiteScenario => {
    const [scenarioId = '', exampleId] = pickle.astNodeIds
    const place = places.get(scenarioId)
    if (place === undefined)
      throw new InternalError('cucumber announced a scenario that its document does not have.', {
        code: 'cucumber-messages',
      })
    const line = (exampleId === undefined ? undefined : place.rows.get(exampleId)) ?? place.line
    return {
      id: idOf(pickle.uri, line),
      uri: pickle.uri,
      line,
      lines: [line, place.line],
      feature: place.feature,
      rule: place.rule,
      name: pickle.name,
      tags: [...new Set(pickle.tags.map(({ name }) => name))],
      needs: [...new Set(needs)],
      steps: pickle.steps.map(({ text, astNodeIds: [id = ''] }) => `${keywords.get(id) ?? ''}${text}`),
    }
  })
  return withUniqueIds(scenarios)
}

/** `features/cloudinary/roles.feature`, 42 → `cloudinary-roles-42`: the same as long as the scenario stays where it is. */
const idOf = (uri: string, line: number): string => {
  const parts = uri.replace(/\\/g, '/').split('/')
  const folder = parts.at(-2) ?? ''
  return `${folder}-${basename(parts.at(-1) ?? '', '.feature')}-${line}`
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
}

const withUniqueIds = (scenarios: SuiteScenario[]): SuiteScenario[] => {
  const seen = new Map<string, number>()
  return scenarios.map((scenario) => {
    const times = (seen.get(scenario.id) ?? 0) + 1
    seen.set(scenario.id, times)
    return times === 1 ? scenario : { ...scenario, id: `${scenario.id}-${times}` }
  })
}

const declaredNeeds = (options: unknown): Verb[] => {
  const { needs } = (options ?? {}) as { needs?: unknown }
  if (!Array.isArray(needs)) return []
  const unknown = needs.find((verb) => !(String(verb) in verbs))
  if (unknown !== undefined)
    throw new UsageError(`A step needs the verb "${unknown}", which no port has.`, {
      code: 'unknown-verb',
      hint: `There are: ${Object.keys(verbs).join(', ')}.`,
    })
  return needs as Verb[]
}

interface Place {
  feature: string
  rule: string
  line: number
  /** Lines of the rows of examples, by id. */
  rows: Map<string, number>
}

const placesOf = function* (document: GherkinDocument): Generator<[string, Place]> {
  const feature = document.feature
  for (const child of feature?.children ?? [])
    for (const { scenario } of child.rule?.children ?? [child]) {
      if (scenario === undefined) continue
      const rows = scenario.examples.flatMap(({ tableBody }) => tableBody)
      yield [
        scenario.id,
        {
          feature: feature?.name ?? '',
          rule: child.rule?.name ?? '',
          line: scenario.location.line,
          rows: new Map(rows.map(({ id, location }) => [id, location.line])),
        },
      ]
    }
}

/** `When `, by the id of the step in the document. */
const keywordsOf = function* ({ feature }: GherkinDocument): Generator<[string, string]> {
  const blocks = (feature?.children ?? []).flatMap((child) => [child, ...(child.rule?.children ?? [])])
  for (const { background, scenario } of blocks)
    for (const { id, keyword } of [...(background?.steps ?? []), ...(scenario?.steps ?? [])]) yield [id, keyword]
}

/** SHA-256 over feature files: their names, and their text. */
export const digestOf = async (root: string, uris: readonly string[]): Promise<string> => {
  const hash = createHash('sha256')
  for (const uri of uris.toSorted()) hash.update(`${uri}\n`).update(await readFile(join(root, uri)))
  return hash.digest('hex')
}
