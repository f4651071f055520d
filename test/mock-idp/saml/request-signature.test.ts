import { sign } from 'node:crypto'
import { deflateRawSync } from 'node:zlib'
import { beforeAll, describe, expect, it } from 'vitest'
import { SignedXml } from 'xml-crypto'
import { decodePost, decodeRedirect } from '../../../mock-idp/saml/authn-request.ts'
import type { StoredSigningKey } from '../../../mock-idp/saml/keys.ts'
import { signatureUri, transformUri } from '../../../mock-idp/saml/names.ts'
import {
  verifyPostSignature,
  verifyRedirectSignature,
  verifyRequestSignature,
} from '../../../mock-idp/saml/request-signature.ts'
import { testKey } from './support.ts'

const request = (inside = ''): string =>
  `<samlp:AuthnRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_1" Version="2.0" IssueInstant="2026-01-02T03:04:05Z"><saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">https://sp.example.test</saml:Issuer>${inside}</samlp:AuthnRequest>`

let key: StoredSigningKey
let other: StoredSigningKey
let ec: StoredSigningKey
beforeAll(async () => {
  ;[key, other, ec] = await Promise.all([testKey('sp'), testKey('other'), testKey('ec', 'ec-p256')])
})

/** As SPs do it: encode, then sign what was encoded. */
const signedQuery = (
  signer: StoredSigningKey,
  algorithm: keyof typeof signatureUri = 'rsa-sha256',
  relayState = '&RelayState=%2fhome+page',
): string => {
  const text = `SAMLRequest=${encodeURIComponent(deflateRawSync(request()).toString('base64'))}${relayState}&SigAlg=${encodeURIComponent(signatureUri[algorithm])}`
  const hash = algorithm.split('-')[1]
  const value = sign(hash, Buffer.from(text), { key: signer.privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64')
  return `${text}&Signature=${encodeURIComponent(value)}`
}

describe('the signature of an HTTP-Redirect request', () => {
  const verify = (query: string, certificates = [key.certificatePem]) =>
    verifyRedirectSignature(decodeRedirect(query), certificates)

  it.each(['rsa-sha1', 'rsa-sha256', 'rsa-sha384', 'rsa-sha512'] as const)('verifies: %s', (algorithm) => {
    expect(() => verify(signedQuery(key, algorithm))).not.toThrow()
    expect(() => verify(signedQuery(key, algorithm, ''))).not.toThrow()
    expect(() => verify(signedQuery(key, algorithm), [other.certificateBase64, key.certificateBase64])).not.toThrow()
  })

  it('verifies with ECDSA', () => {
    expect(() => verify(signedQuery(ec, 'ecdsa-sha256'), [ec.certificatePem])).not.toThrow()
  })

  it.each([
    ['another key', 'bad-signature', () => signedQuery(other)],
    ['another RelayState', 'bad-signature', () => signedQuery(key).replace('home', 'evil')],
    ['the RelayState taken out', 'bad-signature', () => signedQuery(key).replace('&RelayState=%2fhome+page', '')],
    ['a key of another kind', 'bad-signature', () => signedQuery(ec, 'ecdsa-sha256')],
    ['no signature', 'missing-signature', () => signedQuery(key).replace(/&SigAlg.*/, '')],
    [
      'another algorithm',
      'unsupported-signature-algorithm',
      () => signedQuery(key).replace(/SigAlg=[^&]*/, 'SigAlg=hmac'),
    ],
  ])('is refused: %s', async (_why, code, query) => {
    await expect(verifyRequestSignature(decodeRedirect(query()), [key.certificatePem])).rejects.toMatchObject({ code })
  })

  it('needs a certificate that is one', () => {
    expect(() => verify(signedQuery(key), ['nonsense'])).toThrow(
      expect.objectContaining({ code: 'bad-sp-certificate' }),
    )
  })
})

interface Signing {
  signer?: StoredSigningKey
  algorithm?: string
  reference?: string
  transforms?: string[]
  where?: string
  keyInfo?: boolean
}

const signedXml = (xml: string, options: Signing = {}): string => {
  const signer = options.signer ?? key
  const signature = new SignedXml({
    privateKey: signer.privateKeyPem,
    ...(options.keyInfo === false ? { getKeyInfoContent: () => null } : { publicCert: signer.certificatePem }),
    signatureAlgorithm: options.algorithm ?? signatureUri['rsa-sha256'],
    canonicalizationAlgorithm: transformUri.excC14n,
  })
  signature.addReference({
    xpath: options.reference ?? "/*[local-name(.)='AuthnRequest']",
    transforms: options.transforms ?? [transformUri.enveloped, transformUri.excC14n],
    digestAlgorithm: 'http://www.w3.org/2001/04/xmlenc#sha256',
  })
  const location = { reference: options.where ?? "/*/*[local-name(.)='Issuer']", action: 'after' as const }
  signature.computeSignature(xml, { prefix: 'ds', location })
  return signature.getSignedXml()
}

const posted = (xml: string) => decodePost({ SAMLRequest: Buffer.from(xml).toString('base64') })

describe('the signature of an HTTP-POST request', () => {
  const verify = (xml: string, certificates = [key.certificatePem]) => verifyPostSignature(posted(xml), certificates)

  it.each(['rsa-sha1', 'rsa-sha256', 'rsa-sha512'] as const)('verifies: %s', async (algorithm) => {
    const xml = signedXml(request('<samlp:NameIDPolicy/>'), { algorithm: signatureUri[algorithm] })
    await expect(verify(xml)).resolves.toBeUndefined()
    await expect(verify(xml, [other.certificatePem, key.certificateBase64])).resolves.toBeUndefined()
  })

  it('verifies without KeyInfo', async () => {
    const xml = signedXml(request(), { keyInfo: false })
    expect(xml).not.toContain('X509')
    await expect(verify(xml)).resolves.toBeUndefined()
    await expect(verify(xml, [other.certificatePem])).rejects.toMatchObject({ code: 'bad-signature' })
  })

  const inner = '<samlp:Extensions><x ID="_2"></x></samlp:Extensions>'
  const wrapped = () => {
    // The signed request hides in the Extensions of a forged one, whose own Signature covers the hidden one.
    const signed = signedXml(request())
    const signature = /<ds:Signature.*<\/ds:Signature>/s.exec(signed)?.[0] ?? ''
    return request(`${signature}<samlp:Extensions>${signed.replace(signature, '')}</samlp:Extensions>`)
  }

  it.each([
    ['another key', 'bad-signature', () => signedXml(request(), { signer: other })],
    ['changed after signing', 'bad-signature', () => signedXml(request()).replace('https://sp', 'https://xp')],
    ['ForceAuthn added', 'bad-signature', () => signedXml(request()).replace(' ID=', ' ForceAuthn="true" ID=')],
    ['none', 'missing-signature', () => request()],
    [
      'over another element',
      'signature-covers-something-else',
      () => signedXml(request(inner), { reference: '//*[@ID="_2"]' }),
    ],
    ['the root wrapped', 'signature-covers-something-else', () => wrapped().replace('ID="_1"', 'ID="_9"')],
    ['the root wrapped under the same ID', 'signature-covers-something-else', wrapped],
    ['in another place', 'missing-signature', () => signedXml(request(inner), { where: "//*[local-name(.)='x']" })],
    [
      'without exclusive C14N',
      'signature-covers-something-else',
      () => signedXml(request(), { transforms: [transformUri.enveloped] }),
    ],
    [
      'an Object inside',
      'signature-covers-something-else',
      () => signedXml(request()).replace('</ds:Signature>', '<ds:Object></ds:Object></ds:Signature>'),
    ],
    [
      'HMAC',
      'unsupported-signature-algorithm',
      () => signedXml(request()).replace(signatureUri['rsa-sha256'], 'http://www.w3.org/2000/09/xmldsig#hmac-sha1'),
    ],
  ])('is refused: %s', async (_why, code, xml) => {
    await expect(verifyRequestSignature(posted(xml()), [key.certificatePem])).rejects.toMatchObject({ code })
  })
})
