import { allFaults } from '../../mock-idp/faults/scim/catalogue.ts'
import { featurePaths, stepsFile, suiteRoot } from '../../src/certify/package-paths.ts'
import { requirementsOf } from '../../src/certify/plan.ts'
import { loadSuite } from '../../src/certify/suite.ts'
import { faultTable } from '../../src/cli/faults.ts'
import { asMarkdown, trace } from '../../src/cli/traceability.ts'
import type { Contract } from '../../src/contracts/contract.ts'
import { contracts } from '../../src/contracts/index.ts'
import { listDefects } from '../../src/reference-sp/profiles.ts'
import { verbs } from '../../src/target/ports.ts'
import type { GeneratedFile } from './generated-file.ts'
import { notice, table } from './generated-file.ts'

const requirementsPage = async (contract: Contract): Promise<string> => {
  const { scenarios } = await loadSuite({
    root: suiteRoot(),
    features: featurePaths(contract.id),
    steps: [stepsFile()],
  })
  const traced = scenarios.map((scenario) => ({
    id: scenario.id,
    name: scenario.name,
    place: `${scenario.uri}:${scenario.line}`,
    needs: scenario.needs,
    requirements: requirementsOf(scenario, contract),
  }))
  const rows = trace(contract, traced, listDefects(), new Map())
  const tested = rows.filter(({ requirement }) => requirement.notTestedBecause === undefined).length
  return `# ${contract.title}, version ${contract.version}\n\n${rows.length} requirements, ${tested} tested by ${scenarios.length} scenarios, ${listDefects().length} defects that the scenarios catch.\n\n${knobs(contract)}${asMarkdown(rows)}`
}

const knobs = (contract: Contract): string =>
  `## What a target may declare in \`expect\`\n\nWhere the documentation leaves a choice. \`unchecked\` is observed and reported, never judged.\n\n${table(
    ['knob', 'means', 'values', 'default'],
    Object.entries(contract.expect).map(([name, knob]) => [
      `\`${name}\``,
      knob.title,
      knob.values.join(', '),
      knob.default,
    ]),
  )}\n`

const faultsPage = (): string =>
  `# What the mock IdP can get wrong\n\nEach fault changes one property of the message; everything else stays valid. Those of SAML are armed for one user, by the console, the control API or a step; those of the stage scim for the next requests of one application (org.scimFaults, or a step).\n\n${faultTable(allFaults)}`

const verbsPage = (): string =>
  `# What can be observed of a service provider\n\nA scenario needs verbs; a target has those that its ports in \`idpact.yaml\` give. What is missing makes scenarios \`not-observable\`.\n\n${table(
    ['verb', 'is'],
    Object.entries(verbs).map(([verb, title]) => [`\`${verb}\``, title]),
  )}`

/** Tables of what is certified, what can go wrong and what can be observed. */
export const tables: readonly GeneratedFile[] = [
  {
    path: 'docs/requirements.md',
    make: async () =>
      notice('src/contracts and features') +
      (
        await contracts.reduce(
          async (pages, contract) => [...(await pages), await requirementsPage(contract)],
          Promise.resolve<string[]>([]),
        )
      ).join('\n'),
  },
  { path: 'docs/faults.md', make: () => notice('mock-idp/faults') + faultsPage() },
  { path: 'docs/verbs.md', make: () => notice('src/target/ports.ts') + verbsPage() },
]
