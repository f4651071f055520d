/** What can be asked for, and what the consent page says of it. The names are the documentation's. */
export const scopes = {
  openid: 'know who you are',
  offline: 'go on after you have logged out, until you or an administrator ends it',
  'provision:scim': 'read, create, change and remove users and groups of this account (SCIM)',
} as const satisfies Record<string, string>

export const isScope = (name: string): name is keyof typeof scopes => Object.hasOwn(scopes, name)

/**
 * As the documentation writes it, to be pasted into the identity provider: with a query already, and raw spaces in it
 * . A client adds its own parameters to the query and encodes the whole.
 */
export const authorizationUrl = (url: string): string => `${url}/oauth2/auth?scope=${Object.keys(scopes).join(' ')}`
