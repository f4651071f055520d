import { ProtocolError } from '../core/errors.ts'
import { type ErrorCode, errorCodes } from './error-codes.ts'

/** A login that is refused, and why. What is shown to the browser is the code and the description, nothing else. */
export class LoginRefused extends ProtocolError {
  readonly reason: ErrorCode
  readonly description: string

  constructor(reason: ErrorCode, detail?: string, cause?: unknown) {
    const description = detail === undefined ? errorCodes[reason] : `${errorCodes[reason]} ${detail}`
    super(description, { code: reason, cause })
    this.reason = reason
    this.description = description
  }
}

type Refuse = (reason: ErrorCode, detail?: string, cause?: unknown) => never

/** The same as `throw new LoginRefused(…)`, as an expression. */
export const refuse: Refuse = (reason, detail, cause) => {
  throw new LoginRefused(reason, detail, cause)
}
