import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { allFaults } from '../../mock-idp/faults/scim/catalogue.ts'
import type { Envelope, Pickle } from '../../src/certify/cucumber.ts'
import { runOptions } from '../../src/certify/cucumber.ts'
import { featurePaths, stepsFile, suiteRoot } from '../../src/certify/package-paths.ts'
import { requirementsOf } from '../../src/certify/plan.ts'
import { loadSuite, nowhere, type Suite } from '../../src/certify/suite.ts'
import type { Contract } from '../../src/contracts/contract.ts'
import { generatedFeatures } from '../../src/contracts/generated-features.ts'
import { contracts } from '../../src/contracts/index.ts'
import { packageRoot } from '../../src/core/package-root.ts'
import { contractOfDefect, listDefects } from '../../src/reference-sp/index.ts'

interface Read {
  contract: Contract
  suite: Suite
  messages: Envelope[]
  pickles: Pickle[]
}

const read = async (contract: Contract): Promise<Read> => {
  const suite = await loadSuite({ root: suiteRoot(), features: featurePaths(contract.id), steps: [stepsFile()] })
  const { runCucumber } = await import('@cucumber/cucumber/api')
  const messages: Envelope[] = []
  const options = runOptions({ paths: featurePaths(contract.id), support: suite.library, dryRun: true })
  await runCucumber(options, { cwd: suiteRoot(), stdout: nowhere(), stderr: nowhere() }, (message) => {
    messages.push(message)
  })
  return { contract, suite, messages, pickles: messages.flatMap(({ pickle }) => pickle ?? []) }
}

const all: Read[] = []
for (const contract of contracts) all.push(await read(contract))

const scenariosOf = ({ suite, contract }: Read, id: string) =>
  suite.scenarios.filter((one) => requirementsOf(one, contract).includes(id))

describe.each(all)('requirement ⇄ scenario ⇄ defect: $contract.id', (one) => {
  const { contract } = one
  const defects = listDefects().filter(({ id }) => contractOfDefect(id) === contract.id)

  it('every requirement of an SP or of the IdP has a scenario, and no other has one', () => {
    const tested = contract.requirements.filter(({ id }) => scenariosOf(one, id).length > 0)
    const testable = contract.requirements.filter(({ kind }) => kind === 'sp' || kind === 'idp')
    expect(tested.map(({ id }) => id)).toEqual(testable.map(({ id }) => id))
  })

  it('every requirement that an SP can break has a defect of the reference SP that breaks it', () => {
    const falsifiable = contract.requirements.filter(({ violation }) => violation !== undefined)
    expect(defects.map(({ breaks }) => breaks)).toEqual(expect.arrayContaining(falsifiable.map(({ id }) => id)))
  })

  it('defects speak of requirements that exist', () => {
    const ids = contract.requirements.map(({ id }) => id)
    for (const { breaks, alsoFails = [] } of defects)
      expect(ids).toEqual(expect.arrayContaining([breaks, ...alsoFails.map(({ requirement }) => requirement)]))
  })

  it('every requirement that listens to a knob has a scenario for its default', () => {
    for (const { id, expect: knob } of contract.requirements) {
      if (knob === undefined) continue
      const values = [contract.expect[knob]?.default]
      const tags = scenariosOf(one, id).flatMap((scenario) => scenario.tags)
      if (values[0] !== 'unchecked') expect(tags, id).toContain(`@expect:${knob}=${values[0]}`)
    }
  })
})

describe('the feature files', () => {
  it('those made from templates are current: run `npm run generate` when this fails', () => {
    for (const { template, file, render } of generatedFeatures) {
      const folder = join(packageRoot(), 'features')
      expect(readFileSync(join(folder, file), 'utf8'), file).toBe(render(readFileSync(join(folder, template), 'utf8')))
    }
  })
})

