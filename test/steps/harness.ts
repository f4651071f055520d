/**
 * The steps on real ground, without `certify`: a mock IdP, a service provider and an outbox, one RunContext, and cucumber's
 * API over scenarios of ours. What the tests of the steps stand on.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runCucumber } from '@cucumber/cucumber/api'
import { createMockIdp, type MockIdp } from '../../mock-idp/index.ts'
import { collect, type ScenarioResult } from '../../src/certify/collect.ts'
import { runOptions } from '../../src/certify/cucumber.ts'
import { featurePaths, stepsFile, suiteRoot } from '../../src/certify/package-paths.ts'
import { makePlan, type Phase, type PlanTarget } from '../../src/certify/plan.ts'
import { loadSuite, nowhere, type Suite, type SuiteScenario } from '../../src/certify/suite.ts'
import type { TargetConfig } from '../../src/config/schema.ts'
import { cloudinary } from '../../src/contracts/cloudinary/contract.ts'
import { randomBase62 } from '../../src/core/ids.ts'
import { type RunningReferenceSp, startReferenceSp } from '../../src/reference-sp/index.ts'
import { referenceTargetConfig } from '../../src/target/drivers/reference.ts'
import { type SmtpSink, startSmtpSink } from '../../src/target/outbox/smtp-sink.ts'
import type { Target } from '../../src/target/ports.ts'
import type { RunContext } from '../../src/target/run-context.ts'
import { openTarget } from '../../src/target/target.ts'

export type Result = ScenarioResult & { scenario: SuiteScenario; phase: string }

export interface Ground {
  idp: MockIdp
  sp: RunningReferenceSp
  target: Target
  suite: Suite
  /** The context of a phase with these settings; the defaults of the contract for the rest. */
  context(change?: Partial<RunContext>): RunContext
  /** Sets the SP, and runs what the plan makes of the scenarios that are asked for. */
  run(options?: { only?: (scenario: SuiteScenario) => boolean; change?: Partial<RunContext> }): Promise<Result[]>
  stop(): Promise<void>
}

const defaultsOf = (entries: Readonly<Record<string, { default: string }>>): Record<string, string> =>
  Object.fromEntries(Object.entries(entries).map(([name, entry]) => [name, entry.default]))

/** Starts everything on free ports, with two orgs at the mock IdP. */
export const prepareGround = async (
  change: { target?: (config: TargetConfig) => TargetConfig } = {},
): Promise<Ground> => {
  const folder = await mkdtemp(join(tmpdir(), 'idpact-steps-'))
  const [idp, sink] = await Promise.all([
    createMockIdp({ memory: true, registration: 'refuse' }).start(),
    startSmtpSink({ port: 0 }),
  ])
  const prefix = `t${randomBase62(5).toLowerCase()}`
  const [okta, plain] = await Promise.all([
    idp.client.orgs.create({ id: `${prefix}-okta` }),
    idp.client.orgs.create({ id: `${prefix}-plain`, shape: 'plain' }),
  ])
  const sp = await startReferenceSp({ smtp: { host: sink.host, port: sink.port } })
  const settle = (config: TargetConfig): TargetConfig => ({ ...config, settleMs: 200 })
  const config = (change.target ?? settle)(referenceTargetConfig(sp.info))
  const target = await openTarget(config, { outboxUrl: sink.url })
  const suite = await loadSuite({ root: suiteRoot(), features: featurePaths('cloudinary'), steps: [stepsFile()] })

  const context = (over: Partial<RunContext> = {}): RunContext => ({
    idp: { url: idp.url, org: okta.id, plainOrg: plain.id, orgOfB: 'none' },
    contract: { id: cloudinary.id, version: cloudinary.version },
    target: config,
    settings: defaultsOf(cloudinary.settings),
    expect: defaultsOf(cloudinary.expect),
    parameters: {
      accountId: sp.info.provisioningApi.accountId,
      productEnvironments: [...sp.info.productEnvironments],
    },
    run: { id: prefix, prefix, seed: 1 },
    users: { emailDomain: 'example.test' },
    ledgerFile: join(folder, 'ledger.ndjson'),
    outboxUrl: sink.url,
    allow: [],
    ...over,
  })

  const enter = async (phase: Phase): Promise<void> => {
    const { settings } = phase
    const org = idp.client.org(settings['idp'] === 'plain' ? plain.id : okta.id)
    const [registration] = await org.registrations.list()
    await target.admin?.apply({
      saml: settings['saml'] === 'on' ? 'on' : 'off',
      provisioning: settings['provisioning'] === 'on' ? 'on' : 'off',
      enforce: settings['enforce'] === 'on' ? 'on' : 'off',
      scim: settings['scim'] === 'off' ? 'off' : 'on',
      metadata:
        settings['metadata'] === 'url' ? { url: registration?.metadataUrl ?? '' } : { inline: await org.metadata() },
    })
  }

  return {
    idp,
    sp,
    target,
    suite,
    context,
    run: async ({ only = () => true, change: over = {} } = {}) => {
      const all = context(over)
      const plan = makePlan(suite.scenarios.filter(only), cloudinary, planTarget(target, all))
      const results: Result[] = []
      for (const phase of plan.phases) {
        await enter(phase)
        results.push(...(await runPhase(suite, phase, { ...all, settings: phase.settings })))
      }
      return results
    },
    stop: async () => {
      await Promise.all([target.close(), sp.stop(), stopSink(sink), idp.stop()])
      await rm(folder, { recursive: true, force: true })
    },
  }
}

const stopSink = (sink: SmtpSink): Promise<void> => sink.stop()

const planTarget = (target: Target, context: RunContext): PlanTarget => ({
  loopback: target.loopback,
  has: (verb) => target.has(verb),
  howToProvide: (verb) => target.howToProvide(verb),
  declared: context.target.settings,
  allow: context.allow,
  expect: context.expect,
})

const runPhase = async (suite: Suite, phase: Phase, context: RunContext): Promise<Result[]> => {
  const results: Result[] = []
  const at = new Map(phase.scenarios.map((scenario) => [`${scenario.uri}:${scenario.line}`, scenario]))
  const collector = collect({
    finished: (result) => {
      const scenario = at.get(`${result.uri}:${result.line}`)
      if (scenario) results.push({ ...result, scenario, phase: phase.label })
    },
  })
  const paths = [...Map.groupBy(phase.scenarios, ({ uri }) => uri)].map(([uri, members]) =>
    [uri, ...members.map(({ line }) => line)].join(':'),
  )
  const options = runOptions({ paths, support: suite.library, worldParameters: { idpact: context } as never })
  await runCucumber(options, { cwd: suite.root, stdout: nowhere(), stderr: nowhere() }, collector.onMessage)
  return results
}
