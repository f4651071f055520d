/**
 * The shape of `my-sp.contract.yaml`: what a service provider of the user's own promises, in the words of an
 * administrator's guide. One schema for reading it, for the types of the program and for editors (JSON Schema).
 */
import { z } from 'zod'

const text = z.string().min(1, 'must not be empty')
const name = z.string().regex(/^[A-Za-z][A-Za-z0-9_]*$/, 'must be a name of letters, digits and _')

const attributeSchema = z.strictObject({
  name: text.describe('The Name of the Attribute, exactly as it is on the wire.'),
  title: text.optional(),
  value: text.describe('What the directory fills it from: user.email, user.department; or {parameter}.'),
  mandatory: z.boolean().default(false).describe('Whether a login without it is refused.'),
  list: z.boolean().default(false).describe('Whether it has several values.'),
})

const roleSchema = z
  .strictObject({
    attribute: text.describe('The attribute with the role.'),
    values: z.array(text).min(2, 'must have two roles at least').describe('Every role, exactly.'),
    default: text.optional().describe('The role of whoever comes without one; left out: a role must be said.'),
    strongest: text.describe('The role that nobody may come to by mistake.'),
    administrators: z.array(text).default([]).describe('Roles that are made only with the consent admin-accounts.'),
    unknown: z
      .enum(['reject', 'default', 'unchecked'])
      .default('reject')
      .describe('A role that is none: the login is refused, or the default role is given.'),
    updated: z.boolean().default(true).describe('Whether a later login changes the role.'),
  })
  .describe('Roles that the identity provider gives.')

const groupsSchema = z
  .strictObject({
    attribute: text.describe('The attribute with the groups.'),
    created: z.boolean().describe('Whether a group that there is not is made.'),
    left: z.boolean().default(true).describe('Whether who is no longer named leaves the group.'),
  })
  .describe('Groups that the identity provider names.')

const refusalSchema = z
  .strictObject({
    status: z.int().min(400).max(499).optional().describe('The status of every refusal, where it is documented.'),
    names: z.boolean().default(false).describe('Whether the page names a code and a description.'),
  })
  .prefault({})
  .describe('How a refused login is answered.')

const samlSchema = z.strictObject({
  nameIdFormat: z.enum(['emailAddress', 'unspecified', 'persistent']).default('emailAddress'),
  attributes: z.array(attributeSchema).default([]),
  key: text
    .default('nameId')
    .describe(
      'What an account is found by: nameId, which is the e-mail address, or the name of a mandatory attribute.',
    ),
  creates: z.boolean().default(true).describe('Whether the first login makes the account.'),
  updates: z.boolean().default(true).describe('Whether later logins change the name.'),
  role: roleSchema.optional(),
  groups: groupsSchema.optional(),
  refusal: refusalSchema,
})

const scimSchema = z.strictObject({
  uniqueField: z.enum(['userName', 'email']).default('userName').describe('The unique identifier of the connector.'),
  updates: z.boolean().default(true).describe('Whether changes of a name are pushed.'),
  deactivation: z
    .enum(['inactive', 'removed'])
    .default('inactive')
    .describe('What becomes of who is deactivated: inactive, or removed.'),
})

const parameterSchema = z.strictObject({ title: text, list: z.boolean().default(false) })

export const declarationSchema = z
  .strictObject({
    contract: z
      .string()
      .regex(/^[a-z][a-z0-9-]*@\d+$/, 'must be a name and a version: my-sp@1')
      .describe('Name and version. A report says them; raise the version when the promise changes.'),
    title: text.describe('Who promises what: "Example: SAML login and SCIM".'),
    document: text.default('its own documentation').describe('Where it is promised: the title of your guide.'),
    saml: samlSchema.optional(),
    scim: scimSchema.optional(),
    parameters: z.record(name, parameterSchema).default({}).describe('Values that each target gives in idpact.yaml.'),
  })
  .superRefine((declared, { addIssue }) => {
    for (const { path, message } of contradictions(declared as Declaration)) addIssue({ code: 'custom', path, message })
  })

export type Declaration = z.output<typeof declarationSchema>
export type DeclaredSaml = NonNullable<Declaration['saml']>

interface Contradiction {
  path: (string | number)[]
  message: string
}

/** What each part can be, and the whole cannot. */
const contradictions = ({ saml, scim, parameters }: Declaration): Contradiction[] => {
  const found: Contradiction[] = []
  const say = (path: (string | number)[], message: string): void => void found.push({ path, message })
  if (saml === undefined && scim === undefined) say([], 'needs saml or scim: what is promised')
  if (saml === undefined) return found
  const names = saml.attributes.map((one) => one.name)
  for (const [at, { name: own, value }] of saml.attributes.entries()) {
    if (names.indexOf(own) !== at) say(['saml', 'attributes', at, 'name'], `is there twice: ${own}`)
    const parameter = /^\{(.*)\}$/.exec(value)?.[1]
    if (parameter !== undefined && !Object.hasOwn(parameters, parameter))
      say(['saml', 'attributes', at, 'value'], `names the parameter ${parameter}, which "parameters" does not have`)
  }
  const attribute = (path: (string | number)[], wanted: string): DeclaredSaml['attributes'][number] | undefined => {
    const one = saml.attributes.find((candidate) => candidate.name === wanted)
    if (one === undefined) say(path, `must be one of the attributes (${names.join(', ') || 'none'}), and is ${wanted}`)
    return one
  }
  if (saml.key !== 'nameId' && attribute(['saml', 'key'], saml.key)?.mandatory === false)
    say(['saml', 'key'], `must be a mandatory attribute, and ${saml.key} is not`)
  if (saml.role !== undefined) {
    const { values, strongest, default: standard, administrators } = saml.role
    const path = ['saml', 'role']
    const source = attribute([...path, 'attribute'], saml.role.attribute)
    if (source !== undefined && !isOfUser(source.value))
      say(
        [...path, 'attribute'],
        `must be filled from one attribute of the user (user.role), and is from ${source.value}`,
      )
    if (source?.list === true) say([...path, 'attribute'], 'must have one value: a role is one')
    for (const [key, role] of [
      ['strongest', strongest],
      ['default', standard],
    ] as const)
      if (role !== undefined && !values.includes(role)) say([...path, key], `must be one of ${values.join(', ')}`)
    for (const [at, role] of administrators.entries())
      if (!values.includes(role)) say([...path, 'administrators', at], `must be one of ${values.join(', ')}`)
    if (values.filter((role) => !administrators.includes(role) && role !== strongest).length < 2)
      say([...path, 'values'], 'must have two roles that are neither the strongest nor of administrators')
  }
  if (saml.groups !== undefined) {
    const source = attribute(['saml', 'groups', 'attribute'], saml.groups.attribute)
    if (source !== undefined && !isOfUser(source.value))
      say(['saml', 'groups', 'attribute'], `must be filled from one attribute of the user, and is from ${source.value}`)
    if (source?.list === false) say(['saml', 'groups', 'attribute'], 'must be a list (list: true)')
  }
  return found
}

const isOfUser = (value: string): boolean => /^user\.\w+$/.test(value)
