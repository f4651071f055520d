/** Certifies an application of this process: it listens, is told whom to trust, and the scenarios run against it. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { loadOrCreateIdentity, readFolderMetadata, rememberAddress } from '../../mock-idp/index.ts'
import type { CertifyEvent } from '../certify/events.ts'
import { defaultParallel } from '../certify/reproduce.ts'
import type { Report, ReportScenario } from '../report/model.ts'

/** What the application is to trust: the mock IdP of the run. */
export interface Trust {
  entityId: string
  ssoUrl: string
  /** Its metadata, XML. */
  metadata: string
  /** Its certificate, PEM. */
  certificate: string
}

export interface CertifyAppOptions {
  /** Where it takes Responses: a path, `/saml/acs`. */
  acs: string
  /** Its entity ID. */
  entityId: string
  /** Path that says who is logged in. */
  session: string
  /** Where in it: a JSON pointer or a CSS selector; `/email` when left out. */
  identity?: string | undefined
  /** Path where a login begins, `{email}` stands for the person. */
  start?: string | undefined
  /** What it promises; `saml@1`, what any SAML service provider must do, when left out. */
  contract?: string | undefined
  /** Further ports of the target, as in idpact.yaml; `url` is where the application listens. */
  target?: ((url: string) => Record<string, unknown>) | undefined
  /** What the contract asks for, as in idpact.yaml. */
  parameters?: Readonly<Record<string, string | readonly string[]>> | undefined
  /** What it does where the documentation leaves a choice, as in idpact.yaml. */
  expect?: Readonly<Record<string, string>> | undefined
  /** Only these requirements. */
  requirements?: readonly string[] | undefined
  /** Only scenarios that this tag expression chooses. */
  tags?: string | undefined
  /** How many scenarios run side by side. */
  parallel?: number | undefined
  seed?: number | undefined
  /** Where the report goes; nowhere that stays when left out. */
  out?: string | undefined
  onEvent?: ((event: CertifyEvent) => void) | undefined
}

export interface CertifiedApp {
  /** Where the application listens, until it is disposed of. */
  url: string
  report: Report
  /** What is broken, or cannot be told, short enough for the message of a failed assertion. */
  failures: readonly { requirements: readonly string[]; scenario: string; expected: string; actual: string }[]
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * Starts an application on a free port of 127.0.0.1, tells it whom to trust, and certifies it.
 *
 * @param app an Express app, or any request listener; or what makes one for the mock IdP that it shall trust
 * @throws ConfigError and UsageError for what keeps a run from beginning
 * @example
 * await using run = await certifyApp({ make: createApp }, { acs: '/acs', entityId: 'my-app', session: '/me' })
 * expect(run.failures).toEqual([])
 */
export const certifyApp = async (
  app: RequestListener | { make(trust: Trust, url: string): RequestListener | Promise<RequestListener> },
  options: CertifyAppOptions,
): Promise<CertifiedApp> => {
  const folder = await mkdtemp(join(tmpdir(), 'idpact-app-'))
  let listener: RequestListener | undefined
  const server = createServer((request, response) => listener?.(request, response))
  const dispose = async (): Promise<void> => {
    await close(server)
    await rm(folder, { recursive: true, force: true })
  }
  try {
    const url = await listen(server)
    const trust = await identityOf(folder)
    listener = typeof app === 'function' ? app : await app.make(trust, url)
    await writeFile(join(folder, 'idpact.yaml'), JSON.stringify(configOf(url, trust, options), null, 2))
    // Loads cucumber and all that: not for whoever only wants the mock IdP.
    const { certify } = await import('../certify/certify.ts')
    const report = await certify({
      ...{ cwd: folder, env: process.env, defects: [], acceptPartial: false },
      filter: { tags: options.tags, requirements: options.requirements ?? [], scenarios: [] },
      parallel: options.parallel ?? defaultParallel,
      seed: options.seed ?? 1,
      out: options.out === undefined ? 'report' : resolve(options.out),
      command: 'certifyApp()',
      onEvent: options.onEvent ?? (() => {}),
    })
    return { url, report, failures: report.scenarios.flatMap(failureOf), [Symbol.asyncDispose]: dispose }
  } catch (error) {
    await dispose()
    throw error
  }
}

const listen = (server: Server): Promise<string> =>
  new Promise((done, refuse) => {
    server.once('error', refuse)
    server.listen(0, '127.0.0.1', () => done(`http://127.0.0.1:${(server.address() as AddressInfo).port}`))
  })

const close = (server: Server): Promise<void> =>
  new Promise((done) => {
    server.close(() => done())
    server.closeAllConnections()
  })

/** An identity provider of the run's own, at a port that is free now. */
const identityOf = async (folder: string): Promise<Trust> => {
  const dataDir = join(folder, '.idpact')
  const identity = loadOrCreateIdentity(dataDir)
  const probe = createServer()
  const port = Number(new URL(await listen(probe)).port)
  await close(probe)
  rememberAddress(dataDir, { port })
  const { xml, certificatePem } = await readFolderMetadata({ dataDir })
  const ssoUrl = /SingleSignOnService[^>]*Location="([^"]*)"/.exec(xml)?.[1] ?? ''
  return { entityId: identity.entityId, ssoUrl, metadata: xml, certificate: certificatePem }
}

const configOf = (url: string, { entityId }: Trust, options: CertifyAppOptions): Record<string, unknown> => ({
  contract: options.contract ?? 'saml@1',
  idp: { entityId },
  target: {
    name: 'the application of this test',
    saml: {
      acs: new URL(options.acs, url).href,
      audience: options.entityId,
      // A template, which `URL` would change.
      ...(options.start === undefined ? {} : { start: `${url}${options.start}` }),
    },
    session: { url: new URL(options.session, url).href, identity: options.identity ?? '/email' },
    ...options.target?.(url),
  },
  parameters: options.parameters ?? {},
  expect: options.expect ?? {},
})

const failureOf = ({ outcome, requirements, name, failure }: ReportScenario): CertifiedApp['failures'] =>
  (outcome === 'failed' || outcome === 'inconclusive') && failure !== undefined
    ? [{ requirements, scenario: name, expected: failure.expected, actual: failure.actual }]
    : []
