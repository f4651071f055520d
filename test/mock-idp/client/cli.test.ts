import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createMockIdpClient } from '../../../mock-idp/client.ts'
import type { MockIdpInfo } from '../../../mock-idp/index.ts'
import { encodeRedirect, requestXml } from '../http/helpers.ts'

const bin = fileURLToPath(new URL('../../../bin/idpact.js', import.meta.url))

let folder = ''
const children: ReturnType<typeof spawn>[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'idpact-cli-'))
})
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

const start = (...args: string[]) => {
  const child = spawn(process.execPath, [bin, ...args], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
  children.push(child)
  const out = { stdout: '', stderr: '' }
  child.stdout.on('data', (chunk) => {
    out.stdout += chunk
  })
  child.stderr.on('data', (chunk) => {
    out.stderr += chunk
  })
  const ended = new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) =>
    child.on('close', (code) => resolve({ code, ...out })),
  )
  return { child, ended, out }
}

const run = (...args: string[]) => start(...args).ended

/** Starts `idpact idp --json` and waits for its line. */
const startIdp = async (...args: string[]) => {
  const started = start('idp', '--json', '--port', '0', ...args)
  const line = await new Promise<string>((resolve, reject) => {
    started.child.stdout.on('data', () => started.out.stdout.includes('\n') && resolve(started.out.stdout))
    started.ended.then(({ stderr }) => reject(new Error(stderr)), reject)
  })
  return { ...started, info: JSON.parse(line) as MockIdpInfo & { consoleUrl: string } }
}

describe('idpact idp', () => {
  it('prints where everything is, has people, and stops cleanly on Ctrl-C', async () => {
    const { child, ended, info } = await startIdp()
    expect((await fetch(info.consoleUrl)).status).toBe(200)
    const metadata = await (await fetch(info.metadataUrl)).text()
    expect(metadata).toContain(`entityID="${info.entityId}"`)
    expect(metadata).toContain(`Location="${info.ssoUrl}"`)
    const users = (await (await fetch(`${info.url}/_idpact/v1/orgs/default/users`)).json()) as unknown[]
    expect(users.length).toBeGreaterThan(10)
    const yaml = await run('okta', 'export', '--url', info.url)
    expect(yaml.stdout).toContain('users:')
    child.kill('SIGINT')
    const { code, stderr, stdout } = await ended
    expect(code).toBe(0)
    expect(stdout.trim().split('\n')).toHaveLength(1)
    for (const text of [info.consoleUrl, info.metadataUrl, info.ssoUrl, info.entityId]) expect(stderr).toContain(text)

    expect((await run('metadata', '--url', info.url)).stdout.trim()).toBe(metadata)
    expect((await run('metadata', '--cert')).stdout).toMatch(/^-----BEGIN CERTIFICATE-----\n/)
    expect((await run('okta', 'export', '--out', 'd.yaml')).code).toBe(0)
    expect(readFileSync(join(folder, 'd.yaml'), 'utf8')).toBe(yaml.stdout)
    const again = await startIdp('--directory', 'd.yaml')
    expect(again.info.entityId).toBe(info.entityId)
    expect(((await (await fetch(`${again.info.url}/_idpact/v1/orgs/default/users`)).json()) as unknown[]).length).toBe(
      users.length,
    )
  }, 60_000)

  it('names the port that is taken, and what to do', async () => {
    const { info } = await startIdp('--memory')
    const { port } = new URL(info.url)
    const { code, stderr, stdout } = await run('idp', '--memory', '--port', port)
    expect(code).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).toContain(`Port ${port}`)
    expect(stderr).toContain('--port')
  })

  it('serves HTTPS with --tls, by a certificate that is kept', async () => {
    const { info } = await startIdp('--tls')
    expect(info.url).toMatch(/^https:/)
    await expect(fetch(info.url)).rejects.toThrow()
    const pem = readFileSync(join(folder, '.idpact/tls.pem'), 'utf8')
    const ca = pem.slice(pem.indexOf('-----BEGIN CERTIFICATE'))
    expect(await createMockIdpClient({ url: info.url, ca }).orgs.list()).toHaveLength(1)
  })

  it('registers silently with --auto-register, and keeps nothing with --memory', async () => {
    const { info } = await startIdp('--memory', '--auto-register')
    const xml = requestXml('AssertionConsumerServiceURL="http://127.0.0.1:9/acs"', '', 'urn:new')
    const answer = await fetch(`${info.ssoUrl}?${new URLSearchParams({ SAMLRequest: encodeRedirect(xml) })}`)
    expect(await answer.text()).toContain('Who do you want to be?')
    expect(await createMockIdpClient({ url: info.url }).org('default').applications.list()).toMatchObject([
      { everyone: true, saml: { audience: 'urn:new' } },
    ])
    expect(existsSync(join(folder, '.idpact'))).toBe(false)
  })

  it.each([
    [['--port', 'x'], /whole number/],
    [['--port', '70000'], /whole number/],
    [['--tls-cert', 'c.pem'], /--tls-key/],
    [['--tls-cert', 'no.pem', '--tls-key', 'no.pem'], /no\.pem cannot be read/],
    [['--public-url', 'nowhere'], /public URL/],
    [['--host', '203.0.113.7'], /not an address of this machine/],
    [['--directory', 'bad.yaml'], /bad\.yaml:2:\d+: users\.0\.manager: /],
    [['--directory', 'no.yaml'], /no\.yaml cannot be read/],
    [['--no-such'], /unknown option/],
  ])('refuses %j with exit code 2', async (args, message) => {
    writeFileSync(join(folder, 'bad.yaml'), 'users:\n  - {login: a, manager: {}}\n')
    const { code, stderr } = await run('idp', '--memory', '--port', '0', ...args)
    expect(code).toBe(2)
    expect(stderr).toMatch(message)
  })
})

describe('idpact metadata and okta export', () => {
  it('make the identity if there is none, and keep it', async () => {
    const [first, second] = [await run('metadata'), await run('metadata')]
    expect(first.code).toBe(0)
    expect(first.stdout).toContain('<md:EntityDescriptor')
    expect(second.stdout).toBe(first.stdout)
    expect(first.stdout).toContain('http://127.0.0.1:7100/default/app/')
  })

  it('name what is not there', async () => {
    expect(await run('metadata', '--org', 'none')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('There are: default'),
    })
    expect(await run('okta', 'export', '--url', 'http://127.0.0.1:9')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('No mock IdP answers at http://127.0.0.1:9'),
    })
  })
})
