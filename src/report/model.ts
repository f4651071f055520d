/**
 * The shape of report.json, once: the writers check with it, readers (a dashboard, `idpact merge`) may rely on it, and the
 * types are inferred from it. Members may be added within a `schemaVersion`; renaming or removing one raises it.
 */
import { z } from 'zod'
import { outcomes } from '../core/evidence.ts'

export const reportSchemaVersion = 1

/** Words of the verdict, the worst first. */
export const verdictWords = ['not-certified', 'inconclusive', 'partial', 'certified'] as const
export type VerdictWord = (typeof verdictWords)[number]

const outcome = z.enum(outcomes)
const keyword = z.enum(['MUST', 'SHOULD', 'MAY'])
/** ISO 8601, UTC. */
const instant = z.iso.datetime()
/** How many of something had each outcome; an outcome that did not occur is 0. */
const counts = z.record(outcome, z.int().min(0))

const suite = z.strictObject({
  /** Always `idpact`. */
  name: z.literal('idpact'),
  /** Version of the idpact package. */
  version: z.string(),
  /** SHA-256 over the feature files that were read, so that two reports can be told to rest on the same scenarios. */
  featuresSha256: z.string(),
})

const runner = z.strictObject({
  /** `24.11.0`. */
  node: z.string(),
  /** Version of cucumber-js; empty where nothing got as far as running. */
  cucumber: z.string(),
  /** `linux-x64`. */
  platform: z.string(),
})

const subject = z.strictObject({
  /** `target.name` of idpact.yaml. */
  name: z.string(),
  /** `target.version` of idpact.yaml. */
  version: z.string().optional(),
  /** Origins that the run talked to: of the ACS URLs. */
  urls: z.array(z.string()),
  /** Whether it was the reference SP that idpact brings, not a product. */
  embedded: z.boolean(),
  /** Whether everything of it was on the machine of the run. */
  loopback: z.boolean(),
  /** Defects that the reference SP was started with. */
  defects: z.array(z.string()),
})

const filter = z.strictObject({
  /** Tag expression of `--tags`. */
  tags: z.string().optional(),
  /** Ids of `--requirement`. */
  requirements: z.array(z.string()),
  /** Names, or `file:line`, of `--scenario`. */
  scenarios: z.array(z.string()),
  /** Of `--shard 2/4`: the part that was run, and of how many. */
  shard: z.strictObject({ part: z.int().min(1), of: z.int().min(1) }).optional(),
})

const run = z.strictObject({
  /** Unique; the names of everything that the run makes at the SP contain it. */
  id: z.string(),
  startedAt: instant,
  finishedAt: instant,
  /** The command line as it was given. */
  command: z.string(),
  /** Seed of the order of scenarios and of made-up people. */
  seed: z.int(),
  /** What was chosen; null when everything was. */
  filter: filter.nullable(),
  /** Phases, in the order in which they ran: the SP's settings of each. */
  settings: z.array(z.record(z.string(), z.string())),
  /** Whether a verdict of this run may be called a certification: false as soon as a filter was used or it was cut short. */
  certifying: z.boolean(),
  /** SHA-256 over idpact.yaml as it was understood, without secrets: equal for equal configurations. */
  configurationSha256: z.string(),
})

const verdict = z.strictObject({
  word: z.enum(verdictWords),
  /** One sentence for a release manager. */
  sentence: z.string(),
  /** What is certified where it is not everything: `SAML login without Enforce`. */
  scope: z.string().optional(),
  /** Why it is not better, one sentence each, the worst first. */
  reasons: z.array(z.string()),
  /** What the process ended with. */
  exitCode: z.int(),
  /** Whether it was stopped from outside before everything had run. */
  interrupted: z.boolean(),
  /** Of `--gate new`: whether there are failures that are neither waived nor in the baseline, and which. */
  gate: z.strictObject({ passed: z.boolean(), failures: z.array(z.string()) }).optional(),
})

const summary = z.strictObject({
  requirements: counts,
  scenarios: counts,
  /** Milliseconds from start to report, all in all. */
  durationMs: z.number(),
  /** Milliseconds of that in which at least one answer of the SP was awaited; absent where it could not be measured. */
  waitingForSpMs: z.number().optional(),
})

