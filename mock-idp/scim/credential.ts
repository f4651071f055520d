/** How calls to a SCIM server prove who makes them. */
export interface Credential {
  /** The header to send. @throws ScimFailure `unauthorized` where there is none to have */
  header(): Promise<{ name: string; value: string }>
  /**
   * The server refused this value with 401. Gets another one where that is possible.
   *
   * @returns whether there is another value now, and a second try makes sense
   */
  renew(refused: string): Promise<boolean>
  /** The server refused this value with 401, and no further one is tried. */
  refused(value: string): void
}

/**
 * A credential that stays what it is: HTTP Basic (RFC 7617), or a header as it was typed.
 *
 * @param refused told when the server does not take it
 */
export const fixedCredential = (name: string, value: string, refused: () => void = () => undefined): Credential => ({
  header: async () => ({ name, value }),
  renew: async () => false,
  refused,
})

/** The value of an `Authorization` header. @example basicValue('token', 's3cret') // Basic dG9rZW46czNjcmV0 */
export const basicValue = (username: string, password: string): string =>
  `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
