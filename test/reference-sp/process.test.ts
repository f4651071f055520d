import { spawn } from 'node:child_process'
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Command } from 'commander'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { spCommand } from '../../src/cli/sp.ts'
import { startReferenceSp } from '../../src/reference-sp/index.ts'
import { spawnReferenceSp } from '../../src/reference-sp/spawn.ts'
import { metadataOf } from './support/idp.ts'
import { makeWorld, sharedIdp } from './support/world.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'idpact-sp-'))
})
afterAll(() => rm(folder, { recursive: true }))

describe('a reference SP', () => {
  it('is as new after a reset, with the defects that are asked for', async () => {
    const world = await makeWorld({ defects: ['CLD-PROV-12'] })
    try {
      await world.settings({ provisioning: true, enforce: true })
      const { browser } = await world.provision({ 'User.CloudinaryUserGroups': 'A' })
      const before = world.sp.info
      await world.sp.reset({ defects: ['CLD-PROV-13'] })
      expect(await world.whoAmI(browser)).toBeUndefined()
      expect((await world.users()).map((user) => user['role'])).toEqual(['master_admin'])
      expect((await world.api('GET', '/user_groups')).json).toEqual({ user_groups: [] })
      expect((await world.admin('GET', '/settings')).json).toMatchObject({ provisioning: false, enforce: false })
      expect(world.sp.info).toEqual({ ...before, defects: ['CLD-PROV-13'] })
      await world.sp.reset()
      expect(world.sp.info.defects).toEqual(['CLD-PROV-12'])
      expect((await world.admin('POST', '/reset', { defects: [] })).json).toEqual({ defects: [] })
    } finally {
      await world.sp.stop()
    }
  })

  it('keeps accounts, keys and settings in a file that only its owner reads', async () => {
    const database = join(folder, 'sp.sqlite')
    const first = await makeWorld({ database })
    await first.settings({ provisioning: true })
    await first.provision({})
    const { provisioningApi } = first.sp.info
    await first.sp.stop()
    expect((await stat(database)).mode & 0o077).toBe(0)
    const second = await makeWorld({ database })
    try {
      const { accountId, key, secret } = second.sp.info.provisioningApi
      expect({ accountId, key, secret }).toMatchObject({
        accountId: provisioningApi.accountId,
        key: provisioningApi.key,
        secret: provisioningApi.secret,
      })
      expect(second.sp.info.masterAdmin.password).toBeUndefined()
      expect(await second.user('ada@example.test')).toMatchObject({ name: 'Ada Lovelace' })
      expect((await second.admin('GET', '/settings')).json['provisioning']).toBe(true)
    } finally {
      await second.sp.stop()
    }
  })

  it('says what is wrong when it cannot start', async () => {
    await expect(startReferenceSp({ database: join(folder, 'no', 'such', 'folder') })).rejects.toMatchObject({
      name: 'ConfigError',
      code: 'database-unusable',
    })
    await expect(startReferenceSp({ defects: ['CLD-PROV-99'] })).rejects.toMatchObject({
      name: 'UsageError',
      code: 'unknown-defect',
    })
    const taken = await startReferenceSp()
    try {
      const port = Number(new URL(taken.url).port)
      await expect(startReferenceSp({ port })).rejects.toMatchObject({ name: 'UsageError', code: 'port-in-use' })
    } finally {
      await taken.stop()
    }
  })
})

