import { also, type Defect, defect } from '../../defects/defect.ts'
import type { Rules } from '../../rules/rules.ts'
import { nameFormats } from '../../saml/namespaces.ts'
import { isRole, roles } from '../roles.ts'
import { type AttributeField, attributeNames } from '../rules/attributes.ts'

const lowerCase = also('CLD-PROV-38', 'an attribute with its name in lower case is passed over, and not missed')
const notMandatory = [also('CLD-PROV-37', 'an attribute that is mandatory on every login is not'), lowerCase]

const without = (rules: Rules, field: AttributeField): Pick<Rules, 'mandatoryFields'> => ({
  mandatoryFields: (known) => rules.mandatoryFields(known).filter((name) => name !== field),
})

const insensitive = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase()

/** Attributes read wrongly, or not at all. */
export const attributeDefects: readonly Defect[] = [
  defect('CLD-SAML-18', {
    title: 'An attribute that is not in the documentation ends the login.',
    rules: () => ({ refusesUnknownAttributes: () => true }),
  }),
  defect('CLD-PROV-05', {
    title: 'A login without User.CloudinaryAccountID is accepted.',
    alsoFails: notMandatory,
    rules: (rules) => without(rules, 'accountId'),
  }),
  defect('CLD-PROV-06', {
    title: 'The account ID of another account is accepted.',
    rules: () => ({ accountIdIsOurs: () => true }),
  }),
  defect('CLD-PROV-07', {
    title: 'Without User.Username the NameID is taken as the external id.',
    alsoFails: [lowerCase],
    rules: (rules) => ({ ...without(rules, 'username'), usernameOf: (sent, { nameId }) => sent ?? nameId }),
  }),
  defect('CLD-PROV-09', {
    title: 'A login without User.FirstName is accepted.',
    alsoFails: notMandatory,
    rules: (rules) => ({
      ...without(rules, 'firstName'),
      firstNameOf: (sent, { known }) => sent ?? known()?.firstName ?? '',
    }),
  }),
  defect('CLD-PROV-10', {
    title: 'A login without User.LastName is refused.',
    rules: (rules) => ({ mandatoryFields: (known) => [...rules.mandatoryFields(known), 'lastName'] }),
  }),
  defect('CLD-PROV-11', {
    title: 'Without User.Email the NameID is taken as the e-mail address.',
    alsoFails: notMandatory,
    rules: (rules) => ({ ...without(rules, 'email'), emailOf: (sent, { nameId }) => sent ?? nameId }),
  }),
  defect('CLD-PROV-12', {
    title: 'A new account without a role becomes an admin.',
    alsoFails: [
      also('CLD-SCIM-24', 'SCIM gives the same default.'),
      also('CLD-PROV-17', 'who gets the default role is put into no group'),
    ],
    rules: () => ({ defaultRole: () => 'admin' }),
  }),
  defect('CLD-PROV-13', {
    title: 'The role technical_admin is stored as admin.',
    rules: (rules) => ({
      acceptedRole: (value) => (value === 'technical_admin' ? 'admin' : rules.acceptedRole(value)),
    }),
  }),
  defect('CLD-PROV-14', {
    title: 'An unknown role becomes media_library_user.',
    rules: (rules) => ({ acceptedRole: (value) => rules.acceptedRole(value) ?? 'media_library_user' }),
  }),
  defect('CLD-PROV-15', {
    title: 'Of two roles the stronger one is taken.',
    rules: () => ({ oneRole: (values) => roles.find((role) => values.includes(role)) ?? values[0] }),
  }),
  defect('CLD-PROV-16', {
    title: 'Only the first value of User.CloudinaryUserGroups is read.',
    alsoFails: [
      also('CLD-PROV-17', 'the other groups are not assigned'),
      also('CLD-PROV-18', 'the other groups are not made'),
      also('CLD-PROV-34', 'the second group is never joined'),
    ],
    rules: () => ({ groupNames: (values) => values.slice(0, 1) }),
  }),
  defect('CLD-PROV-37', {
    title: 'Once an account is known, nothing but the user name is asked for.',
    rules: (rules) => ({
      mandatoryFields: (known) =>
        rules.mandatoryFields(known).filter((field) => field === 'username' || known() === undefined),
      emailOf: (sent, { known }) => sent ?? known()?.email,
      firstNameOf: (sent, { known }) => sent ?? known()?.firstName,
    }),
  }),
  defect('CLD-PROV-38', {
    title: 'Names of attributes are compared without case.',
    rules: () => ({ isNamed: insensitive }),
  }),
  defect('CLD-PROV-39', {
    title: 'Roles, group names and cloud names are compared without case.',
    alsoFails: [also('CLD-PROV-14', 'a role in another case is accepted')],
    rules: () => ({
      acceptedRole: (value) => [value.toLowerCase()].find(isRole),
      sameName: insensitive,
    }),
  }),
  defect('CLD-PROV-46', {
    title: 'Where groups and environments are both sent, all attributes need the NameFormat basic.',
    rules: () => ({
      understands: (attributes) =>
        attributes.every(({ nameFormat }) => nameFormat === nameFormats.basic) ||
        [attributeNames.groups, attributeNames.environments].some(
          (name) => !attributes.some((attribute) => attribute.name === name),
        ),
    }),
  }),
  defect('CLD-PROV-47', {
    title: 'Attributes are read only where their NameFormat is unspecified or basic.',
    rules: () => ({
      acceptsNameFormat: (format) => format === nameFormats.unspecified || format === nameFormats.basic,
    }),
  }),
]
