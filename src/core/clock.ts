/** Time is passed in, so that tests choose it. Milliseconds since the epoch. */
export interface Clock {
  now(): number
}

export const systemClock: Clock = { now: () => Date.now() }

/** `2026-01-02T03:04:05.678Z`, the form of xs:dateTime that SAML asks for (SAML Core 1.3.3: UTC, no zone offset). */
export const toInstant = (ms: number): string => new Date(ms).toISOString()
