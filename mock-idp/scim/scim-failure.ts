import { IdpactError } from '../../src/core/errors.ts'

/** Why a call to a SCIM server did not do what it should. Who decides what happens next looks at this, not at the text. */
export type ScimFailureKind =
  /** 429: it may be tried again by itself. */
  | 'rate-limited'
  /** 401, or nobody has consented: not before somebody authorises the connection. */
  | 'unauthorized'
  | 'forbidden'
  | 'not-found'
  | 'conflict'
  /** Another 4xx. */
  | 'refused'
  | 'server-error'
  | 'timeout'
  /** Refused, reset, no such host. */
  | 'connection'
  /** The answer is not what the protocol allows. */
  | 'bad-answer'
  | 'redirect'

export interface ScimFailureDetails {
  kind: ScimFailureKind
  status?: number | undefined
  /** `Retry-After` as it was sent. */
  retryAfter?: string | undefined
  hint?: string | undefined
  cause?: unknown
}

/** A call to a SCIM server failed; the message has the server's own words. */
export class ScimFailure extends IdpactError {
  readonly kind: ScimFailureKind
  readonly status: number | undefined
  readonly retryAfter: string | undefined

  constructor(message: string, { kind, status, retryAfter, hint, cause }: ScimFailureDetails) {
    super(message, { code: `scim-${kind}`, hint, cause })
    this.kind = kind
    this.status = status
    this.retryAfter = retryAfter
  }
}

export const badAnswer = (message: string, hint?: string): ScimFailure =>
  new ScimFailure(message, { kind: 'bad-answer', hint })
