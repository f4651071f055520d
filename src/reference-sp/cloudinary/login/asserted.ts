import { refuse } from '../../login-refused.ts'
import type { Rules } from '../../rules/rules.ts'
import type { VerifiedAssertion } from '../../saml/assertion.ts'
import type { Users } from '../../store/users.ts'
import { type AttributeField, attributeNames, type Fallback } from '../rules/attributes.ts'
import type { Asserted } from '../rules/provisioning.ts'

/** The values of an attribute; undefined when it was not sent at all. */
const readValues = (assertion: VerifiedAssertion, name: string, rules: Rules): string[] | undefined => {
  const found = assertion.attributes.filter(
    (attribute) => rules.isNamed(attribute.name, name) && rules.acceptsNameFormat(attribute.nameFormat),
  )
  // Some IdPs send one Attribute for each value.
  return found.length === 0 ? undefined : found.flatMap((attribute) => attribute.values)
}

/** The one value of an attribute; undefined when it is missing or empty. */
const readOne = (assertion: VerifiedAssertion, name: string, rules: Rules): string | undefined => {
  const values = readValues(assertion, name, rules)?.filter((value) => value.trim() !== '') ?? []
  return values.length > 1 ? refuse('ATTRIBUTE_AMBIGUOUS', `${name} has ${values.length} values.`) : values[0]
}

/** Refuses what is not ours to know, or not as we like it, where the rules say so. */
export const checkAttributes = (assertion: VerifiedAssertion, rules: Rules): void => {
  if (!rules.understands(assertion.attributes)) refuse('ATTRIBUTE_FORMAT')
  if (!rules.refusesUnknownAttributes()) return
  const unknown = assertion.attributes.find(
    ({ name }) => !Object.values(attributeNames).some((known) => rules.isNamed(name, known)),
  )
  if (unknown !== undefined) refuse('ATTRIBUTE_UNKNOWN', `It is ${unknown.name}.`)
}

const checkMandatory = (assertion: VerifiedAssertion, names: readonly string[], rules: Rules): void => {
  const missing = names.filter((name) => readOne(assertion, name, rules) === undefined)
  if (missing.length > 0) refuse('ATTRIBUTE_MISSING', `Missing: ${missing.join(', ')}.`)
}

/**
 * What SAML provisioning is told of a person, from the verified assertion.
 *
 * @throws LoginRefused when something mandatory is missing, or a value is not one that the documentation allows.
 */
export const readAsserted = (assertion: VerifiedAssertion, accountId: string, rules: Rules, users: Users): Asserted => {
  const one = (field: AttributeField): string | undefined => readOne(assertion, attributeNames[field], rules)
  const many = (field: AttributeField): string[] | undefined => readValues(assertion, attributeNames[field], rules)
  const username = one('username')
  const nameId = assertion.nameId?.value
  const fallback: Fallback = {
    nameId,
    known: () =>
      (username === undefined ? undefined : users.findAllByExternalId(username)[0]) ??
      (nameId === undefined ? undefined : users.findByEmail(nameId)),
  }
  checkMandatory(
    assertion,
    rules.mandatoryFields(fallback.known).map((field) => attributeNames[field]),
    rules,
  )
  const missing = (field: AttributeField): never => refuse('ATTRIBUTE_MISSING', `Missing: ${attributeNames[field]}.`)

  const sentAccountId = one('accountId')
  if (sentAccountId !== undefined && !rules.accountIdIsOurs(sentAccountId, accountId)) refuse('ACCOUNT_ID_MISMATCH')
  const email = rules.emailOf(one('email'), fallback) ?? missing('email')
  if (!/^[^\s@]+@[^\s@]+$/.test(email) || email.length > 254) refuse('EMAIL_INVALID')

  return {
    username: rules.usernameOf(username, fallback) ?? missing('username'),
    email,
    firstName: rules.firstNameOf(one('firstName'), fallback) ?? missing('firstName'),
    lastName: readLastName(many('lastName')),
    role: readRole(many('role'), rules),
    groups: readGroups(many('groups'), rules),
    environments: many('environments'),
    nameId,
  }
}

/** The one field that may be emptied. */
const readLastName = (values: string[] | undefined): string | undefined =>
  values !== undefined && values.length > 1
    ? refuse('ATTRIBUTE_AMBIGUOUS', `${attributeNames.lastName} has ${values.length} values.`)
    : values === undefined
      ? undefined
      : (values[0] ?? '')

const readRole = (values: string[] | undefined, rules: Rules): string | undefined => {
  if (values === undefined) return undefined
  const one = rules.oneRole(values)
  if (one === undefined) return refuse('ATTRIBUTE_AMBIGUOUS', `${attributeNames.role} must have one value.`)
  return rules.acceptedRole(one) ?? refuse('ROLE_UNKNOWN')
}

const readGroups = (values: string[] | undefined, rules: Rules): readonly string[] | undefined =>
  values && [...new Set(rules.groupNames(values).filter((name) => name !== ''))]
