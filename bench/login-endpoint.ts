/**
 * The login endpoint under load, against a bare node:http server that answers the same page and makes the same number of
 * RSA signatures over the same text. Each in a process of its own, interleaved rounds, medians, ratios. Then the memory of
 * the mock IdP from login 1,000 to login 10,000.
 *
 *   node bench/login-endpoint.ts [rounds] [logins a round]
 */
import { type ChildProcess, fork } from 'node:child_process'
import { createHash, sign } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { setFlagsFromString } from 'node:v8'
import { deflateRawSync } from 'node:zlib'
import { Pool } from 'undici'
import { createMockIdp } from '../mock-idp/index.ts'
import { generateSigningKey } from '../mock-idp/saml/keys.ts'

type Role = 'idp' | 'bare'
interface Ready {
  url: string
  path: string
  cookie: string
}

const requestXml =
  '<samlp:AuthnRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_1" Version="2.0" IssueInstant="2026-01-02T03:04:05Z"><saml:Issuer>urn:sp</saml:Issuer></samlp:AuthnRequest>'

const serveIdp = async (): Promise<Ready> => {
  const idp = await createMockIdp({ memory: true }).start()
  const org = idp.org()
  const profile = { login: 'ada@example.test', email: 'ada@example.test', firstName: 'Ada', lastName: 'Lovelace' }
  const user = await org.users.create({ profile })
  await org.applications.create({
    label: 'App',
    everyone: true,
    saml: {
      ssoUrl: 'http://127.0.0.1:9/acs',
      audience: 'urn:sp',
      attributeStatements: ['email', 'firstName', 'lastName', 'login'].map((name) => ({
        name,
        values: [`user.${name}`],
      })),
    },
  })
  const { cookie } = await org.sessions.create(user.id)
  const query = new URLSearchParams({ SAMLRequest: deflateRawSync(requestXml).toString('base64'), RelayState: 'r' })
  const sso = new URL(idp.info.ssoUrl)
  return { url: sso.origin, path: `${sso.pathname}?${query}`, cookie: `${cookie.name}=${cookie.value}` }
}

/** What any server must do at least: two digests, two signatures, and a page of the same size. */
const serveBare = async (pageLength: number): Promise<Ready> => {
  const { privateKey } = await generateSigningKey({ commonName: 'bare', now: Date.now() })
  const text = 'x'.repeat(900)
  const message = 'x'.repeat(4_000)
  const signature = () =>
    new Promise<Buffer>((resolve, reject) => {
      createHash('sha256').update(message).digest()
      sign('sha256', Buffer.from(text), privateKey, (error, value) => (error ? reject(error) : resolve(value)))
    })
  const page = 'x'.repeat(Math.max(0, pageLength - 700))
  const server = createServer(async (_req, res) => {
    const signatures = `${(await signature()).toString('base64')}${(await signature()).toString('base64')}`
    res.writeHead(200, { 'content-type': 'text/html;charset=utf-8' }).end(page + signatures)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, path: '/', cookie: 'a=b' }
}

const main = async (): Promise<void> => {
  const rounds = Number(process.argv[2] ?? 9)
  const logins = Number(process.argv[3] ?? 600)
  const idp = await child('idp')
  const pageLength = await measure(idp.pool, idp.ready, 1).then(({ length }) => length)
  const bare = await child('bare', pageLength)
  const rivals = { bare, idp }
  const rates: Record<Role, number[]> = { bare: [], idp: [] }
  let done = 0
  let memoryAt1000 = 0
  for (let round = 0; round <= rounds; round++)
    for (const role of ['bare', 'idp'] as const) {
      const { rate } = await measure(rivals[role].pool, rivals[role].ready, logins)
      if (round > 0) rates[role].push(rate)
      if (role !== 'idp') continue
      done += logins
      if (memoryAt1000 === 0 && done >= 1_000) memoryAt1000 = await memoryOf(idp.process)
    }
  while (done < 10_000) {
    await measure(idp.pool, idp.ready, 500)
    done += 500
  }
  const grown = (await memoryOf(idp.process)) - memoryAt1000
  console.log(`login endpoint (both signed), ${rounds} rounds of ${logins}, 8 at once, median, bare node:http = 1`)
  console.log(`  bare node:http that signs  1.00  (${Math.round(median(rates.bare))} a second)`)
  console.log(
    `  mock IdP                   ${(median(rates.idp) / median(rates.bare)).toFixed(2)}  (${Math.round(median(rates.idp))} a second)`,
  )
  console.log(
    `memory of the mock IdP from login 1,000 to ${done}: ${grown >= 0 ? '+' : ''}${(grown / 1e6).toFixed(1)} MB (RSS after a collection)`,
  )
  for (const { process: one, pool } of [idp, bare]) {
    await pool.close()
    one.kill()
  }
}

const median = (all: readonly number[]): number => [...all].sort((a, b) => a - b)[Math.floor(all.length / 2)] ?? 0

const child = async (role: Role, pageLength = 0): Promise<{ process: ChildProcess; pool: Pool; ready: Ready }> => {
  const process = fork(fileURLToPath(import.meta.url), ['--serve', role, String(pageLength)], {
    execArgv: ['--expose-gc'],
  })
  const ready = await new Promise<Ready>((resolve, reject) => {
    process.once('message', (message) => resolve(message as Ready))
    process.once('exit', () => reject(new Error(`${role} did not start`)))
  })
  return { process, ready, pool: new Pool(ready.url, { connections: 8 }) }
}

const measure = async (
  pool: Pool,
  { path, cookie }: Ready,
  count: number,
): Promise<{ rate: number; length: number }> => {
  let left = count
  let length = 0
  const worker = async (): Promise<void> => {
    while (left-- > 0) {
      const answer = await pool.request({ method: 'GET', path, headers: { cookie, accept: 'text/html' } })
      const body = await answer.body.text()
      if (answer.statusCode !== 200) throw new Error(`${answer.statusCode}: ${body.slice(0, 300)}`)
      length = body.length
    }
  }
  const start = performance.now()
  await Promise.all(Array.from({ length: 8 }, worker))
  return { rate: (count / (performance.now() - start)) * 1_000, length }
}

const memoryOf = (process: ChildProcess): Promise<number> =>
  new Promise((resolve) => {
    process.once('message', (bytes) => resolve(Number(bytes)))
    process.send('memory')
  })

if (process.argv[2] === '--serve') {
  // As `idpact idp` does; for both, so that neither gains by it.
  setFlagsFromString('--optimize-for-size')
  const ready = process.argv[3] === 'idp' ? await serveIdp() : await serveBare(Number(process.argv[4]))
  process.on('message', () => {
    globalThis.gc?.()
    process.send?.(process.memoryUsage().rss)
  })
  process.send?.(ready)
} else await main()
