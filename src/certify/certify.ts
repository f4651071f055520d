/**
 * A certification run, as a pipeline: plan → preflight → run → verdict. Whatever happens on the way, what is known at the
 * end is written down.
 */
import { resolve } from 'node:path'
import { UsageError } from '../core/errors.ts'
import { compareReports } from '../report/compare.ts'
import { clearReport, prepareFolder, writeReport } from '../report/folder.ts'
import { historyAfter, reportIn } from '../report/history.ts'
import type { Report, ReportFilter } from '../report/model.ts'
import { type Assembled, assemble } from './assemble.ts'
import { type Before, readBefore } from './before.ts'
import { choose, type Filter, isFiltered } from './choose.ts'
import { configurationDigest } from './configuration-digest.ts'
import { originsOf, planTarget, reportSubject } from './context.ts'
import { type Course, newCourse, whyNotRun } from './course.ts'
import { gated } from './gate.ts'
import type { CertifyOptions } from './options.ts'
import { suiteOf } from './own-features.ts'
import { mergeParts } from './parts.ts'
import { assumedSettings } from './plan.ts'
import { commandLine, rerunOf } from './reproduce.ts'
import { keepRotatedTokens } from './rotated-tokens.ts'
import { runCourse } from './run.ts'
import type { Stop } from './run-phases.ts'
import { measureSpTime } from './sp-time.ts'
import { findSubjects, type Subject } from './subject.ts'
import { loadSuite, type Suite } from './suite.ts'
import { openSurroundings, type Surroundings } from './surroundings.ts'

/**
 * Certifies the target of idpact.yaml, or with no file the embedded reference SPs, one for each contract, and writes the
 * report.
 *
 * @returns the report, which is on disk by then; its verdict has the exit code
 * @throws ConfigError and UsageError for what keeps a run from beginning; then no report is written
 * @example const { verdict } = await certify({ ...defaults, cwd, onEvent: progress(process.stderr, process.env) })
 */
export const certify = async (options: CertifyOptions): Promise<Report> => {
  const folder = resolve(options.cwd, options.out)
  const parts: Part[] = []
  const refused: unknown[] = []
  const subjects = await findSubjects(options)
  const before = await readBefore(options, subjects)
  const earlier = await reportIn(folder)
  for (const subject of subjects) {
    if (parts.some(({ stopped }) => stopped)) break
    try {
      parts.push(await runPart({ options, subject, before }, parts.length === 0 ? folder : undefined))
    } catch (error) {
      // A filter may be about one of several contracts.
      if (subjects.length === 1 || !isAboutFilter(error)) throw error
      refused.push(error)
    }
  }
  const [first, ...others] = parts
  if (first === undefined) throw refused[0]
  return await writeParts([first, ...others], { options, folder, before, earlier })
}

interface Part extends Assembled {
  /** cucumber's messages. */
  messages: readonly string[]
  /** Whether it was ended before its end, so that no other is begun. */
  stopped: boolean
}

/** What ends a run of several contracts, not just the one that it was met in. */
const isForAll = (stop: Stop | undefined): boolean => stop?.kind === 'interrupted' || stop?.kind === 'first-failure'

interface PartGiven {
  options: CertifyOptions
  subject: Subject
  before: Before
}

const isAboutFilter = (error: unknown): boolean =>
  error instanceof UsageError && ['nothing-chosen', 'unknown-requirement', 'unknown-scenario'].includes(error.code)

/** @param folder where the report will be written, of the first part: it is tried before anything runs */
const runPart = async ({ options, subject, before }: PartGiven, folder: string | undefined): Promise<Part> => {
  const [startedAt, started] = [new Date(), performance.now()]
  const [suite, around] = await prepare(options, subject)
  try {
    const chosen = choose(suite.scenarios, options.filter, subject.contract)
    const waivers = [...before.waivers, ...(subject.kind === 'configured' ? subject.config.waivers : [])]
    const course = newCourse({ options, subject, suite, around, chosen, waivers })
    const spTime = measureSpTime(originsOf(around.config.target))
    if (folder !== undefined) await prepareFolder(folder)
    announce(course)
    if (folder !== undefined) await clearReport(folder)
    await runCourse(course)
    spTime.stop()
    const tokens = await keepRotatedTokens(around)
    if (tokens !== undefined) options.onEvent({ type: 'note', message: tokens })
    const durationMs = performance.now() - started
    const times = { startedAt, durationMs, waitingForSpMs: spTime.waitedMs() }
    return { ...partOf(course, times), messages: course.messages, stopped: isForAll(course.stopped) }
  } finally {
    await around.close()
  }
}

