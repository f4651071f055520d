import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { main } from '../../src/cli/main.ts'
import { loadConfig } from '../../src/config/load.ts'
import { contracts } from '../../src/contracts/index.ts'
import { run } from './run.ts'

const metadata = (base: string): string => `<?xml version="1.0"?>
<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="urn:the-sp">
  <md:SPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
    <md:SingleLogoutService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="${base}/slo"/>
    <md:AssertionConsumerService index="0" Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="${base}/acs"/>
  </md:SPSSODescriptor>
</md:EntityDescriptor>`

let server: Server
let base: string
let cwd: string
beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.url === '/saml/metadata') response.end(metadata(base))
    else response.writeHead(request.url === '/me' ? 401 : 404).end()
  }).listen(0, '127.0.0.1')
  await new Promise((done) => server.once('listening', done))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => void server.close())
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'idpact-test-'))
})

const load = (file = 'idpact.yaml') => loadConfig(join(cwd, file), { env: {}, contracts })

describe('idpact init', () => {
  it('finds the metadata from the address of the host, and writes a file that can be used', async () => {
    const out = await run(['init', '--metadata', base, '--session', `${base}/me`, '--no-check'], { cwd })
    expect(out).toMatchObject({ code: 0, stderr: expect.stringContaining(`${base}/saml/metadata`) })
    const { target, contract } = await load()
    expect(contract).toMatchObject({ id: 'saml', version: 1 })
    expect(target.saml).toMatchObject({
      ...{ acs: [`${base}/acs`], audience: ['urn:the-sp'], metadata: `${base}/saml/metadata` },
      singleLogout: { post: `${base}/slo` },
    })
    expect(target.session).toMatchObject({ url: `${base}/me`, identity: '/email' })
  })

  it('tries the target afterwards', async () => {
    const out = await run(['init', '--metadata', base, '--session', `${base}/nowhere`], { cwd })
    expect(out.code).toBe(3)
    expect(out.stdout).toMatch(/FAILED {5}session/)
  })

  it.each(contracts.map((contract) => [contract.id, contract] as const))(
    'writes a file for %s',
    async (id, contract) => {
      const values = Object.entries(contract.parameters).map(([name, { type }]) =>
        type === 'string[]' ? `${name}=one: a,two # b` : `${name}="a": #1`,
      )
      const out = await run(
        [
          ...['init', '--contract', id, '--acs', `${base}/acs`, '--entity-id', 'urn:x: #y', '--session', `${base}/me`],
          ...['--name', 'it\'s "ours": #1', '--identity', '#user .name', '--no-check'],
          ...values.flatMap((value) => ['--parameter', value]),
        ],
        { cwd },
      )
      expect(out).toMatchObject({ code: 0 })
      const config = await load()
      expect(config.target).toMatchObject({ name: 'it\'s "ours": #1', saml: { audience: ['urn:x: #y'] } })
      expect(config.target.session).toMatchObject({ identity: '#user .name' })
      for (const [name, { type }] of Object.entries(contract.parameters))
        expect(config.parameters[name]).toEqual(type === 'string[]' ? ['one: a', 'two # b'] : '"a": #1')
    },
  )

  it('asks on a terminal, again where an answer is wrong', async () => {
    const stdin = Object.assign(new PassThrough(), { isTTY: true })
    const stderr = new PassThrough()
    const answers = ['samml', 'saml', base, '', 'nope', `${base}/me`, '/user', '']
    let text = ''
    stderr.on('data', (part: Buffer) => {
      text += String(part)
      if (/: $/.test(String(part))) stdin.write(`${answers.shift() ?? ''}\n`)
    })
    const code = await main(['init', '--no-check'], { stdin, stderr, stdout: new PassThrough(), env: {}, cwd })
    expect(code).toBe(0)
    expect(answers).toEqual([])
    expect(text).toContain('There are: cloudinary, imagekit, cloudsmith, saml.')
    expect(text).toContain('That is no http(s) URL.')
    expect((await load()).target).toMatchObject({ session: { identity: '/user' }, name: new URL(base).host })
  })

  it('writes nothing when the questions are not answered to their end', async () => {
    const stdin = Object.assign(new PassThrough(), { isTTY: true })
    const stderr = new PassThrough()
    stderr.once('data', () => stdin.end())
    expect(await main(['init'], { stdin, stderr, stdout: new PassThrough(), env: {}, cwd })).toBe(2)
    await expect(load()).rejects.toThrow()
  })

  it.each<[string, string[], RegExp]>([
    ['with nobody to ask', [], /--acs is missing, and there is no terminal/],
    ['for metadata that are not there', ['--metadata', 'sp.xml'], /No metadata of a service provider.*\n.*sp\.xml/],
    [
      'for a place that cannot be looked at, and leaves nothing behind',
      ['--acs', 'http://a.test', '--entity-id', 'a', '--session', 'http://a.test', '--identity', '>>'],
      /target\.session\.identity must be a JSON pointer/,
    ],
    ['for a contract that there is not', ['--contract', 'samml'], /no contract "samml"/],
    [
      'for a parameter that nobody asks for',
      ['--acs', 'http://a.test', '--entity-id', 'a', '--session', 'http://a.test', '--parameter', 'a=b'],
      /asks for nothing/,
    ],
  ])('refuses %s', async (_title, args, says) => {
    const out = await run(['init', '--no-check', ...args], { cwd })
    expect(out.code).toBe(2)
    expect(out.stderr).toMatch(says)
    expect(await readdir(cwd)).toEqual([])
  })

  it('replaces no file unless told to', async () => {
    await writeFile(join(cwd, 'idpact.yaml'), 'mine')
    const args = ['init', '--metadata', base, '--session', `${base}/me`, '--no-check']
    expect(await run(args, { cwd })).toMatchObject({ code: 2, stderr: expect.stringContaining('already') })
    expect(await readFile(join(cwd, 'idpact.yaml'), 'utf8')).toBe('mine')
    expect(await run([...args, '--force'], { cwd })).toMatchObject({ code: 0 })
  })
})
