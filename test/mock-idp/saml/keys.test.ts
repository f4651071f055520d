import { createPrivateKey, X509Certificate } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { generateSigningKey, loadSigningKey } from '../../../mock-idp/saml/keys.ts'
import { testKey } from './support.ts'

const now = Date.UTC(2026, 0, 2, 3, 4, 5, 678)

describe.each(['rsa-2048', 'ec-p256'] as const)('a new %s key', (keyType) => {
  it("has a self-signed certificate in the manner of Okta's", async () => {
    const key = await generateSigningKey({ commonName: 'dev-über', now, keyType })
    const certificate = new X509Certificate(key.certificatePem)
    expect(certificate.verify(certificate.publicKey)).toBe(true)
    expect(certificate.checkPrivateKey(key.privateKey)).toBe(true)
    expect(certificate.issuer).toBe(certificate.subject)
    expect(certificate.subject.split('\n')).toEqual([
      'C=US',
      'ST=California',
      'L=San Francisco',
      'O=Okta',
      'OU=SSOProvider',
      'CN=dev-über',
      'emailAddress=info@okta.com',
    ])
    expect(BigInt(`0x${certificate.serialNumber}`)).toBe(BigInt(now))
    expect(certificate.validFromDate).toEqual(new Date('2026-01-02T03:03:05Z'))
    expect(certificate.validToDate).toEqual(new Date('2036-01-02T03:04:05Z'))
    expect(certificate.raw.toString('base64')).toBe(key.certificateBase64)
  })

  it('can be kept and read again', async () => {
    const key = await generateSigningKey({ commonName: 'default', now, keyType, subject: 'plain' })
    const again = loadSigningKey(key.privateKeyPem, key.certificatePem)
    expect(again.certificateBase64).toBe(key.certificateBase64)
    expect(again.privateKey.equals(createPrivateKey(key.privateKeyPem))).toBe(true)
    expect(new X509Certificate(key.certificatePem).subject).toBe('CN=default')
  })
})

it('may outlive the year 2049, from when on certificates write years in full', async () => {
  const key = await generateSigningKey({ commonName: 'x', now, keyType: 'ec-p256', years: 40 })
  expect(new X509Certificate(key.certificatePem).validToDate).toEqual(new Date('2066-01-02T03:04:05Z'))
})

describe('keys that cannot be used', () => {
  it.each([
    ['bad-private-key', async () => loadSigningKey('nonsense', (await testKey()).certificatePem)],
    ['bad-certificate', async () => loadSigningKey((await testKey()).privateKeyPem, 'nonsense')],
    [
      'key-certificate-mismatch',
      async () => loadSigningKey((await testKey()).privateKeyPem, (await testKey('other')).certificatePem),
    ],
  ])('%s', async (code, load) => {
    await expect(load()).rejects.toMatchObject({ code, hint: expect.stringMatching(/./) })
  })
})
