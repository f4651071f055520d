import { createHash, verify } from 'node:crypto'
import fc from 'fast-check'
import samlify from 'samlify'
import { beforeAll, describe, expect, it } from 'vitest'
import type { SignatureAlgorithm as XmlCryptoAlgorithm } from 'xml-crypto'
import { okta } from '../../../mock-idp/personas/okta.ts'
import type { Persona } from '../../../mock-idp/personas/persona.ts'
import { plain } from '../../../mock-idp/personas/plain.ts'
import { encodeMessage } from '../../../mock-idp/saml/bindings.ts'
import { toPem } from '../../../mock-idp/saml/keys.ts'
import { renderMetadata } from '../../../mock-idp/saml/metadata.ts'
import { digestUri, nameIdFormatUri, signatureUri } from '../../../mock-idp/saml/names.ts'
import { renderResponse } from '../../../mock-idp/saml/render.ts'
import { digestAlgorithms } from '../../../mock-idp/saml/signing-plan.ts'
import {
  acsUrl,
  audience,
  draftOf,
  issuer,
  judgeByNodeSaml,
  planOf,
  readFields,
  testKey,
  verifyAll,
} from './support.ts'

const personas: Persona[] = [okta, plain]
const placements = [
  { signResponse: true, signAssertion: true },
  { signResponse: true, signAssertion: false },
  { signResponse: false, signAssertion: true },
]

/** Pieces that break careless escaping, beside letters of every script. */
const hostile = (more: string[] = []) =>
  fc.string({
    unit: fc.oneof(
      fc.constantFrom(
        '&',
        '<',
        '>',
        '"',
        "'",
        '\t',
        '\n',
        ' ',
        ']]>',
        '<!--',
        '&amp;',
        'é',
        'ß',
        '日本',
        '👩‍🚀',
        ...more,
      ),
      // xmldom 0.8 reads these two as line ends: a limit of those verifiers, kept out of what they judge.
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }).filter((c) => !/[\u0085\u2028]/.test(c)),
    ),
    minLength: 1,
    maxLength: 12,
  })

/** An SP of samlify that trusts the IdP's own metadata. */
const samlifyJudge = async (xml: string, persona: Persona) => {
  samlify.setSchemaValidator({ validate: async () => 'checked elsewhere' })
  const key = await testKey()
  const metadata = renderMetadata({
    persona,
    entityId: issuer,
    ssoUrl: 'https://idp.example.test/sso',
    certificates: [key.certificateBase64],
    nameIdFormat: nameIdFormatUri.unspecified,
    wantAuthnRequestsSigned: false,
  })
  const idp = samlify.IdentityProvider({ metadata })
  const sp = samlify.ServiceProvider({
    entityID: audience,
    assertionConsumerService: [{ Binding: samlify.Constants.namespace.binding.post, Location: acsUrl }],
    singleLogoutService: [{ Binding: samlify.Constants.namespace.binding.post, Location: acsUrl }],
    wantAssertionsSigned: true,
  })
  const { extract } = await sp.parseLoginResponse(idp, 'post', { body: { SAMLResponse: encodeMessage(xml) } })
  return extract as { nameID: string; attributes: Record<string, string | string[]> }
}

