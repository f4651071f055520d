import { createHash } from 'node:crypto'
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadOrCreateIdentity, readFolderDirectory, readFolderMetadata } from '../../../mock-idp/index.ts'
import { openStore } from '../../../mock-idp/store/store.ts'
import { cookieOf, get, newApp, newPerson, postedBy, startIdp } from '../http/helpers.ts'

let folder = ''
let dataDir = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'idpact-store-'))
  dataDir = join(folder, '.idpact')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const mode = (name: string): string => (statSync(join(dataDir, name)).mode & 0o777).toString(8)

describe('a mock IdP with a folder', () => {
  it('is the same after a restart: identity, key, users, groups, applications, assignments, other orgs', async () => {
    const first = await startIdp({ dataDir })
    const ada = await newPerson(first)
    const app = await newApp(first, {}, { everyone: false })
    const group = await first.org().groups.create({ profile: { name: 'Dev' } })
    await first.org().groups.addMember(group.id, ada.id)
    await first.org().applications.assignGroup(app.id, group.id)
    await first.client.orgs.create({ id: 'other' })
    await newPerson(first, 'eve', 'other')
    const orgs = await first.client.orgs.list()
    await first.stop()

    const second = await startIdp({ dataDir })
    // The port is another one; nothing else is.
    const withoutPort = (value: unknown) => JSON.stringify(value).replace(/127\.0\.0\.1:\d+/g, 'HOST')
    expect(withoutPort(await second.client.orgs.list())).toBe(withoutPort(orgs))
    expect(await second.org().users.list()).toEqual([ada])
    expect(await second.org('other').users.list()).toHaveLength(1)
    const [again] = await second.org().applications.list()
    expect(again).toMatchObject({ id: app.id, saml: app.saml })
    const cookie = await cookieOf(second, ada)
    expect((await postedBy(await get(again?.appLink ?? '', { cookie }))).xml).toContain(second.info.entityId)
  }, 30_000)

  it('keeps its secrets readable by the owner only', async () => {
    const idp = await startIdp({ dataDir })
    await idp.client.orgs.create({ id: 'other' })
    await idp.client.orgs.list()
    const files = readdirSync(dataDir, { recursive: true, encoding: 'utf8' }).filter((name) =>
      statSync(join(dataDir, name)).isFile(),
    )
    expect(files.filter((name) => name.endsWith('.pem'))).toHaveLength(2)
    for (const name of files) expect([name, mode(name)]).toEqual([name, '600'])
    expect(mode('.')).toBe('700')
    expect(readFileSync(join(dataDir, 'idp.key.pem'), 'utf8')).toContain('PRIVATE KEY')
  })

  it('listens before the key is there, and metadata waits for it', async () => {
    const idp = await startIdp({ dataDir })
    expect((await fetch(`${idp.url}/_idpact/v1/health`)).status).toBe(200)
    expect(await idp.org().metadata()).toContain('X509Certificate')
  })

  it('says what is wrong with a key file that is broken', async () => {
    const idp = await startIdp({ dataDir })
    await idp.org().metadata()
    await idp.stop()
    writeFileSync(join(dataDir, 'idp.key.pem'), 'not a key')
    const broken = await startIdp({ dataDir })
    const answer = await get(broken.info.metadataUrl, { accept: 'application/json' })
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({
      error: { code: 'bad-private-key', message: expect.stringContaining('idp.key.pem') },
    })
  })

  it('keeps an entityID that was chosen', async () => {
    const first = await startIdp({ dataDir, entityId: 'urn:my:idp' })
    expect(first.info.entityId).toBe('urn:my:idp')
    await first.stop()
    const second = await startIdp({ dataDir })
    expect(second.info.entityId).toBe('urn:my:idp')
    expect(loadOrCreateIdentity(dataDir).entityId).toBe('urn:my:idp')
  })

  it('gets a new identity when that was deleted, and keeps its applications', async () => {
    const first = await startIdp({ dataDir })
    const app = await newApp(first)
    const before = first.info.entityId
    await first.stop()
    rmSync(join(dataDir, 'identity.json'))
    const second = await startIdp({ dataDir })
    expect(second.info.entityId).not.toBe(before)
    const cookie = await cookieOf(second, await newPerson(second))
    const [kept] = await second.org().applications.list()
    expect(kept?.id).toBe(app.id)
    expect((await postedBy(await get(kept?.appLink ?? '', { cookie }))).xml).toContain(second.info.entityId)
  })

  it('fills an empty directory once: the same seed, the same people; and not a directory with people in it', async () => {
    const first = await startIdp({ dataDir, seed: 7, people: 5 })
    const people = await first.org().users.list()
    expect(people).toHaveLength(5)
    expect((await first.org().groups.list()).length).toBeGreaterThan(0)
    await first.stop()
    const second = await startIdp({ dataDir, seed: 8, people: 5 })
    expect(await second.org().users.list()).toEqual(people)
    const other = await startIdp({ seed: 7, people: 5 })
    const profiles = async (idp: typeof other) => (await idp.org().users.list()).map(({ profile }) => profile)
    expect(await profiles(other)).toEqual(await profiles(second))
  })
})

