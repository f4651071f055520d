import { AsyncLocalStorage } from 'node:async_hooks'
import { type Profile, SAML, ValidateInResponseTo } from '@node-saml/node-saml'
import type { Envelope } from './gate.ts'
import { verifyInnerSignature } from './inner-signature.ts'

/**
 * node-saml, made to hand out the canonical XML that a signature was verified over, and to stop there. Its own result is
 * read from a DOM that was serialised once more, which turns a CR of a value into LF; the canonical form keeps it as a
 * character reference. `assertion.ts` and `checks.ts` read and check that instead, so nothing is read from it twice.
 */
class CapturingSaml extends SAML {
  readonly verified = new AsyncLocalStorage<{ xml?: string }>()

  /** Called once every signature that was asked for is good. */
  protected override async getSignedAssertion(signedXml: string): Promise<string | null> {
    const box = this.verified.getStore()
    if (box !== undefined) box.xml = signedXml
    return signedXml
  }

  protected override async processValidlySignedAssertionAsync(): Promise<{ profile: Profile; loggedOut: boolean }> {
    return { profile: { issuer: '', nameID: '', nameIDFormat: '' }, loggedOut: false }
  }
}

export type SignedMessage = Pick<Envelope, 'xml' | 'signed'>

/**
 * The second layer: `@node-saml/node-saml` verifies the outermost signature. Every other one that the message has must
 * verify too, so a broken signature beside a good one is refused (node-saml alone would take the good one).
 *
 * Times, audience and InResponseTo are left to the third layer (`checks.ts`): node-saml knows one audience only, doesn't
 * look at a SubjectConfirmationData unless it checks InResponseTo, and names causes in prose.
 *
 * @param certificates PEM
 * @returns from a message with at least one signature the XML that was verified: a Response or an Assertion. It rejects
 *   with an Error when a signature is not good.
 */
export const signatureVerifier = (certificates: readonly string[]): ((message: SignedMessage) => Promise<string>) => {
  const instance = (outermost: 'response' | 'assertion'): CapturingSaml =>
    new CapturingSaml({
      idpCert: [...certificates],
      // Required by the constructor, for messages that it would send; ours are made in authn-request.ts.
      issuer: 'unused',
      callbackUrl: 'http://unused.invalid',
      audience: false,
      acceptedClockSkewMs: -1,
      validateInResponseTo: ValidateInResponseTo.never,
      wantAuthnResponseSigned: outermost === 'response',
      wantAssertionsSigned: outermost === 'assertion',
    })
  const response = instance('response')
  const assertion = instance('assertion')

  return async ({ xml, signed }) => {
    const saml = signed.response ? response : assertion
    const box: { xml?: string } = {}
    await saml.verified.run(box, () =>
      saml.validatePostResponseAsync({ SAMLResponse: Buffer.from(xml).toString('base64') }),
    )
    if (box.xml === undefined) throw new Error('node-saml verified nothing')
    if (signed.response && signed.assertion) verifyInnerSignature(box.xml, certificates)
    return box.xml
  }
}
