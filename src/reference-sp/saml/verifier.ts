import { AsyncLocalStorage } from 'node:async_hooks'
import { SAML, ValidateInResponseTo } from '@node-saml/node-saml'
import { refuse } from '../login-refused.ts'
import type { Envelope } from './gate.ts'

/**
 * node-saml, made to hand out the canonical XML that a signature was verified over. Its own result is read from a DOM that
 * was serialised once more, which turns a CR of a value into LF; the canonical form keeps it as a character reference.
 */
class CapturingSaml extends SAML {
  readonly verified = new AsyncLocalStorage<{ xml?: string }>()

  protected override async getSignedAssertion(signedXml: string): Promise<string | null> {
    const box = this.verified.getStore()
    if (box !== undefined) box.xml = signedXml
    return super.getSignedAssertion(signedXml)
  }

  /** Times are read by `checks.ts`; this one fails on a NotOnOrAfter that is not there, and in prose. */
  protected override calcMaxAgeAssertionTime(): number {
    return 0
  }
}

/** Verifies the signatures of a message; returns the XML that was verified: a Response or an Assertion. */
export type Verifier = (envelope: Envelope) => Promise<string>

/**
 * The second layer: `@node-saml/node-saml`. Every signature that the message has must verify, so a broken Response
 * signature beside a good Assertion is refused (node-saml alone would take the Assertion). One instance for each
 * combination, made once for the IdP's certificates.
 *
 * Times, audience and InResponseTo are left to the third layer (`checks.ts`): node-saml knows one audience only, doesn't
 * look at a SubjectConfirmationData unless it checks InResponseTo, and names causes in prose.
 */
export const createVerifier = (certificates: readonly string[]): Verifier => {
  const instance = (response: boolean, assertion: boolean): CapturingSaml =>
    new CapturingSaml({
      idpCert: [...certificates],
      // Required by the constructor, for messages that it would send; ours are made in authn-request.ts.
      issuer: 'unused',
      callbackUrl: 'http://unused.invalid',
      audience: false,
      acceptedClockSkewMs: -1,
      validateInResponseTo: ValidateInResponseTo.never,
      wantAuthnResponseSigned: response,
      wantAssertionsSigned: assertion,
    })
  const response = instance(true, false)
  const assertion = instance(false, true)
  const both = instance(true, true)

  return async ({ xml, signed }) => {
    if (!signed.response && !signed.assertion) return refuse('SIGNATURE_MISSING')
    const saml = signed.response && signed.assertion ? both : signed.response ? response : assertion
    const box: { xml?: string } = {}
    try {
      await saml.verified.run(box, () =>
        saml.validatePostResponseAsync({ SAMLResponse: Buffer.from(xml).toString('base64') }),
      )
    } catch (cause) {
      return refuse('SIGNATURE_INVALID', undefined, cause)
    }
    return box.xml ?? refuse('SIGNATURE_INVALID')
  }
}
