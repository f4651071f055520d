import { ProtocolError } from '../../src/core/errors.ts'

/** Every way in which an AuthnRequest can be refused before the question of who sent it. */
export type AuthnRequestErrorCode =
  | 'missing-saml-request'
  | 'repeated-parameter'
  | 'bad-url-encoding'
  | 'unsupported-encoding'
  | 'too-large'
  | 'not-base64'
  | 'not-deflate'
  | 'inflate-bomb'
  | 'not-utf8'
  | 'doctype'
  | 'too-deep'
  | 'too-many-elements'
  | 'not-xml'
  | 'not-authn-request'
  | 'not-logout-message'
  | 'request-expired'
  | 'wrong-name-id'
  | 'wrong-version'
  | 'missing-id'
  | 'missing-issue-instant'
  | 'bad-issue-instant'
  | 'missing-issuer'
  | 'repeated-element'
  | 'bad-boolean'
  | 'bad-acs-index'
  | 'acs-url-and-index'
  | 'wrong-destination'
  | 'missing-signature'
  | 'unsupported-signature-algorithm'
  | 'signature-covers-something-else'
  | 'bad-signature'
  | 'bad-sp-certificate'

/**
 * An AuthnRequest that cannot be answered. `expected` and `found` are for a page that shows them apart; the message
 * has both; `hint` says how to mend the service provider.
 */
export class AuthnRequestError extends ProtocolError {
  override readonly code: AuthnRequestErrorCode
  readonly expected: string
  readonly found: string

  constructor(
    code: AuthnRequestErrorCode,
    details: { expected: string; found: string; hint: string; cause?: unknown },
  ) {
    super(`AuthnRequest: expected ${details.expected}, found ${details.found}.`, {
      code,
      hint: details.hint,
      cause: details.cause,
    })
    this.code = code
    this.expected = details.expected
    this.found = details.found
  }
}