describe.each(all)('the features of $contract.id', ({ contract, suite, pickles, messages }) => {
  it('every scenario stands in a Rule with a requirement, and its Rule is the sentence of one of them', () => {
    for (const scenario of suite.scenarios) {
      const sentences = requirementsOf(scenario, contract).map(
        (id) => contract.requirements.find((one) => one.id === id)?.statement,
      )
      expect(sentences, `${scenario.uri}:${scenario.line}`).toContain(scenario.rule)
    }
  })

  it('tags ask only for settings and knobs that exist, with values that exist', () => {
    const all = new Set(suite.scenarios.flatMap((scenario) => scenario.tags))
    // Several settings stand in one tag: @settings:saml=off,groupSync=off.
    const tags = [...all].flatMap((tag) =>
      tag.startsWith('@settings:')
        ? tag
            .slice('@settings:'.length)
            .split(',')
            .map((one) => `@settings:${one}`)
        : [tag],
    )
    for (const tag of tags) {
      const [, kind = '', name = '', value = ''] = /^@(settings|expect):([\w.]+)=(.+)$/.exec(tag) ?? []
      if (kind === '') continue
      const known = kind === 'settings' ? contract.settings[name] : contract.expect[name]
      for (const one of value.split('|')) expect(known?.values, tag).toContain(one)
    }
  })

  it('scenarios that make administrators ask for consent', () => {
    for (const pickle of pickles) {
      const makes = pickle.steps.some(({ text }) =>
        /has (an account with )?the role "((master_|technical_)?admin|account_administrator)"/.test(text),
      )
      if (makes)
        expect(
          pickle.tags.map(({ name }) => name),
          pickle.name,
        ).toContain('@consent:admin-accounts')
    }
  })

  it('has the size that people can read and machines can run', () => {
    expect(suite.scenarios.length).toBeGreaterThan(contract.requirements.length)
    // Those of `saml` are generated: one row of a table for each mistake of the mock IdP.
    expect(suite.scenarios.length).toBeLessThan(contract.id === 'saml' ? 700 : 450)
  })

  it('every step of every scenario means exactly one definition', () => {
    const meanings = messages.flatMap(({ testCase }) => testCase?.testSteps ?? []).filter((step) => step.pickleStepId)
    expect(meanings.length).toBeGreaterThan(300)
    expect(meanings.filter(({ stepDefinitionIds }) => stepDefinitionIds?.length !== 1)).toEqual([])
    const undefinedSteps = messages.flatMap(({ suggestion }) => suggestion ?? [])
    expect(undefinedSteps).toEqual([])
  })
})

describe('the steps', () => {
  it('every definition is used by a scenario, but those for the users’ own features', () => {
    const used = new Set(all.flatMap(({ messages }) => messages.flatMap(definitionsUsed)))
    const unused = (all[0]?.messages ?? [])
      .flatMap(({ stepDefinition }) => stepDefinition ?? [])
      .filter(({ id }) => !used.has(id))
      .map(({ pattern }) => pattern.source)
    expect(unused).toEqual(forOwnFeatures)
  })

  it('every mistake of the mock IdP is made by a scenario', () => {
    const made = new Set(
      all
        .flatMap(({ pickles }) => pickles)
        .flatMap(({ steps }) => steps.map(({ text }) => text))
        .flatMap(faultsOf),
    )
    expect(allFaults.map(({ id }) => id).filter((id) => !made.has(id))).toEqual(Object.keys(notMade))
  })
})

/** Ids of definitions are those of one library, which is loaded once. */
const definitionsUsed = ({ testCase }: Envelope): string[] =>
  [...(testCase?.testSteps ?? [])].flatMap((step) => [...(step.stepDefinitionIds ?? [])])

/** Steps that no scenario of ours needs, and that QA's own features do. */
const forOwnFeatures = [
  'the mock IdP makes the mistake {string} with',
  'the mock IdP sends the NameID in the format {string}',
]

/** Mistakes that no scenario makes, and why. */
const notMade: Record<string, string> = {
  'name-id-format': 'The contract asks for emailAddress and leaves open what an SP does with another format.',
}

/** Sentences of steps, and the mistake that they make. */
const sentences: readonly [RegExp, string][] = [
  [/leaves out the attribute/, 'missing-attribute'],
  [/sends the attribute ".*" empty/, 'empty-attribute'],
  [/renames the attribute/, 'renamed-attribute'],
  [/writes the name of the attribute/, 'attribute-name-case'],
  [/writes the values of the attribute/, 'attribute-value-case'],
  [/^the mock IdP sends .* in the attribute/, 'attribute-value'],
  [/also sends/, 'several-values'],
  [/adds the attribute/, 'extra-attribute'],
  [/with the name format/, 'attribute-name-format'],
  [/as the NameID/, 'name-id-value'],
  [/addresses the organisation of the user/, 'addressed-to-other-organisation'],
  [/answers (for .* )?the request of/, 'in-response-to'],
  [/is written into the NameID/, 'tampered-name-id'],
  [/is written into the attribute/, 'tampered-attribute'],
  [/^the RelayState (is|has) /, 'relay-state'],
]
const faultsOf = (text: string): string[] => [
  ...(/(?:makes|with) the mistake "([^"]*)"/.exec(text)?.slice(1) ?? []),
  ...sentences.flatMap(([pattern, fault]) => (pattern.test(text) ? [fault] : [])),
]
