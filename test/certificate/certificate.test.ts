import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CompactSign, exportJWK, generateKeyPair } from 'jose'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openSigner, signFolder } from '../../src/certificate/folder.ts'
import { privateKeyOf, publicKeyOf } from '../../src/certificate/keys.ts'
import { certificateType } from '../../src/certificate/sign.ts'
import { verifyCertificate } from '../../src/certificate/verify.ts'
import { evidenceFiles } from '../../src/report/evidence.ts'
import { writeReport } from '../../src/report/folder.ts'
import { run as runCli } from '../cli/run.ts'
import { login, sample } from '../report/sample.ts'

let cwd: string
let folder: string
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'idpact-test-'))
  folder = join(cwd, 'out')
  const logins = [login('twin', 'a'), login('probe', 'b')]
  const evidence = evidenceFiles('one', logins, { apart: true })
  const report = sample({ evidence: evidence.map(({ content: _, ...entry }) => entry) })
  await writeReport(folder, { report, details: { logins: new Map([['one', logins]]) }, evidence, messages: ['{}'] })
})
afterEach(() => rm(cwd, { recursive: true, force: true }))

const certificate = () => join(folder, 'certificate.jws')
const ownKey = async () => publicKeyOf(await readFile(join(folder, 'certificate.pub.pem'), 'utf8'), 'pub')
const sign = async (key?: string) => signFolder(folder, await openSigner({ key, cwd }))

const pemOf = (type: 'rsa' | 'ec' | 'ed25519', options: object = {}): string => {
  const { privateKey } = generateKeyPairSync(type as 'ec', options as { namedCurve: string })
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
}

