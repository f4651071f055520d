import { type AppAttribute, appAttribute, type Mapping, type NewAppAttribute } from '../admin/profile-shapes.ts'

export const coreUserNamespace = 'urn:ietf:params:scim:schemas:core:2.0:User'

const base = (attribute: NewAppAttribute): AppAttribute =>
  appAttribute.parse({ externalNamespace: coreUserNamespace, ...attribute })

/** The variable name of the application username. It has no mapping: the application's username format gives it. */
export const userNameAttribute = 'userName'

/**
 * What the user profile of every SCIM application of Okta begins with: as much as a create carries when nothing was added
 * in the Profile Editor. `primary` beside the e-mail address, `externalId`, `active` and the like are no attributes of
 * the profile; whoever writes the message adds them.
 */
export const baseAttributes: readonly AppAttribute[] = [
  base({ name: userNameAttribute, title: 'Username', externalName: 'userName', required: true }),
  base({ name: 'givenName', title: 'Given name', externalName: 'name.givenName' }),
  base({ name: 'familyName', title: 'Family name', externalName: 'name.familyName' }),
  base({ name: 'email', title: 'Email', externalName: "emails.^[type=='work'].value" }),
  base({ name: 'displayName', title: 'Display name', externalName: 'displayName' }),
  base({ name: 'locale', title: 'Locale', externalName: 'locale' }),
]

/** Okta user → application, for the base attributes. */
export const defaultMappingsToApplication: readonly Mapping[] = [
  { attribute: 'givenName', expression: 'user.firstName' },
  { attribute: 'familyName', expression: 'user.lastName' },
  { attribute: 'email', expression: 'user.email' },
  // A display name that nobody ever wrote is made of the two names (support.okta.com, display name and group rules).
  {
    attribute: 'displayName',
    expression:
      'user.displayName != null && user.displayName != "" ? user.displayName : String.join(" ", user.firstName, user.lastName)',
  },
  // Okta's org has a locale that users have who chose none; every create seen carries one.
  { attribute: 'locale', expression: 'user.locale != null && user.locale != "" ? user.locale : "en-US"' },
]

/** Application → Okta user at import, for the base attributes. */
export const defaultMappingsFromApplication: readonly Mapping[] = [
  { attribute: 'login', expression: 'appuser.userName' },
  { attribute: 'firstName', expression: 'appuser.givenName' },
  { attribute: 'lastName', expression: 'appuser.familyName' },
  { attribute: 'email', expression: 'appuser.email' },
  { attribute: 'displayName', expression: 'appuser.displayName' },
  { attribute: 'locale', expression: 'appuser.locale' },
]
