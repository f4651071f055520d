/** idpact's report of a cucumber run of somebody's own: the same page and the same evidence, and never a certificate. */
import { relative, resolve } from 'node:path'
import type { Plugin } from '@cucumber/cucumber/api'
import { assemble } from '../certify/assemble.ts'
import { collect, type ScenarioResult } from '../certify/collect.ts'
import { configurationDigest } from '../certify/configuration-digest.ts'
import { planTarget, reportSubject } from '../certify/context.ts'
import type { Envelope, GherkinDocument, Pickle } from '../certify/cucumber.ts'
import { type Decided, makePlan, type Plan } from '../certify/plan.ts'
import { cleanEnvelope, sanitizer } from '../certify/sanitize.ts'
import { digestOf, type SuiteScenario, scenariosOf } from '../certify/suite.ts'
import { clearReport, prepareFolder, writeReport } from '../report/folder.ts'
import type { Report } from '../report/model.ts'
import { outcomeWords } from '../report/words.ts'
import type { Around } from './start.ts'

/** A scenario as cucumber hands it to a filter. */
interface Filterable {
  pickle: Pickle
  gherkinDocument: GherkinDocument
}

export interface Reporter {
  onMessage(envelope: Envelope): void
  /** Those that can run as the SP is set; what is left out is told in the report. */
  choose<T extends Filterable>(pickles: readonly T[]): T[]
  /** @returns the verdict and where the report is; undefined where nothing ran */
  write(): Promise<string | undefined>
}

export type OnMessage = Parameters<Parameters<NonNullable<Plugin['coordinator']>>[0]['on']>[1]

export const openReporter = (around: Around, { cwd, out }: { cwd: string; out: string }): Reporter => {
  const { subject, surroundings, settings, runId } = around
  const { contract } = subject
  const { target, config } = surroundings
  const [startedAt, started] = [new Date(), performance.now()]
  const sanitize = sanitizer({ secrets: config.target.secrets, cutSignatures: !target.loopback })
  const results = new Map<SuiteScenario, ScenarioResult>()
  const messages: string[] = []
  let cucumberVersion = ''
  let scenarios: SuiteScenario[] = []
  let plan: Plan = { phases: [], decided: [] }
  const collector = collect({
    finished: (result) => {
      const scenario = scenarios.find(({ uri, line }) => uri === result.uri && line === result.line)
      if (scenario !== undefined) results.set(scenario, result)
    },
  })
  return {
    onMessage: (envelope) => {
      if (envelope.meta) cucumberVersion = envelope.meta.implementation.version ?? ''
      const cleaned = cleanEnvelope(envelope, sanitize)
      messages.push(JSON.stringify(cleaned))
      collector.onMessage(cleaned)
    },
    choose: (pickles) => {
      const all = scenariosOf(
        pickles.map(({ pickle, gherkinDocument }) => ({ pickle, document: gherkinDocument, needs: [] })),
      )
      const whole = makePlan(all, contract, planTarget(surroundings))
      const here = whole.phases.find((phase) => sameSettings(phase.settings, settings))
      const others = whole.phases.filter((phase) => phase !== here)
      scenarios = all
      plan = {
        phases: here === undefined ? [] : [here],
        decided: [
          ...whole.decided,
          ...others.flatMap(({ label, scenarios: own }) => own.map((one) => elsewhere(one, label))),
        ],
      }
      return pickles.filter((_, index) => here?.scenarios.some((one) => one === all[index]))
    },
    write: async () => {
      if (scenarios.length === 0) return undefined
      const folder = resolve(cwd, out)
      const { report, logins, evidence } = assemble({
        ...{ contract, scenarios, plan, results, cucumberVersion, leftovers: [], waivers: [] },
        subject: reportSubject(surroundings, []),
        run: {
          id: runId,
          startedAt: startedAt.toISOString(),
          finishedAt: new Date().toISOString(),
          command: 'cucumber-js',
          seed: 1,
          // Scenarios of somebody's own are a part of nothing: they never certify a contract.
          filter: { requirements: [], scenarios: ['those of this cucumber-js run'] },
          configurationSha256: configurationDigest(subject),
        },
        featuresSha256: await digestOf(cwd, [...new Set(scenarios.map(({ uri }) => uri))]),
        settings: [settings],
        notRunBecause: () => notRun,
        rerun: ({ uri, line }) => `npx cucumber-js ${uri}:${line}`,
        ...{ interrupted: false, acceptPartial: false, durationMs: performance.now() - started },
        reproduce: 'npx cucumber-js',
      })
      await prepareFolder(folder)
      await clearReport(folder)
      const counts = report.summary.scenarios
      const told = outcomeWords
        .filter(([outcome]) => counts[outcome] > 0)
        .map(([outcome, word]) => `${counts[outcome]} ${word}`)
      await writeReport(folder, { report: ofOwn(report), details: { logins }, evidence, messages })
      return `${told.join(', ')}. The report is ${relative(cwd, folder) || folder}/report.html`
    },
  }
}

/** Scenarios of somebody's own certify nothing, and the page says so. */
const ofOwn = (report: Report): Report =>
  report.verdict.word === 'partial'
    ? {
        ...report,
        verdict: {
          ...report.verdict,
          sentence: 'Nothing failed. Scenarios of your own certify no contract; `idpact certify` does.',
          reasons: [],
        },
      }
    : report

const sameSettings = (a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean =>
  Object.entries(a).every(([key, value]) => b[key] === value)

const elsewhere = (scenario: SuiteScenario, label: string): Decided => ({
  ...{ scenario, outcome: 'not-observable', needs: [label] },
  reason: `It needs the service provider set to ${label}, and cucumber-js runs in one phase.`,
  how: `Set the service provider to ${label}, say so under target.settings in idpact.yaml, and run it again; or let \`idpact certify\` run it.`,
})

const notRun = {
  kind: 'crash',
  expected: 'The scenario runs to its end.',
  actual: 'cucumber-js ended before it.',
  hint: 'See what cucumber-js printed.',
} as const
