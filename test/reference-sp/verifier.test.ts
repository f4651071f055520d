import { afterEach, expect, it } from 'vitest'
import { openEnvelope } from '../../src/reference-sp/saml/gate.ts'
import { createVerification, type Verification } from '../../src/reference-sp/saml/verifier.ts'
import { makeIdp, mint } from './support/idp.ts'

let verification: Verification
afterEach(() => verification.stop())

const idp = makeIdp()
const pem = (base64: string): string => `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`
const envelope = openEnvelope(
  Buffer.from(mint({ idp, acsUrl: 'http://sp.test/acs', audience: 'http://sp.test' })).toString('base64'),
)

it('verifies many messages at once in threads', async () => {
  verification = createVerification()
  const verify = verification.verifierFor([pem(idp.certificate)])
  const verified = await Promise.all(Array.from({ length: 8 }, () => verify(envelope)))
  expect(new Set(verified).size).toBe(1)
  expect(verified[0]).toContain(envelope.assertionId)
})

it('refuses what the certificates do not fit, with the cause', async () => {
  verification = createVerification()
  const verify = verification.verifierFor([pem(makeIdp().certificate)])
  await expect(verify(envelope)).rejects.toMatchObject({ reason: 'SIGNATURE_INVALID', cause: expect.any(Error) })
  await expect(verify({ ...envelope, signed: { response: false, assertion: false } })).rejects.toMatchObject({
    reason: 'SIGNATURE_MISSING',
  })
})

it('says so when a thread ends with its work undone, and goes on with another', async () => {
  verification = createVerification()
  const verify = verification.verifierFor([pem(idp.certificate)])
  const undone = expect(verify(envelope)).rejects.toMatchObject({ code: 'verifier-ended' })
  await verification.stop()
  await undone
  expect(await verify(envelope)).toContain(envelope.assertionId)
})
