import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { Envelope } from '../../src/certify/cucumber.ts'
import { runOptions } from '../../src/certify/cucumber.ts'
import { suiteOf } from '../../src/certify/own-features.ts'
import { requirementsOf } from '../../src/certify/plan.ts'
import { loadSuite, nowhere } from '../../src/certify/suite.ts'
import { readContractFile } from '../../src/config/contract-file.ts'
import { contractOf } from '../../src/contracts/index.ts'
import { buildContract } from '../../src/contracts/own/build.ts'
import { type Declaration, declarationSchema } from '../../src/contracts/own/declaration.ts'
import { sharedRules } from '../../src/contracts/own/rules.ts'

const folder = mkdtempSync(join(tmpdir(), 'idpact-contract-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const role = { attribute: 'role', values: ['admin', 'editor', 'viewer'], strongest: 'admin' }
const attributes = [
  { name: 'mail', value: 'user.email', mandatory: true },
  { name: 'name', value: 'user.firstName + " " + user.lastName', mandatory: true },
  { name: 'role', value: 'user.role' },
  { name: 'groups', value: 'user.teams', list: true },
]

/** From nothing but SAML to all that can be said. */
const declarations: Record<string, object> = {
  'saml-alone': { saml: {} },
  'scim-alone': { scim: {} },
  'no-accounts': { saml: { creates: false, attributes } },
  'no-roles': { saml: { attributes: attributes.slice(0, 2), key: 'mail' } },
  'role-must-be-said': { saml: { attributes, role: { ...role, unknown: 'unchecked' } } },
  'no-mandatory': {
    saml: { attributes: [{ name: 'role', value: 'user.role' }], role: { ...role, default: 'viewer' } },
  },
  'groups-not-made': { saml: { attributes, groups: { attribute: 'groups', created: false, left: false } } },
  everything: {
    saml: {
      attributes,
      key: 'mail',
      role: { ...role, default: 'viewer', administrators: ['admin'] },
      groups: { attribute: 'groups', created: true },
      refusal: { status: 403, names: true },
    },
    scim: { uniqueField: 'email', deactivation: 'removed' },
  },
}

const declared = (name: string): Declaration =>
  declarationSchema.parse({ contract: `${name}@2`, title: `A: ${name}`, ...declarations[name] })

describe.each(Object.keys(declarations))('a contract of one’s own: %s', (name) => {
  it('has a scenario for each requirement, and each step of them means exactly one definition', async () => {
    const contract = buildContract(declared(name))
    const location = await suiteOf(contract, folder)
    const suite = await loadSuite(location)
    const tested = new Set(suite.scenarios.flatMap((scenario) => requirementsOf(scenario, contract)))
    expect([...tested].toSorted()).toEqual(contract.requirements.map(({ id }) => id).toSorted())
    for (const scenario of suite.scenarios) expect(requirementsOf(scenario, contract)).toHaveLength(1)

    const messages: Envelope[] = []
    const { runCucumber } = await import('@cucumber/cucumber/api')
    const options = runOptions({ paths: [...location.features], support: suite.library, dryRun: true })
    await runCucumber(options, { cwd: location.root, stdout: nowhere(), stderr: nowhere() }, (one) =>
      messages.push(one),
    )
    const steps = messages.flatMap(({ testCase }) => testCase?.testSteps ?? []).filter((step) => step.pickleStepId)
    expect(steps.filter(({ stepDefinitionIds }) => stepDefinitionIds?.length !== 1)).toEqual([])
  })

  it('asks only for settings and choices that it has', async () => {
    const contract = buildContract(declared(name))
    const suite = await loadSuite(await suiteOf(contract, folder))
    for (const tag of new Set(suite.scenarios.flatMap(({ tags }) => tags))) {
      const [, kind = '', knob = ''] = /^@(settings|expect):([\w.]+)=/.exec(tag) ?? []
      if (kind === 'settings') expect(contract.settings).toHaveProperty([knob])
    }
  })

  it('can be built again from what it was built from', () => {
    const contract = buildContract(declared(name))
    expect(contractOf(JSON.parse(JSON.stringify(contract)))).toEqual(contract)
  })
})

it('every rule that is shared is promised by one of these, with a number of its own', () => {
  const promised = new Set(
    Object.keys(declarations).flatMap((name) => sharedRules.filter((rule) => rule.promised(declared(name)))),
  )
  expect(sharedRules.filter((rule) => !promised.has(rule)).map((rule) => rule.name)).toEqual([])
  expect(new Set(sharedRules.map(({ number }) => number)).size).toBe(sharedRules.length)
})

const refused = async (text: string): Promise<string> => {
  const file = join(folder, 'my.contract.yaml')
  writeFileSync(file, text)
  return readContractFile(file).then(
    () => 'was read',
    (error: Error & { hint?: string }) => `${error.message} ${error.hint ?? ''}`,
  )
}

const head = 'contract: my@1\ntitle: Mine\n'

describe('a wrong contract file is refused with its place', () => {
  it.each([
    [
      'a name that idpact has',
      'contract: cloudinary@1\ntitle: x\nsaml: {}\n',
      /yaml:1:11 .*name of its own.*my-cloudinary@1/,
    ],
    ['no version', 'contract: my\ntitle: x\nsaml: {}\n', /yaml:1:11 contract must be a name and a version: my-sp@1/],
    ['nothing promised', head, /needs saml or scim/],
    [
      'a misspelt key',
      `${head}saml: { atributes: [] }\n`,
      /yaml:3:9 saml\.atributes is unknown; did you mean attributes\?/,
    ],
    [
      'a role of no attribute',
      `${head}saml: { role: { attribute: x, values: [a, b, c], strongest: a } }\n`,
      /saml\.role\.attribute must be one of the attributes \(none\), and is x/,
    ],
    [
      'a strongest role that is none',
      `${head}saml: { attributes: [{ name: r, value: user.r }], role: { attribute: r, values: [a, b, c], strongest: d } }\n`,
      /saml\.role\.strongest must be one of a, b, c/,
    ],
    [
      'too few ordinary roles',
      `${head}saml: { attributes: [{ name: r, value: user.r }], role: { attribute: r, values: [a, b], strongest: a } }\n`,
      /must have two roles that are neither/,
    ],
    [
      'a key that may be missing',
      `${head}saml: { attributes: [{ name: m, value: user.email }], key: m }\n`,
      /saml\.key must be a mandatory attribute, and m is not/,
    ],
    [
      'a parameter that is not declared',
      `${head}saml: { attributes: [{ name: t, value: "{tenant}" }] }\n`,
      /names the parameter tenant/,
    ],
    [
      'groups of one value',
      `${head}saml: { attributes: [{ name: g, value: user.g }], groups: { attribute: g, created: true } }\n`,
      /must be a list \(list: true\)/,
    ],
    [
      'an attribute twice',
      `${head}saml: { attributes: [{ name: g, value: user.g }, { name: g, value: user.h }] }\n`,
      /saml\.attributes\.1\.name is there twice: g/,
    ],
  ])('%s', async (_name, text, message) => {
    expect(await refused(text)).toMatch(message)
  })

  it('a file that is not there', async () => {
    await expect(readContractFile(join(folder, 'nothing.yaml'))).rejects.toMatchObject({ name: 'ConfigError' })
  })
})