const contract = z.strictObject({
  /** `cloudinary`. */
  id: z.string(),
  version: z.int(),
  title: z.string(),
  /** Its areas, in the order in which they are shown. */
  areas: z.array(z.strictObject({ id: z.string(), title: z.string() })),
  verdict: z.enum(verdictWords),
  /** Of its requirements. */
  counts,
  /** SHA-256 over what it asks for: equal where two reports were judged by the same promises. */
  sha256: z.string(),
})

const source = z.strictObject({
  /** Title of the document, with its date. */
  document: z.string(),
  /** The words that the requirement rests on. */
  quote: z.string(),
})

const waiver = z.strictObject({
  reason: z.string(),
  approver: z.string(),
  /** The last day on which it holds, `2027-01-31`. */
  expires: z.string(),
})

const requirement = z.strictObject({
  /** `CLD-PROV-12`. */
  id: z.string(),
  /** The sentence, in our words. */
  title: z.string(),
  keyword,
  /** How much harm it does when broken; the contract's word, else by the keyword. */
  severity: z.enum(['critical', 'high', 'medium', 'low', 'info']),
  /** What an attacker gains when it is broken. */
  gain: z.string().optional(),
  /** Id of the contract. */
  contract: z.string(),
  /** Id of the contract's area. */
  area: z.string(),
  source,
  outcome,
  /** Ids of its scenarios. */
  scenarios: z.array(z.string()),
  /** Why nothing was tested, where the contract says so. */
  notTestedBecause: z.string().optional(),
  /** Somebody takes the failure on themselves; it never turns a failure into a pass. */
  waiver: waiver.optional(),
})

const failure = z.strictObject({
  /** The step that ended the scenario, as Gherkin says it. */
  step: z.string(),
  expected: z.string(),
  actual: z.string(),
  hint: z.string().optional(),
  /** Clause or document beside the requirement's own source. */
  clause: z.string().optional(),
  /** Stable, kebab-case: `login-accepted`, `timeout`. */
  code: z.string(),
})

/** One login as the report shows it in short; the whole is in the evidence. */
const login = z.strictObject({
  user: z.string(),
  /** `accepted`, `refused`…, as the session port saw it. */
  verdict: z.string(),
  /** Names of the faults that were armed. */
  faults: z.array(z.string()),
})

const scenario = z.strictObject({
  /** Unique in the report, and safe as a file name. */
  id: z.string(),
  feature: z.string(),
  /** Name of the Rule that it stands under; empty outside rules. */
  rule: z.string(),
  name: z.string(),
  /** Path of the feature file, relative to the package or the working folder. */
  uri: z.string(),
  /** Line of the scenario, or of its row of examples. */
  line: z.int(),
  /** With the @. */
  tags: z.array(z.string()),
  /** Ids of the requirements that it tests. */
  requirements: z.array(z.string()),
  /** Its steps as Gherkin has them: `When the user logs in`. */
  steps: z.array(z.string()),
  outcome,
  /** The SP's settings while it ran: `enforce=on`; `defaults` where they were the contract's. Empty when it did not run. */
  phase: z.string(),
  /** How often it was run; 0 when its outcome was clear before. */
  attempts: z.int().min(0),
  durationMs: z.number(),
  /** Why it did not run, for not-observable and not-applicable. */
  reason: z.string().optional(),
  failure: failure.optional(),
  /** How earlier attempts ended, of a scenario that was tried again (`--retry`); the last attempt counts. */
  earlier: z.array(failure),
  /** The good login that the faulty one is compared with. */
  twin: login.optional(),
  /** What was seen where the documentation leaves a choice. */
  observations: z.array(z.strictObject({ subject: z.string(), value: z.string() })),
  /** The command that runs just this again. */
  rerun: z.string(),
  /** Files of `evidence[]` that belong to it. */
  evidence: z.array(z.string()),
})

const evidence = z.strictObject({
  /**
   * `login-probe`, `login-twin`, `login-alive`, `login-setup`: a login with its exchanges; `response-…`: its Response;
   * `logins`: all logins of a scenario that went well. `messages`, `junit`, `page`: the files beside report.json.
   */
  kind: z.string(),
  mediaType: z.string(),
  /** Path relative to report.json. */
  file: z.string(),
  /** Of the file's bytes, hexadecimal. */
  sha256: z.string(),
})