describe.each(personas)('what $id sends', (persona) => {
  it.each(placements)('verifies with xml-crypto: %o', async (placement) => {
    const key = await testKey()
    const xml = await renderResponse(draftOf(persona), planOf(key, placement), persona.style)
    const verified = verifyAll(xml, key.certificatePem)
    expect(verified.map(({ ok }) => ok)).toEqual(
      Object.values(placement)
        .filter(Boolean)
        .map(() => true),
    )
    expect(verifyAll(xml, (await testKey('stranger')).certificatePem).some(({ ok }) => ok)).toBe(false)
  })

  it.each(placements)('is accepted by node-saml: %o', async (placement) => {
    const key = await testKey()
    const xml = await renderResponse(draftOf(persona), planOf(key, placement), persona.style)
    const wants = { assertionSigned: placement.signAssertion, responseSigned: placement.signResponse }
    const profile = await judgeByNodeSaml(xml, key, wants)
    expect(profile['nameID']).toBe('ada@example.test')
    expect(profile['User.Role']).toEqual(['admin', 'reports'])
  })

  it('is accepted by samlify as a service provider', async () => {
    const xml = await renderResponse(draftOf(persona), planOf(await testKey()), persona.style)
    const extract = await samlifyJudge(xml, persona)
    expect(extract.nameID).toBe('ada@example.test')
    expect(extract.attributes).toEqual({ 'User.Email': 'ada@example.test', 'User.Role': ['admin', 'reports'] })
  })

  it('carries any text unchanged, and verifies', async () => {
    const key = await testKey()
    await fc.assert(
      fc.asyncProperty(hostile(['\r', '\r\n']), hostile(['\r']), hostile(['\r']), async (nameId, name, value) => {
        const draft = draftOf(persona, { nameId, attributes: [{ name, nameFormat: undefined, values: [value, ''] }] })
        const xml = await renderResponse(draft, planOf(key), persona.style)
        const fields = readFields(xml)
        const assertion = 'Response/Assertion'
        expect(fields.get(`${assertion}/Subject/NameID`)).toBe(nameId)
        expect(fields.get(`${assertion}/AttributeStatement/Attribute@Name`)).toBe(name)
        expect(fields.get(`${assertion}/AttributeStatement/Attribute/AttributeValue`)).toBe(value)
        expect(fields.get(`${assertion}/AttributeStatement/Attribute/AttributeValue[2]`)).toBe('')
        expect(verifyAll(xml, key.certificatePem).map(({ ok }) => ok)).toEqual([true, true])
      }),
      { numRuns: 40 },
    )
  })

  it('is accepted with any text by node-saml and samlify', async () => {
    const key = await testKey()
    await fc.assert(
      fc.asyncProperty(hostile(), hostile(), async (nameId, value) => {
        const attributes = [{ name: 'User.Email', nameFormat: undefined, values: [`[${value}]`] }]
        const xml = await renderResponse(
          draftOf(persona, { nameId: `[${nameId}]`, attributes }),
          planOf(key),
          persona.style,
        )
        const profile = await judgeByNodeSaml(xml, key)
        expect(profile['nameID']).toBe(`[${nameId}]`)
        expect(profile['User.Email']).toBe(`[${value}]`)
        expect((await samlifyJudge(xml, persona)).nameID).toBe(`[${nameId}]`)
      }),
      { numRuns: 20 },
    )
  })

  it.each(digestAlgorithms)('names and uses the algorithms that were chosen: %s', async (hash) => {
    const key = await testKey()
    const plan = planOf(key, { signatureAlgorithm: `rsa-${hash}`, digestAlgorithm: hash })
    const xml = await renderResponse(draftOf(persona), plan, persona.style)
    expect(xml).toContain(`SignatureMethod Algorithm="${signatureUri[`rsa-${hash}`]}"`)
    expect(xml).toContain(`DigestMethod Algorithm="${digestUri[hash]}"`)
    const verified = verifyAll(xml, key.certificatePem, (sig) => {
      // xml-crypto has no SHA-384 of its own; it canonicalizes, node:crypto verifies.
      sig.SignatureAlgorithms[signatureUri['rsa-sha384']] = nodeVerifier('sha384', signatureUri['rsa-sha384'])
      sig.HashAlgorithms[digestUri.sha384] = class {
        getHash = (text: string) => createHash('sha384').update(text).digest('base64')
        getAlgorithmName = () => digestUri.sha384
      }
    })
    expect(verified.map(({ ok }) => ok)).toEqual([true, true])
  })

  it.each(['ecdsa-sha256', 'ecdsa-sha384', 'ecdsa-sha512'] as const)('signs with ECDSA: %s', async (name) => {
    const key = await testKey('idp', 'ec-p256')
    const xml = await renderResponse(draftOf(persona), planOf(key, { signatureAlgorithm: name }), persona.style)
    const verified = verifyAll(xml, key.certificatePem, (sig) => {
      sig.SignatureAlgorithms[signatureUri[name]] = nodeVerifier(name.slice('ecdsa-'.length), signatureUri[name])
    })
    expect(verified.map(({ ok }) => ok)).toEqual([true, true])
  })

  it('signs many at once, as it signs one', async () => {
    const key = await testKey()
    const all = await Promise.all(
      Array.from({ length: 8 }, (_, i) =>
        renderResponse(draftOf(persona, { nameId: `user${i}` }), planOf(key), persona.style),
      ),
    )
    expect(all.map((xml) => readFields(xml).get('Response/Assertion/Subject/NameID'))).toEqual(
      all.map((_, i) => `user${i}`),
    )
    for (const xml of all) expect(verifyAll(xml, key.certificatePem).map(({ ok }) => ok)).toEqual([true, true])
  })

  it('leaves KeyInfo out when asked', async () => {
    const key = await testKey()
    const xml = await renderResponse(draftOf(persona), planOf(key, { includeKeyInfo: false }), persona.style)
    expect(xml).not.toContain('KeyInfo')
    expect(verifyAll(xml, key.certificatePem).map(({ ok }) => ok)).toEqual([true, true])
  })

  it('writes no Signature when none is asked for', async () => {
    const plan = planOf(await testKey(), { signAssertion: false, signResponse: false })
    const xml = await renderResponse(draftOf(persona), plan, persona.style)
    expect(xml).not.toContain('Signature')
    expect(readFields(xml).get('Response/Assertion/Subject/NameID')).toBe('ada@example.test')
  })

  it.each(['a\u0000b', 'a\u001fb', 'a\ufffeb', 'a\ud800b', 'a\udc00'])(
    'refuses what XML forbids: %j',
    async (value) => {
      const plan = planOf(await testKey())
      await expect(renderResponse(draftOf(persona, { nameId: value }), plan, persona.style)).rejects.toMatchObject({
        code: 'forbidden-character',
      })
      const allowed = { ...draftOf(persona, { nameId: 'a\u0001b' }), allowForbiddenCharacters: true }
      expect(await renderResponse(allowed, plan, persona.style)).toContain('>a\u0001b<')
    },
  )

  it('refuses to sign with a key of another kind', async () => {
    const plan = planOf(await testKey(), { signatureAlgorithm: 'ecdsa-sha256' })
    await expect(renderResponse(draftOf(persona), plan, persona.style)).rejects.toMatchObject({
      code: 'key-algorithm-mismatch',
    })
  })
})

