/**
 * How a scenario tells the report what happened: typed attachments in cucumber's message stream. The steps write them,
 * `certify` reads them, and any other cucumber formatter shows them as readable JSON.
 */

/** Outcomes of a scenario and of a requirement, worst first (DESIGN: outcomes and verdict). */
export const outcomes = [
  'failed',
  'inconclusive',
  'not-observable',
  'warned',
  'informed',
  'not-applicable',
  'passed',
] as const
export type Outcome = (typeof outcomes)[number]

export const mediaTypes = {
  /** A {@link Failure}: why a step failed, field by field. */
  failure: 'application/vnd.idpact.failure+json',
  /** A {@link LoginEvidence}: one login, decoded, with its exchange. */
  login: 'application/vnd.idpact.login+json',
  /** An {@link Observation}: seen where the documentation leaves a choice; never judged. */
  observation: 'application/vnd.idpact.observation+json',
  /** A {@link Finding}: something a person should look at, beside the verdict. */
  finding: 'application/vnd.idpact.finding+json',
} as const

export interface Failure {
  /**
   * `failed`: the SP broke the requirement. `inconclusive`: we could not tell. `not-observable`: a verb is missing.
   * `not-applicable`: the SP does not do what the scenario is about.
   */
  outcome: 'failed' | 'inconclusive' | 'not-observable' | 'not-applicable'
  code: string
  expected: string
  actual: string
  hint?: string | undefined
  /** Clause or document that the expectation rests on, where the requirement's own source is not enough. */
  clause?: string | undefined
}

export interface Observation {
  subject: string
  value: string
}

export interface Finding {
  code: string
  severity: 'high' | 'medium' | 'low' | 'info'
  message: string
}

/** One HTTP request and its answer, redacted, bodies cut to a limit. */
export interface Exchange {
  at: string
  method: string
  url: string
  requestHeaders: Record<string, string>
  requestBody?: string | undefined
  status: number
  responseHeaders: Record<string, string>
  responseBody?: string | undefined
  durationMs: number
}

export interface LoginEvidence {
  /** `probe`: the login under test. `twin`: the same without the fault. `alive`: the good login afterwards. */
  role: 'probe' | 'twin' | 'alive' | 'setup'
  user: string
  /** `logout`: a LogoutRequest to a session that is there. */
  flow: 'sp-initiated' | 'idp-initiated' | 'password' | 'logout'
  faults: string[]
  /** How the SP judged it, as the `session` port saw it. */
  verdict: string
  /** Who the SP says is logged in afterwards; undefined when nobody is. */
  identity?: string | undefined
  /** The Response, or the LogoutRequest, that the mock IdP sent, as XML; signature values are cut for targets that are not on loopback. */
  responseXml?: string | undefined
  /** Where a body had that Response in Base64, its length is said instead. */
  exchanges: Exchange[]
}
