import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { printable, printableOnTerminal } from '../../src/core/printable.ts'
import { run } from './run.ts'

const bin = fileURLToPath(new URL('../../bin/idpact.js', import.meta.url))

it('text of others moves no cursor and reads as it is; our own colours and the line drawn over stay', () => {
  expect(printable('a\u001b[2Jb\u0000\u009b\u202Ec\td\n')).toBe('a\uFFFD[2Jb\uFFFD\uFFFD\uFFFDc\td\n')
  expect(printableOnTerminal('\r\u001b[2K\u001b[31mred\u001b[39m\u001b]0;title\u0007\r')).toBe(
    '\r\u001b[2K\u001b[31mred\u001b[39m\uFFFD]0;title\uFFFD\uFFFD',
  )
})

it('what a service provider says is no command of GitHub, and no control character, anywhere', async () => {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ email: 'N\u001b[2J\u001b]0;pwned\u0007\n::error::INJECTED' }))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const cwd = await mkdtemp(join(tmpdir(), 'idpact-test-'))
  const target = [
    '--acs',
    `${url}/acs`,
    '--entity-id',
    'x',
    '--session',
    `${url}/me?token=TOPSECRET`,
    '--identity',
    '/email',
  ]
  try {
    for (const command of [['check'], ['certify', '--requirement', 'SAML-COR-01']]) {
      const child = spawn(process.execPath, [bin, ...command, '--contract', 'saml', ...target], {
        cwd,
        env: { ...process.env, GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: '' },
      })
      const texts = { stdout: '', stderr: '' }
      for (const name of ['stdout', 'stderr'] as const)
        child[name].on('data', (part: Buffer) => {
          texts[name] += String(part)
        })
      await once(child, 'close')
      // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what must not be there
      expect(`${texts.stdout}${texts.stderr}`).not.toMatch(/[\u0000-\u0008\u000B-\u001F]/)
      const lines = texts.stderr.split('\n')
      const silent = lines.findIndex((line) => line.startsWith('::stop-commands::'))
      const spoken = lines.findIndex((line, at) => at > silent && /^::[\w-]{36}::$/.test(line))
      expect(silent).toBe(0)
      for (const [at, line] of lines.entries())
        if (line.trimStart().startsWith('::error::INJECTED')) expect(at < spoken || spoken < 0).toBe(true)
      expect(`${texts.stdout}${texts.stderr}`).not.toContain('TOPSECRET')
    }
  } finally {
    server.closeAllConnections()
    server.close()
  }
}, 40_000)

it('a reader that closes the pipe changes neither the report nor the verdict', async () => {
  const cwd = await mkdtemp(join(tmpdir(), 'idpact-test-'))
  const args = ['certify', '--contract', 'imagekit', '--defect', 'IK-SSO-06', '--requirement', 'IK-SSO-06', '--json']
  const child = spawn(process.execPath, [bin, ...args], { cwd })
  child.stdout.destroy()
  child.stderr.destroy()
  const [code] = (await once(child, 'close')) as [number]
  expect(code).toBe(1)
  expect(await readdir(join(cwd, 'reports', 'latest'))).toContain('report.json')
}, 40_000)

it.each<[string, string[], RegExp]>([
  ['an empty entity ID', ['idp', '--port', '0', '--entity-id', ''], /entity ID is a URI/],
  ['an entity ID with spaces', ['idp', '--port', '0', '--entity-id', 'a b'], /entity ID is a URI/],
  [
    'a choice that is a word of JavaScript',
    [
      'certify',
      '--acs',
      'http://a.test',
      '--entity-id',
      'a',
      '--session',
      'http://a.test',
      '--identity',
      '/a',
      '--expect',
      '__proto__=a',
    ],
    /no choice "__proto__"/,
  ],
  ['a contract that there is not', ['defects', '--contract', 'nope'], /no contract "nope"/],
  [
    'an ACS that is no URL',
    ['init', '--acs', 'notaurl', '--entity-id', 'a', '--session', 'http://a.test'],
    /no http\(s\) URL/,
  ],
  [
    'a folder that is not there',
    ['init', '--acs', 'http://a.test', '--entity-id', 'a', '--session', 'http://a.test', '--out', 'no/where.yaml'],
    /cannot be written/,
  ],
  ['a report folder without a name', ['certify', '--out', ''], /Expected a name/],
])('refuses %s, and leaves nothing behind', async (_title, args, says) => {
  const cwd = await mkdtemp(join(tmpdir(), 'idpact-test-'))
  const out = await run(args, { cwd })
  expect(out.stderr).toMatch(says)
  expect(out.code).toBe(2)
  expect((await readdir(cwd)).filter((name) => name !== '.idpact')).toEqual([])
})