describe('the identity of a folder', () => {
  it('is one, also for two that ask at the same time, with or without a server', async () => {
    const [one, two] = [loadOrCreateIdentity(dataDir), loadOrCreateIdentity(dataDir)]
    expect(one.externalKey).toBe(two.externalKey)
    const fingerprint = async (key: typeof one.key) =>
      createHash('sha256')
        .update((await key).privateKeyPem)
        .digest('hex')
    expect(await fingerprint(one.key)).toBe(await fingerprint(two.key))
    const idp = await startIdp({ dataDir, memory: true })
    expect(idp.info.entityId).toBe(one.entityId)
    expect(existsSync(join(dataDir, 'idp.sqlite'))).toBe(false)
    const [registration] = await idp.org().registrations.list()
    const offline = await readFolderMetadata({ dataDir, baseUrl: idp.url })
    expect(offline.certificatePem).toBe(registration?.certificatePem)
    expect(offline.xml).toBe(await idp.org().metadata())
  })

  it('is refused when the file holds something else', () => {
    loadOrCreateIdentity(dataDir)
    writeFileSync(join(dataDir, 'identity.json'), '{}')
    expect(() => loadOrCreateIdentity(dataDir)).toThrow(/identity\.json/)
  })

  it('can be another key file', async () => {
    const keyFile = join(folder, 'mine.pem')
    const { certificatePem, privateKeyPem } = await loadOrCreateIdentity(join(folder, 'other')).key
    writeFileSync(keyFile, privateKeyPem + certificatePem)
    chmodSync(keyFile, 0o600)
    expect((await loadOrCreateIdentity(dataDir, { keyFile }).key).certificatePem).toBe(certificatePem)
    expect(existsSync(join(dataDir, 'idp.key.pem'))).toBe(false)
  })

  it('has no directory to export where no mock IdP has run', async () => {
    await expect(readFolderDirectory({ dataDir })).rejects.toMatchObject({ code: 'not-found' })
  })
})

describe('the store', () => {
  it('refuses a database of a newer idpact, and a file that is none', () => {
    const file = join(folder, 'x.sqlite')
    openStore(file).close()
    const db = new DatabaseSync(file)
    db.exec('pragma user_version = 99')
    db.close()
    expect(() => openStore(file)).toThrow(expect.objectContaining({ code: 'newer-database' }))
    writeFileSync(file, 'this is not a database, but a text of some length '.repeat(20))
    expect(() => openStore(file)).toThrow(expect.objectContaining({ code: 'bad-database' }))
  })

  it('undoes all of a transaction that fails', () => {
    const store = openStore()
    store.orgs.create({ id: 'o', name: 'o', shape: 'okta' }, 0)
    const user = (login: string) => ({ id: login, status: 'ACTIVE' as const, profile: { login, email: login } })
    expect(() =>
      store.transaction(() => {
        store.users.create('o', user('a'))
        store.transaction(() => store.users.create('o', user('b')))
        store.users.create('o', user('a'))
      }),
    ).toThrow(/exists already/)
    expect(store.users.list('o')).toEqual([])
    store.close()
  })
})
