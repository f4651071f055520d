/**
 * The one family of errors that idpact throws on purpose, subclassed by *who must act*.
 * A message says what was expected, what was found and where; a hint says what to do about it.
 */
export interface ErrorDetails {
  /** Stable, kebab-case, for scripts: `port-in-use`, `unknown-key`. */
  code: string
  /** What to do now, in one or two sentences. */
  hint?: string | undefined
  cause?: unknown
}

export class IdpactError extends Error {
  readonly code: string
  readonly hint: string | undefined

  constructor(message: string, details: ErrorDetails) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.name = new.target.name
    this.code = details.code
    this.hint = details.hint
  }
}

/** `idpact.yaml`, a directory file or another file of the user's is wrong. The user mends the file. Exit code 2. */
export class ConfigError extends IdpactError {}

/** A command line or a call of our API is wrong. The caller mends the call. Exit code 2. */
export class UsageError extends IdpactError {}

/** The service provider could not be reached or observed. Never a verdict on it: `inconclusive`. Exit code 3. */
export class TargetError extends IdpactError {}

/** A message from outside is not what its protocol asks for; whoever sent it mends it. */
export class ProtocolError extends IdpactError {}

/** A bug of ours. */
export class InternalError extends IdpactError {}