describe('a certificate', () => {
  it('is verified offline with the key of its signer, evidence included', async () => {
    await sign()
    const { signer, report, files } = await verifyCertificate(certificate(), await ownKey())
    expect({ signer, word: report.verdict.word, files }).toEqual({
      signer: 'known',
      word: 'not-certified',
      files: { intact: 7, absent: 0, report: true },
    })
  })

  it('is signed with the same key of the folder again, which only its owner can read', async () => {
    await sign()
    const first = await readFile(join(folder, 'certificate.pub.pem'), 'utf8')
    await sign()
    expect(await readFile(join(folder, 'certificate.pub.pem'), 'utf8')).toBe(first)
    expect((await stat(join(cwd, '.idpact', 'certificate.key.pem'))).mode & 0o077).toBe(0)
  })

  it.each<[string, string]>([
    ['Ed25519', pemOf('ed25519')],
    ['P-256', pemOf('ec', { namedCurve: 'P-256' })],
    ['P-384', pemOf('ec', { namedCurve: 'P-384' })],
    ['RSA', pemOf('rsa', { modulusLength: 2048 })],
  ])('is signed with a key of the user: %s', async (_name, pem) => {
    const file = join(cwd, 'key.pem')
    await writeFile(file, pem)
    await sign(file)
    expect((await verifyCertificate(certificate(), await publicKeyOf(pem, 'key'))).signer).toBe('known')
    await expect(readFile(join(folder, 'certificate.pub.pem'))).rejects.toThrow()
  })

  it.each<[string, string, RegExp]>([
    ['a short RSA key', pemOf('rsa', { modulusLength: 1024 }), /rsa 1024/],
    ['a curve that JWS has no algorithm for', pemOf('ec', { namedCurve: 'secp256k1' }), /secp256k1/],
    ['something else', 'no key', /does not hold a private key/],
  ])('is not signed with %s', async (_name, pem, says) => {
    await expect(privateKeyOf(pem, 'key.pem')).rejects.toThrowError(says)
  })

  const changed: [string, () => Promise<void>, string][] = [
    [
      'its verdict',
      async () => {
        const [head, body = '', signature] = (await readFile(certificate(), 'utf8')).split('.')
        const report = Buffer.from(body, 'base64url').toString().replace('not-certified', 'certified')
        await writeFile(certificate(), `${head}.${Buffer.from(report).toString('base64url')}.${signature}`)
        await rm(join(folder, 'report.json'))
      },
      'certificate-changed',
    ],
    [
      'report.json beside it',
      async () => {
        const text = await readFile(join(folder, 'report.json'), 'utf8')
        await writeFile(join(folder, 'report.json'), text.replaceAll('not-certified', 'certified'))
      },
      'evidence-changed',
    ],
    ['evidence', () => writeFile(join(folder, 'evidence/one-2-probe.json'), '{}'), 'evidence-changed'],
    ['the page', () => writeFile(join(folder, 'report.html'), 'Certified'), 'evidence-changed'],
    ['a file of evidence, taken away', () => rm(join(folder, 'evidence/one-2-probe.json')), 'evidence-missing'],
    [
      'its end',
      async () => writeFile(certificate(), (await readFile(certificate(), 'utf8')).split('.').slice(0, 2).join('.')),
      'certificate-cut-off',
    ],
    ['all of it', () => writeFile(certificate(), 'What is this?'), 'not-a-certificate'],
  ]
  it.each(changed)('is refused after a change of %s', async (_what, change, code) => {
    await sign()
    const key = await ownKey()
    await change()
    await expect(verifyCertificate(certificate(), key)).rejects.toMatchObject({ code })
  })

  it('of another signer is refused, also when its header brings a key that fits', async () => {
    await sign()
    const trusted = await ownKey()
    const { privateKey, publicKey } = await generateKeyPair('EdDSA')
    const forged = (await readFile(join(folder, 'report.json'), 'utf8')).replaceAll('not-certified', 'certified')
    const header = { alg: 'EdDSA', typ: certificateType, kid: trusted.kid, jwk: await exportJWK(publicKey) }
    const jws = await new CompactSign(Buffer.from(forged)).setProtectedHeader(header as never).sign(privateKey)
    await writeFile(certificate(), jws)
    await expect(verifyCertificate(certificate(), trusted)).rejects.toMatchObject({ code: 'certificate-changed' })
  })

  it('whose header says another algorithm, or none, is refused', async () => {
    await sign()
    const key = await ownKey()
    const [, body] = (await readFile(certificate(), 'utf8')).split('.')
    for (const alg of ['none', 'HS256']) {
      const header = Buffer.from(JSON.stringify({ alg, typ: certificateType, kid: key.kid })).toString('base64url')
      await writeFile(certificate(), `${header}.${body}.${Buffer.from('x').toString('base64url')}`)
      await expect(verifyCertificate(certificate(), key)).rejects.toMatchObject({ code: 'certificate-changed' })
    }
  })

  it('of a newer idpact is refused by name', async () => {
    const { privateKey } = await generateKeyPair('EdDSA')
    const jws = await new CompactSign(Buffer.from('{"schemaVersion":99}'))
      .setProtectedHeader({ alg: 'EdDSA', typ: certificateType })
      .sign(privateKey)
    await writeFile(certificate(), jws)
    await expect(verifyCertificate(certificate(), undefined)).rejects.toMatchObject({ code: 'report-newer' })
  })

  it('that names a file outside of its folder reads nothing', async () => {
    const report = sample({
      evidence: [{ kind: 'logins', mediaType: 'text/plain', file: '../../secret', sha256: '' }],
    })
    const { privateKey } = await generateKeyPair('EdDSA')
    const jws = await new CompactSign(Buffer.from(JSON.stringify(report)))
      .setProtectedHeader({ alg: 'EdDSA', typ: certificateType })
      .sign(privateKey)
    await writeFile(join(cwd, 'certificate.jws'), jws)
    await expect(verifyCertificate(join(cwd, 'certificate.jws'), undefined)).rejects.toMatchObject({
      code: 'not-a-certificate',
    })
  })
})

describe('idpact verify', () => {
  const run = (...args: string[]) => runCli(['verify', ...args], { cwd })

  it('says whose it is, what it covers, and exits as the verdict says', async () => {
    await sign()
    const out = await run('out/certificate.jws', '--key', 'out/certificate.pub.pem')
    expect(out.code).toBe(1)
    expect(out.stdout).toMatch(/^Intact, and signed with the given key/)
    for (const part of ['not-certified: It breaks', 'our staging SP 2.4.1', 'cloudinary@1', 'idpact 0.1.0'])
      expect(out.stdout).toContain(part)
  })

  it('without a key does not know the signer, and exits with 3', async () => {
    await sign()
    const out = await run('out/certificate.jws')
    expect(out.code).toBe(3)
    expect(out.stdout).toMatch(/^Intact, signer unknown/)
  })

  it('checks a certificate that lies alone', async () => {
    await sign()
    const alone = join(cwd, 'c.jws')
    await writeFile(alone, await readFile(certificate(), 'utf8'))
    const out = await run('c.jws', '--key', 'out/certificate.pub.pem', '--json')
    expect(JSON.parse(out.stdout)).toMatchObject({ signer: 'known', files: { intact: 0, absent: 7 } })
  })

  it('refuses a key that is not there, and one that is none', async () => {
    await sign()
    expect(await run('out/certificate.jws', '--key', 'nowhere.pem')).toMatchObject({ code: 2 })
    expect((await run('out/certificate.jws', '--key', 'out/report.html')).stderr).toMatch(/does not hold a public key/)
  })
})
