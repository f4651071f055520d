import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Command, Option } from 'commander'
import type { Contract } from '../contracts/contract.ts'
import { UsageError } from '../core/errors.ts'
import type { CliIo } from './io.ts'
import type { Trace, TracedScenario } from './traceability.ts'

interface Options {
  contract?: string
  json?: true
  markdown?: true
  csv?: true
  report?: string
}

/** `idpact requirements`: what is certified, by which scenarios, and what is not tested and why. */
export const requirementsCommand = (io: CliIo): Command =>
  new Command('requirements')
    .description(
      'Lists each requirement of the contracts with its source, its scenarios, the defect that proves them, what of the target they need, and what came of it in the last report.',
    )
    .argument('[ids...]', 'only these requirements: CLD-PROV-12, or CLD-PROV for all that begin so')
    .option(
      '--contract <name>',
      'of which contract: cloudinary@1, or the file of your own (default: all that idpact brings)',
    )
    .addOption(new Option('--json', 'as JSON').conflicts(['markdown', 'csv']))
    .addOption(new Option('--markdown', 'as a traceability table in Markdown').conflicts(['json', 'csv']))
    .addOption(new Option('--csv', 'as a traceability table for a spreadsheet').conflicts(['json', 'markdown']))
    .option(
      '--report <file>',
      'the report.json, or its folder, with the outcomes (default: reports/latest/report.json, if there is one)',
    )
    .action(async (ids: string[], options: Options) => {
      const { asCsv, asJson, asMarkdown, asText } = await import('./traceability.ts')
      const traces = chosen(await traceAll(io, options), ids)
      const render = options.json ? asJson : options.csv ? asCsv : options.markdown ? asMarkdown : asText
      io.stdout.write(render(traces))
    })

const traceAll = async (io: CliIo, options: Options): Promise<Trace[]> => {
  const [{ trace }, { listDefects }] = await Promise.all([
    import('./traceability.ts'),
    import('../reference-sp/profiles.ts'),
  ])
  const outcomes = await lastOutcomes(io, options.report)
  const traces: Trace[] = []
  for (const contract of await contractsOf(io, options))
    traces.push(...trace(contract, await scenariosOf(contract, io.cwd), listDefects(), outcomes))
  return traces
}

const contractsOf = async (io: CliIo, { contract }: Options): Promise<readonly Contract[]> => {
  const { contracts, findContract } = await import('../contracts/index.ts')
  if (contract === undefined) return contracts
  const { isContractFile, readContractFile } = await import('../config/contract-file.ts')
  return [isContractFile(contract) ? await readContractFile(resolve(io.cwd, contract)) : findContract(contract)]
}

const scenariosOf = async (contract: Contract, cwd: string): Promise<TracedScenario[]> => {
  const [{ loadSuite }, { requirementsOf }, paths] = await Promise.all([
    import('../certify/suite.ts'),
    import('../certify/plan.ts'),
    import('../certify/own-features.ts'),
  ])
  const { scenarios } = await loadSuite(await paths.suiteOf(contract, cwd))
  return scenarios.map((scenario) => ({
    id: scenario.id,
    name: scenario.name,
    place: `${scenario.uri}:${scenario.line}`,
    needs: scenario.needs,
    requirements: requirementsOf(scenario, contract),
  }))
}

const chosen = (traces: readonly Trace[], ids: readonly string[]): Trace[] => {
  const matches = (id: string, wanted: string) => id === wanted || id.startsWith(`${wanted}-`)
  const wanted = ids.map((id) => id.toUpperCase())
  const unknown = wanted.find((one) => !traces.some(({ requirement }) => matches(requirement.id, one)))
  if (unknown !== undefined)
    throw new UsageError(`There is no requirement ${unknown} in the contract.`, {
      code: 'unknown-requirement',
      hint: 'Leave the ids out to see all.',
    })
  if (wanted.length === 0) return [...traces]
  return traces.filter(({ requirement }) => wanted.some((one) => matches(requirement.id, one)))
}

/** Outcomes by requirement; none where there is no report. The usual one, which nobody has asked for, may be of an older idpact. */
const lastOutcomes = async (io: CliIo, path: string | undefined): Promise<Map<string, string>> => {
  if (path === undefined && !existsSync(join(io.cwd, usualReport))) return new Map()
  const { readReport } = await import('../report/read.ts')
  try {
    const { requirements } = await readReport(path ?? usualReport, { cwd: io.cwd })
    return new Map(requirements.map(({ id, outcome }) => [id, outcome]))
  } catch (error) {
    if (path !== undefined || !(error instanceof UsageError)) throw error
    io.stderr.write(`Outcomes are left out: ${error.message}\n`)
    return new Map()
  }
}

const usualReport = join('reports', 'latest', 'report.json')