const notObservable = z.strictObject({
  /** Id of the requirement; its other scenarios may have run. */
  requirement: z.string(),
  /** Id of the scenario that was not run. */
  scenario: z.string(),
  /** The same as `needs`, in the words of a scope: `Enforce SAML login`. */
  without: z.array(z.string()),
  /** What the target lacks: verbs of ports (`accounts.find`) and settings (`enforce=on`). */
  needs: z.array(z.string()),
  /** What to do to get it, in a sentence or two. */
  how: z.string(),
})

const finding = z.strictObject({
  code: z.string(),
  severity: z.enum(['high', 'medium', 'low', 'info']),
  message: z.string(),
  /** Ids of the scenarios that came across it. */
  scenarios: z.array(z.string()),
})

const leftover = z.strictObject({
  /** `account`, `group`, `setting`. */
  kind: z.string(),
  name: z.string(),
  /** Why it is still there, and how to get rid of it. */
  note: z.string(),
})

/** Requirements by id, in the order of the contract. */
const comparison = z.strictObject({
  baseline: z.strictObject({
    /** The earlier run. */
    run: z.string(),
    startedAt: instant,
    target: z.string(),
    version: z.string().optional(),
    suite: z.string(),
    verdict: z.enum(verdictWords),
  }),
  /** Failed or warned now, and not in the baseline. */
  broken: z.array(z.string()),
  /** Failed in both, and now in scenarios that had not failed. */
  worse: z.array(z.string()),
  /** Failed or warned in the baseline, and kept now. */
  mended: z.array(z.string()),
  /** Failed or warned in both. */
  stillBroken: z.array(z.string()),
  /** Kept or broken in the baseline, and nobody can tell now. */
  lost: z.array(z.string()),
  /** Only in this report. */
  added: z.array(z.string()),
  /** Only in the baseline. */
  gone: z.array(z.string()),
  /** Whether both rest on the same scenarios, contracts and configuration. */
  same: z.strictObject({ suite: z.boolean(), contracts: z.boolean(), configuration: z.boolean() }),
})

/** An earlier run, in short. */
const past = z.strictObject({
  run: z.string(),
  startedAt: instant,
  version: z.string().optional(),
  verdict: z.enum(verdictWords),
  /** Of its requirements. */
  requirements: counts,
  durationMs: z.number(),
})

export const reportSchema = z.strictObject({
  schemaVersion: z.literal(reportSchemaVersion),
  /** What judged. */
  suite,
  /** What it ran on. */
  runner,
  /** What was judged. */
  subject,
  run,
  verdict,
  summary,
  contracts: z.array(contract),
  requirements: z.array(requirement),
  scenarios: z.array(scenario),
  evidence: z.array(evidence),
  notObservable: z.array(notObservable),
  /** What a person should look at, beside the verdict. */
  findings: z.array(finding),
  /** What the run made or changed at the SP and could not take back. */
  leftovers: z.array(leftover),
  /** What differs from an earlier report (`--baseline`). */
  comparison: comparison.optional(),
  /** Earlier runs against the same target and contracts whose report was in the same folder, the latest last. */
  history: z.array(past),
  /** The command that does this run again. */
  reproduce: z.string(),
})

export type Report = z.infer<typeof reportSchema>
export type ReportContract = Report['contracts'][number]
export type ReportScenario = Report['scenarios'][number]
export type ReportRequirement = Report['requirements'][number]
export type ReportFinding = Report['findings'][number]
export type ReportLeftover = Report['leftovers'][number]
export type ReportEvidence = Report['evidence'][number]
export type ReportNotObservable = Report['notObservable'][number]
export type ReportFilter = Report['run']['filter']
export type ReportVerdict = Report['verdict']
export type OutcomeCounts = Report['summary']['scenarios']
export type ReportFailure = z.infer<typeof failure>
export type Comparison = z.infer<typeof comparison>
export type PastRun = z.infer<typeof past>
export type Waiver = z.infer<typeof waiver>