/** Loading the scenarios takes this thread, starting the rest waits for others: side by side. */
const prepare = async (options: CertifyOptions, subject: Subject): Promise<[Suite, Surroundings]> => {
  const location = options.suite ?? (await suiteOf(subject.contract, options.cwd))
  const [around, suite] = await Promise.allSettled([
    openSurroundings({ subject, cwd: options.cwd, browser: options.browser }),
    loadSuite(location, options.filter.tags),
  ])
  if (around.status === 'rejected') throw around.reason
  if (suite.status === 'fulfilled') return [suite.value, around.value]
  await around.value.close()
  throw suite.reason
}

const announce = ({ options, subject, contract, around, plan, runId }: Course): void => {
  options.onEvent({
    type: 'started',
    runId,
    subject: reportSubject(around, []).name,
    contract: `${contract.id}@${contract.version}`,
    embedded: subject.kind === 'embedded',
  })
  options.onEvent({
    type: 'planned',
    phases: plan.phases.map(({ label, scenarios }) => ({ label, scenarios: scenarios.length })),
    notRun: plan.decided.length,
  })
}

interface Times {
  startedAt: Date
  durationMs: number
  waitingForSpMs: number
}

const partOf = (course: Course, times: Times): Assembled => {
  const { options } = course
  return assemble({
    ...course,
    ...times,
    subject: reportSubject(course.around, course.toldDefects),
    run: {
      id: course.runId,
      startedAt: times.startedAt.toISOString(),
      finishedAt: new Date().toISOString(),
      command: options.command,
      seed: options.seed,
      filter: filterOf(options.filter),
      configurationSha256: configurationDigest(course.subject),
    },
    featuresSha256: course.suite.featuresSha256,
    cucumberVersion: course.suite.cucumberVersion,
    scenarios: course.chosen,
    assumed: assumedSettings(course.contract, planTarget(course.around)),
    notRunBecause: (scenario) => whyNotRun(course, scenario),
    rerun: (scenario) => rerunOf(options, scenario),
    interrupted: course.stopped?.kind === 'interrupted',
    endedBecause: course.stopped?.kind === 'interrupted' ? undefined : course.stopped?.actual,
    acceptPartial: options.acceptPartial,
    reproduce: commandLine(options),
  })
}

interface Whole {
  options: CertifyOptions
  folder: string
  before: Before
  /** The report that was in the folder. */
  earlier: Report | undefined
}

const writeParts = async (
  parts: readonly [Part, ...Part[]],
  { options, folder, before, earlier }: Whole,
): Promise<Report> => {
  const { report: joined, logins, evidence } = mergeParts(parts)
  const report = besideOthers(joined, { options, before, earlier })
  const messages = parts.flatMap((part) => part.messages)
  const written = await writeReport(folder, { report, details: { logins }, evidence, messages })
  options.onEvent({ type: 'finished', verdict: report.verdict, summary: report.summary, folder })
  return written
}

/** The report with what came before it: the baseline, the gate, and the runs that it replaces. */
const besideOthers = (report: Report, { options, before: { baseline }, earlier }: Omit<Whole, 'folder'>): Report => {
  const comparison = baseline === undefined ? undefined : compareReports(baseline, report)
  return {
    ...report,
    ...(comparison === undefined ? {} : { comparison }),
    verdict: options.gate === 'new' ? gated(report, comparison, options) : report.verdict,
    history: historyAfter(earlier, report),
  }
}

const filterOf = (filter: Filter): ReportFilter =>
  isFiltered(filter)
    ? {
        ...(filter.tags === undefined ? {} : { tags: filter.tags }),
        requirements: [...filter.requirements],
        scenarios: [...filter.scenarios],
        ...(filter.shard === undefined ? {} : { shard: { ...filter.shard } }),
      }
    : null