const nodeVerifier = (hash: string, uri: string) =>
  class implements XmlCryptoAlgorithm {
    getSignature = () => {
      throw new Error('only verifies')
    }
    verifySignature = (material: string, key: unknown, value: string) =>
      verify(
        hash,
        Buffer.from(material),
        { key: key as string, dsaEncoding: 'ieee-p1363' },
        Buffer.from(value, 'base64'),
      )
    getAlgorithmName = () => uri
  }

describe('the plain persona', () => {
  let xml: string
  let canonical: string[]
  beforeAll(async () => {
    const key = await testKey()
    const attributes = [{ name: 'a "quoted" > name', nameFormat: undefined, values: ['<&>"\'\r\n\té', ''] }]
    xml = await renderResponse(draftOf(plain, { attributes }), planOf(key), plain.style)
    canonical = verifyAll(xml, key.certificatePem).map((v) => v.canonical)
  })

  it('sends exactly the bytes that an independent canonicalizer makes of them', () => {
    const [ofResponse, ofAssertion] = canonical
    const signatures = [...xml.matchAll(/<ds:Signature .*?<\/ds:Signature>/gs)].map(([text]) => text)
    expect(ofResponse).toBe(xml.replace(signatures[0] ?? '?', ''))
    const assertion = /<saml:Assertion .*<\/saml:Assertion>/s.exec(xml)?.[0] ?? ''
    expect(ofAssertion).toBe(assertion.replace(signatures[1] ?? '?', ''))
  })

  it('shows no trait of a vendor', () => {
    expect(xml).not.toMatch(/xsi:type|InclusiveNamespaces|nameid-format:entity|<\?xml|saml2/)
    expect(xml).toMatch(/ID="_[0-9a-f]{32}"/)
  })
})

it('takes a certificate in PEM from the KeyInfo that it sends', async () => {
  const key = await testKey()
  const xml = await renderResponse(draftOf(okta), planOf(key), okta.style)
  const sent = /<ds:X509Certificate>([^<]*)</.exec(xml)?.[1]?.replace(/\n/g, '') ?? ''
  expect(toPem(sent)).toBe(key.certificatePem)
})