describe('in a process of its own', () => {
  it('answers, resets, refuses, and stops', async () => {
    const sp = await spawnReferenceSp({
      defects: ['CLD-PROV-12'],
      metadata: { mode: 'inline', xml: metadataOf(sharedIdp) },
    })
    expect((await fetch(sp.info.sessionUrl)).status).toBe(401)
    await sp.reset({ defects: ['CLD-PROV-13'] })
    expect(sp.info.defects).toEqual(['CLD-PROV-13'])
    await expect(sp.reset({ defects: ['x'] })).rejects.toMatchObject({ name: 'UsageError', code: 'unknown-defect' })
    await sp.stop()
    await expect(fetch(sp.info.sessionUrl)).rejects.toThrow()
    await expect(sp.reset()).rejects.toMatchObject({ code: 'sp-ended' })
  })

  it('passes on why it could not start', async () => {
    await expect(spawnReferenceSp({ defects: ['x'] })).rejects.toMatchObject({
      name: 'UsageError',
      code: 'unknown-defect',
    })
  })

  it('ends when its parent goes away, however', async () => {
    const module = fileURLToPath(new URL('../../src/reference-sp/spawn.ts', import.meta.url))
    const script = `import { spawnReferenceSp } from ${JSON.stringify(module)}
      const sp = await spawnReferenceSp()
      process.stdout.write(sp.url + '\\n')
      setInterval(() => {}, 1000)`
    const parent = spawn(process.execPath, ['--input-type=module-typescript', '--eval', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const url = await new Promise<string>((resolve) => {
      parent.stdout.once('data', (data: Buffer) => resolve(data.toString().trim()))
    })
    expect((await fetch(`${url}/api/me`)).status).toBe(401)
    parent.kill('SIGKILL')
    const gone = async (): Promise<boolean> =>
      fetch(`${url}/api/me`).then(
        () => false,
        () => true,
      )
    await expect.poll(gone, { timeout: 10_000 }).toBe(true)
  })
})

describe('idpact sp', () => {
  const run = async (...args: string[]) => {
    const written = { stdout: '', stderr: '' }
    const stream = (name: 'stdout' | 'stderr') =>
      ({ write: (text: string) => (written[name] += text) }) as unknown as NodeJS.WriteStream
    const command = spCommand({
      stdout: stream('stdout'),
      stderr: stream('stderr'),
      stdin: process.stdin,
      env: {},
      cwd: folder,
    })
    const ended = new Command()
      .addCommand(command.exitOverride())
      .exitOverride()
      .parseAsync(['sp', ...args], { from: 'user' })
    return { written, ended }
  }

  it('prints where things are: JSON on stdout, words and the password on stderr', async () => {
    await writeFile(join(folder, 'metadata.xml'), metadataOf(sharedIdp))
    const { written, ended } = await run(
      '--port',
      '0',
      '--json',
      '--metadata',
      'metadata.xml',
      '--defect',
      'CLD-PROV-12',
      'CLD-PROV-13',
      '--redirect-uri',
      'http://127.0.0.1:9/a',
      '--redirect-uri',
      'http://127.0.0.1:9/b',
      '--access-token-seconds',
      '60',
    )
    await expect.poll(() => written.stderr).toContain('Ctrl-C')
    const info = JSON.parse(written.stdout)
    expect(info.oauth.redirectUris).toEqual(['http://127.0.0.1:9/a', 'http://127.0.0.1:9/b'])
    for (const text of [...info.oauth.redirectUris, info.oauth.authorizationUrl, info.oauth.clientSecret])
      expect(written.stderr).toContain(text)
    expect(info).toMatchObject({ contract: 'cloudinary', defects: ['CLD-PROV-12', 'CLD-PROV-13'] })
    for (const text of [info.url, info.masterAdmin.password, info.provisioningApi.key, 'CLD-PROV-12, CLD-PROV-13'])
      expect(written.stderr).toContain(text)
    const settings = await fetch(`${info.admin.baseUrl}/settings`, {
      headers: { authorization: `Bearer ${info.admin.token}` },
    })
    expect(await settings.json()).toMatchObject({ saml: { enabled: true, metadata: { mode: 'inline' } } })
    const oauth = await fetch(`${info.admin.baseUrl}/settings/oauth`, {
      headers: { authorization: `Bearer ${info.admin.token}` },
    })
    expect(await oauth.json()).toMatchObject({ accessTokenSeconds: 60 })
    process.emit('SIGTERM', 'SIGTERM')
    await ended
    await expect(fetch(info.url)).rejects.toThrow()
  })

  it.each([
    [['--contract', 'cloud'], 'unknown-contract'],
    [['--defect', 'CLD-PROV-99'], 'unknown-defect'],
    [['--metadata', 'missing.xml'], 'metadata-unreadable'],
    [['--redirect-uri', '/callback'], 'bad-oauth-settings'],
    [['--access-token-seconds', '1m'], 'commander.invalidArgument'],
  ])('refuses %j', async (args, code) => {
    const { ended } = await run('--port', '0', ...args)
    await expect(ended).rejects.toMatchObject({ code })
  })
})
