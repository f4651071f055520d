import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { decrypt } from 'xml-encryption'
import { faults } from '../../../mock-idp/faults/catalogue.ts'
import type { FaultContext } from '../../../mock-idp/faults/fault.ts'
import { okta } from '../../../mock-idp/personas/okta.ts'
import { plain } from '../../../mock-idp/personas/plain.ts'
import { encryptionKeyOf } from '../../../mock-idp/saml/encryption.ts'
import { dataAlgorithms, type EncryptionPlan, keyAlgorithms } from '../../../mock-idp/saml/encryption-plan.ts'
import { renderResponse } from '../../../mock-idp/saml/render.ts'
import { respond } from '../../../mock-idp/saml/respond.ts'
import { acsUrl, draftOf, planOf, testKey, verifyAll } from './support.ts'

const sp = generateKeyPairSync('rsa', { modulusLength: 2048 })
const privateKey = sp.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()

const opened = (xml: string): Promise<string> =>
  new Promise((resolve, reject) =>
    decrypt(
      xml,
      { key: privateKey, disallowDecryptionWithInsecureAlgorithm: false, warnInsecureAlgorithm: false },
      (error, text) => (error ? reject(error) : resolve(String(text))),
    ),
  )

const encrypt = (change: Partial<EncryptionPlan> = {}): EncryptionPlan => ({
  publicKey: sp.publicKey,
  dataAlgorithm: 'aes256-gcm',
  keyAlgorithm: 'rsa-oaep',
  ...change,
})

const encrypted = (xml: string): string =>
  /<([\w.-]+):EncryptedAssertion[\s\S]*?<\/\1:EncryptedAssertion>/.exec(xml)?.[0] ?? ''

describe('an encrypted Assertion', () => {
  it.each(dataAlgorithms.flatMap((data) => keyAlgorithms.map((key) => [data, key] as const)))(
    'by %s and %s is opened by another library, and its signature is good',
    async (dataAlgorithm, keyAlgorithm) => {
      const key = await testKey()
      for (const { style } of [okta, plain]) {
        const persona = style === okta.style ? okta : plain
        const plan = { ...planOf(key), encrypt: encrypt({ dataAlgorithm, keyAlgorithm }) }
        const xml = await renderResponse(draftOf(persona), plan, style)
        expect(xml).not.toContain('ada@example.test')
        const assertion = await opened(encrypted(xml))
        expect(assertion).toContain('ada@example.test')
        // Its own Signature alone, and that of the Response around what is encrypted.
        expect(verifyAll(assertion, key.certificatePem).map(({ ok }) => ok)).toEqual([true])
        expect(verifyAll(xml, key.certificatePem).map(({ ok }) => ok)).toEqual([true])
      }
    },
  )

  it('is another one each time', async () => {
    const plan = { ...planOf(await testKey()), encrypt: encrypt() }
    const draft = draftOf(okta)
    const [one, two] = await Promise.all([
      renderResponse(draft, plan, okta.style),
      renderResponse(draft, plan, okta.style),
    ])
    expect(encrypted(one)).not.toBe(encrypted(two))
  })
})

describe('the key for encrypting', () => {
  it('is read from a certificate, a bare one and a public key', async () => {
    const { certificatePem, certificateBase64 } = await testKey()
    const same = (key: KeyObject): Buffer => key.export({ type: 'spki', format: 'der' })
    const wanted = same(createPublicKey(certificatePem))
    expect(same(encryptionKeyOf(certificatePem))).toEqual(wanted)
    expect(same(encryptionKeyOf(certificateBase64))).toEqual(wanted)
    expect(
      same(encryptionKeyOf(createPublicKey(certificatePem).export({ type: 'spki', format: 'pem' }).toString())),
    ).toEqual(wanted)
  })

  it.each(['', 'nothing', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----'])(
    'is not read from %j',
    (text) => {
      expect(() => encryptionKeyOf(text)).toThrow(expect.objectContaining({ code: 'bad-encryption-certificate' }))
    },
  )

  it('must be RSA', async () => {
    const { certificatePem } = await testKey('ec', 'ec-p256')
    expect(() => encryptionKeyOf(certificatePem)).toThrow(
      expect.objectContaining({ code: 'bad-encryption-certificate' }),
    )
  })
})

const ofEncryption = faults.filter((fault) => fault.encrypted === true)
const victim = 'victim@example.test'

const send = async (fault: (typeof ofEncryption)[number]) => {
  const [key, foreignKey] = await Promise.all([testKey(), testKey('foreign')])
  const context: FaultContext = {
    now: Date.now(),
    spClockOffsetMs: 0,
    other: {
      spEntityId: 'https://other.example.test',
      acsUrl: 'https://other.example.test/acs',
      idpEntityId: 'https://idp.other.example.test',
    },
    foreignKey,
    previousXml: undefined,
  }
  const plan = planOf(key, { signResponse: fault.signed !== 'assertion', encrypt: encrypt() })
  const params = fault.parameters === undefined ? {} : { identity: victim }
  return respond({
    draft: draftOf(okta),
    plan,
    persona: okta,
    acsUrl,
    relayState: undefined,
    faults: [{ fault, params }],
    context,
  })
}

describe('faults of encryption', () => {
  it.each(ofEncryption.map((fault) => [fault.id, fault] as const))('%s', async (_id, fault) => {
    const { xml } = await send(fault)
    const texts = await Promise.all(
      [...xml.matchAll(/<(saml2):EncryptedAssertion[\s\S]*?<\/\1:EncryptedAssertion>/g)].map(([one]) =>
        opened(one).catch(() => ''),
      ),
    )
    expect(texts.length).toBeGreaterThan(0)
    const readable = texts.join('\n')
    const { requirement } = fault
    if (requirement === 'SAML-ENC-03') expect(readable).not.toContain('Assertion')
    else if (fault.parameters !== undefined) expect(readable + xml).toContain(victim)
    else expect(readable).toContain('ada@example.test')
    // What is forged is never signed by anybody.
    if (fault.parameters !== undefined)
      for (const text of texts.filter((one) => one.includes(victim) && !one.includes('ada@example.test')))
        expect(verifyAll(text, (await testKey()).certificatePem).every(({ ok }) => !ok)).toBe(true)
  })
})
