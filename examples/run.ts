/**
 * `npm run examples`: certifies each of the SAML examples, and prints what came of it. With names as arguments, only those.
 */
import { fork } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readFolderMetadata } from '../mock-idp/offline.ts'
import { certify } from '../src/certify/certify.ts'
import { configOfOptions } from '../src/config/from-options.ts'
import { saml } from '../src/contracts/saml/contract.ts'
import { packageRoot } from '../src/core/package-root.ts'
import type { Report } from '../src/report/model.ts'
import { type Idp, idpOf, type SamlApp } from './saml-app.ts'

const examples: readonly { name: string; package: string }[] = [
  { name: 'node-saml', package: '@node-saml/node-saml' },
  { name: 'samlify', package: 'samlify' },
  { name: 'saml2-js', package: 'saml2-js' },
]

/** In a process of its own: what a library does to its process is not done to ours. */
const start = (name: string, idp: Idp): Promise<Omit<SamlApp, 'close'> & { close(): void }> =>
  new Promise((resolve, reject) => {
    const child = fork(join(packageRoot(), 'examples', 'serve.ts'), [name], {
      stdio: ['pipe', 'ignore', 'ignore', 'ipc'],
    })
    child.once('message', (addresses) =>
      resolve({ ...(addresses as Omit<SamlApp, 'close'>), close: () => child.kill() }),
    )
    child.once('exit', (code) => reject(new Error(`The example ${name} ended with ${code} before it listened.`)))
    child.stdin?.end(JSON.stringify(idp))
  })

/** The version that is installed; not every package lets its package.json be required. */
const versionOf = (name: string): string => {
  const main = createRequire(import.meta.url).resolve(name)
  const folder = `${main.slice(0, main.lastIndexOf(`node_modules/${name}/`))}node_modules/${name}/`
  return (createRequire(import.meta.url)(join(folder, 'package.json')) as { version: string }).version
}

/** Certifies one example in a folder of its own, which has the identity provider that it trusts. */
export const certifyExample = async (
  { name, package: packageName }: (typeof examples)[number],
  out: string,
  requirements: readonly string[] = [],
): Promise<Report> => {
  const folder = await mkdtemp(join(tmpdir(), `idpact-example-${name}-`))
  try {
    const { xml, certificatePem } = await readFolderMetadata({ dataDir: join(folder, '.idpact') })
    const app = await start(name, idpOf(xml, certificatePem))
    const target = configOfOptions(
      {
        acs: [app.acs],
        entityId: app.entityId,
        session: app.session,
        identity: '/nameID',
        start: app.start,
        expect: [],
        allow: [],
      },
      saml,
    )
    target.target.name = name
    target.target.version = versionOf(packageName)
    try {
      return await certify({
        cwd: folder,
        env: process.env,
        target,
        defects: [],
        filter: { requirements: [...requirements], scenarios: [] },
        parallel: 3,
        seed: 1,
        out,
        acceptPartial: false,
        command: `npm run examples ${name}`,
        onEvent: () => undefined,
      })
    } finally {
      app.close()
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

export const exampleNamed = (name: string): (typeof examples)[number] | undefined =>
  examples.find((one) => one.name === name)

const line = (cells: readonly (string | number)[]): string =>
  cells.map((cell, at) => String(cell).padEnd([12, 9, 15, 8, 8, 8, 8, 14, 9][at] ?? 0)).join(' ')

const main = async (names: readonly string[]): Promise<void> => {
  const chosen = names.length === 0 ? examples : names.map((name) => exampleNamed(name) ?? fail(name))
  console.log(line(['example', 'version', 'verdict', 'passed', 'failed', 'warned', 'noted', 'inconclusive', 'seconds']))
  for (const example of chosen) {
    const out = join(packageRoot(), 'reports', 'latest', 'examples', example.name)
    const { subject, verdict, summary, requirements } = await certifyExample(example, out)
    const { passed, failed, warned, informed, inconclusive } = summary.requirements
    console.log(
      line([
        example.name,
        subject.version ?? '',
        verdict.word,
        passed,
        failed,
        warned,
        informed,
        inconclusive,
        (summary.durationMs / 1000).toFixed(0),
      ]),
    )
    for (const outcome of ['failed', 'warned', 'inconclusive', 'not-observable', 'not-applicable'] as const) {
      const ids = requirements
        .filter((one) => one.outcome === outcome && one.notTestedBecause === undefined)
        .map(({ id }) => id.replace('SAML-', ''))
      if (ids.length > 0) console.log(`  ${outcome.padEnd(15)} ${ids.join(' ')}`)
    }
    console.log(`  report          ${join('reports', 'latest', 'examples', example.name, 'report.html')}`)
  }
}

const fail = (name: string): never => {
  throw new Error(`There is no example "${name}". There are: ${examples.map((one) => one.name).join(', ')}.`)
}

if (import.meta.main) await main(process.argv.slice(2))
