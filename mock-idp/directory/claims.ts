import { UsageError } from '../../src/core/errors.ts'
import type { Group, SamlSettings, User } from '../admin/schema.ts'
import type { AttributeDraft, NameIdDraft } from '../saml/draft.ts'
import { encryptionKeyOf } from '../saml/encryption.ts'
import { attributeNameFormatUri, nameIdFormatUri } from '../saml/names.ts'
import { userNameAttribute } from './base-attributes.ts'
import { valuesOf } from './expressions/evaluate.ts'
import { parseExpression } from './expressions/parse.ts'
import { groupFilter } from './group-filter.ts'
import { attributeOf, hasValue, type LooseProfile } from './profile-values.ts'

/** What the mock IdP says about a user to one application: who it is, and the attributes. */
export interface Claims {
  nameId: NameIdDraft
  attributes: AttributeDraft[]
}

/**
 * Evaluates an application's settings for one user.
 *
 * @param appProfile the application's profile of the user, as `effectiveProfile` makes it: what `appuser.*` reads, and
 *   its `userName` is the NameID, so that single sign-on says the same as provisioning. Left out, the user's own profile
 *   stands for it, and the setting "application username" gives the NameID.
 * @throws UsageError `name-id-empty` if the application username has no value, `bad-expression`, `expression-types`,
 *   `expression-too-large`, `bad-regex`
 */
export const claimsFor = (
  saml: SamlSettings,
  user: User,
  groups: readonly Group[],
  appProfile?: LooseProfile,
): Claims => {
  const appUser = appProfile ?? user.profile
  const context = { user: user.profile, appUser, groupNames: groups.map((group) => group.profile.name) }
  const given = appProfile && attributeOf(appProfile, userNameAttribute)
  const [userName] = hasValue(given) ? [String(given)] : valuesOf(parseExpression(saml.applicationUsername), context)
  if (userName === undefined)
    throw new UsageError(
      `The application username of ${user.profile.login} is empty: ${saml.applicationUsername} has no value`,
      { code: 'name-id-empty', hint: "Fill that attribute of the user's profile, or change the application username." },
    )
  const named = { ...context, appUser: { ...appUser, userName } }
  const attributes = saml.attributeStatements
    .map(({ name, nameFormat, values }) => ({
      name,
      nameFormat: attributeNameFormatUri[nameFormat],
      values: values.flatMap((value) => valuesOf(parseExpression(value), named)),
    }))
    // Okta leaves out an attribute whose source has no value.
    .filter(({ values }) => values.length > 0)
  return {
    nameId: { value: userName, format: nameIdFormatUri[saml.nameIdFormat] },
    attributes: [...attributes, ...groupAttributes(saml, groups)],
  }
}

const groupAttributes = (saml: SamlSettings, groups: readonly Group[]): AttributeDraft[] =>
  saml.groupAttributeStatements.flatMap(({ name, nameFormat, filter, whenEmpty }) => {
    const matches = groupFilter(filter)
    const values = groups.map((group) => group.profile.name).filter(matches)
    return values.length > 0 || whenEmpty === 'send'
      ? [{ name, nameFormat: attributeNameFormatUri[nameFormat], values }]
      : []
  })

/**
 * Refuses settings that could not be evaluated later, when they are made and not at the first login.
 *
 * @throws UsageError `bad-expression`, `bad-regex`, `costly-regex`, `duplicate-index`
 */
export const checkSettings = (saml: SamlSettings): void => {
  parseExpression(saml.applicationUsername)
  if (saml.encryption) encryptionKeyOf(saml.encryption.certificate)
  for (const { values } of saml.attributeStatements) for (const value of values) parseExpression(value)
  for (const statement of saml.groupAttributeStatements) groupFilter(statement.filter)
  const indexes = saml.requestableSsoUrls.map(({ index }) => index)
  const twice = indexes.find((index, i) => indexes.indexOf(index) !== i)
  if (twice !== undefined)
    throw new UsageError(`Two requestable SSO URLs have the index ${twice}`, {
      code: 'duplicate-index',
      hint: 'AssertionConsumerServiceIndex must mean one URL: give each its own index.',
    })
}
