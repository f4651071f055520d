import type { Contract, ContractAttribute, Requirement } from '../contract.ts'
import type { TemplateData } from '../template.ts'
import type { Declaration, DeclaredSaml } from './declaration.ts'
import { type SharedRule, sharedRules } from './rules.ts'

const areas = [
  { id: 'saml', title: 'What is accepted' },
  { id: 'jit', title: 'Accounts made by logins' },
  { id: 'roles', title: 'Roles' },
  { id: 'groups', title: 'Groups' },
  { id: 'refusals', title: 'Refusals' },
  { id: 'scim', title: 'SCIM' },
] as const

const partsOf = (contract: string): { id: string; version: number } => {
  const [id = '', version = '1'] = contract.split('@')
  return { id, version: Number(version) }
}

/** `my-sp` → `MY-SP-JIT-01`. */
const idOf = (declared: Declaration, { number }: SharedRule): string =>
  `${partsOf(declared.contract).id.toUpperCase()}-${number}`

const promisedBy = (declared: Declaration): SharedRule[] => sharedRules.filter((rule) => rule.promised(declared))

const requirementOf = (declared: Declaration, rule: SharedRule): Requirement => ({
  id: idOf(declared, rule),
  area: rule.area,
  statement: rule.statement(declared),
  keyword: rule.keyword ?? 'MUST',
  kind: rule.kind ?? 'sp',
  basis: 'stated',
  source: { document: declared.document, quote: rule.statement(declared) },
  hint: rule.hint,
  violation: rule.violation,
})

/** The attribute of the directory that an expression `user.department` reads. */
const directoryOf = (saml: DeclaredSaml | undefined, attribute: string | undefined): string | undefined =>
  saml?.attributes.find(({ name }) => name === attribute)?.value.match(/^user\.(\w+)$/)?.[1]

/**
 * The contract that a declaration is. It has the requirements that service providers of every kind share, as far as the
 * declaration promises them.
 *
 * @example buildContract(declarationSchema.parse({ contract: 'my-sp@1', title: 'My SP', saml: {} })).requirements[0].id // 'MY-SP-SAML-01'
 */
export const buildContract = (declared: Declaration): Contract => {
  const { saml, scim } = declared
  const requirements = promisedBy(declared).map((rule) => requirementOf(declared, rule))
  const role = directoryOf(saml, saml?.role?.attribute)
  const groups = directoryOf(saml, saml?.groups?.attribute)
  const key = saml?.key === 'nameId' ? undefined : directoryOf(saml, saml?.key)
  // What the e-mail address fills has its own place in a person.
  const username = key === 'email' || key === 'login' ? undefined : key
  return {
    ...partsOf(declared.contract),
    declared,
    title: declared.title,
    areas: areas.filter(({ id }) => requirements.some(({ area }) => area === id)),
    requirements,
    attributes: (saml?.attributes ?? []).map(
      ({ name, title = name, value, mandatory, list }): ContractAttribute => ({
        ...{ name, title, value, mandatory },
        type: list ? 'string[]' : 'string',
      }),
    ),
    directory: {
      ...(username === undefined ? {} : { username }),
      ...(role === undefined ? {} : { role }),
      ...(groups === undefined ? {} : { groups }),
    },
    roles: {
      values: saml?.role?.values ?? [],
      default: saml?.role?.default,
      strongest: saml?.role?.strongest,
      ...(saml?.role === undefined || saml.role.default !== undefined ? {} : { ordinary: rolesOf(saml.role).one }),
    },
    nameIdFormat: saml?.nameIdFormat ?? 'emailAddress',
    ...(scim === undefined
      ? {}
      : {
          scim: {
            uniqueField: scim.uniqueField,
            groups: false,
            imports: false,
            attributes: [],
            namespace: 'urn:ietf:params:scim:schemas:core:2.0:User',
            mappings: {},
          },
        }),
    settings: {
      idp: { title: 'Which identity provider is trusted', values: ['okta'], default: 'okta' },
      metadata: { title: 'How the service provider gets the metadata', values: ['inline'], default: 'inline' },
      ...(saml === undefined ? {} : { saml: { title: 'SAML login', values: ['on'], default: 'on' } }),
      ...(saml?.creates === true
        ? { provisioning: { title: 'Accounts made by logins', values: ['on'], default: 'on' } }
        : {}),
      ...(scim === undefined ? {} : { scim: { title: 'SCIM', values: ['on'], default: 'on', of: 'scim.call' } }),
    },
    expect: knobsOf(declared),
    parameters: {
      ...Object.fromEntries(
        Object.entries(declared.parameters).map(([name, { title, list }]) => [
          name,
          { title, type: list ? 'string[]' : 'string', required: true } as const,
        ]),
      ),
      ...(saml?.refusal.names === true ? errorParameters : {}),
    },
  }
}

const errorParameters = {
  errorCode: {
    title: 'Regular expression whose first group is the error code in the body of a refused login',
    type: 'string',
    required: false,
  },
  errorDescription: {
    title: 'Regular expression whose first group is the description in the body of a refused login',
    type: 'string',
    required: false,
  },
} as const

/** Choices that templates know, with what is declared as the only value where something is. */
const knobsOf = ({ saml, scim }: Declaration): Contract['expect'] => ({
  'saml.flow': {
    title: 'How scenarios that are not about it begin a login: from the app link of the IdP, or at the SP',
    values: ['idp-initiated', 'sp-initiated'],
    default: 'idp-initiated',
  },
  'saml.emptyMandatory': {
    title: 'A mandatory attribute is there but empty: refused as if it were missing, or accepted',
    values: ['reject', 'accept', 'unchecked'],
    default: 'unchecked',
  },
  ...(saml?.role === undefined
    ? {}
    : {
        'saml.unknownRole': {
          title: 'A role that there is not: the login is refused, or the default role is given',
          values: ['reject', 'default', 'unchecked'],
          default: saml.role.unknown,
        },
        'saml.multiValuedRole': {
          title: 'Two values for the role: the login is refused, or the first one counts',
          values: ['reject', 'first', 'unchecked'],
          default: 'unchecked',
        },
      }),
  ...(scim === undefined
    ? {}
    : {
        'scim.deactivation': {
          title: 'What becomes of who is deactivated: inactive, or removed',
          values: ['inactive', 'removed'],
          default: scim.deactivation,
        },
      }),
})

const rolesOf = (role: NonNullable<DeclaredSaml['role']>) => {
  const { values, strongest, administrators } = role
  const all = [...new Set([strongest, ...administrators])]
  const ordinary = values.filter((one) => !all.includes(one))
  const [one = '', other = ''] = ordinary
  const swapped = one.toUpperCase() === one ? one.toLowerCase() : one.toUpperCase()
  return {
    ...(role.default === undefined ? {} : { default: role.default }),
    ...{ strongest, one, other, ordinary, administrators: all },
    second: all[1] ?? strongest,
    least: role.default ?? ordinary.at(-1) ?? other,
    unknown: ['superuser', swapped].filter((name) => !values.includes(name)),
  }
}

/** Which template has the Rules of an area. */
const templates = {
  assertions: ['saml'],
  'just-in-time': ['jit', 'roles'],
  groups: ['groups'],
  refusals: ['refusals'],
  'scim-users': ['scim'],
} as const

/** What each template is filled with; templates of which nothing is promised are left out. */
export const featuresOfDeclaration = (declared: Declaration): { template: string; data: TemplateData }[] => {
  const promised = promisedBy(declared)
  return Object.entries(templates).flatMap(([template, of]) => {
    const rules = promised.filter(({ area }) => (of as readonly string[]).includes(area))
    return rules.length === 0 ? [] : [{ template, data: { ...shared(declared), rules: rulesData(declared, rules) } }]
  })
}

const rulesData = (declared: Declaration, rules: readonly SharedRule[]): TemplateData => {
  const dataOf = (rule: SharedRule): TemplateData => ({ id: idOf(declared, rule), statement: rule.statement(declared) })
  const named = (name: string): SharedRule[] => rules.filter((rule) => rule.name === name)
  return {
    ...Object.fromEntries(rules.map((rule) => [rule.name, dataOf(rule)])),
    updates: [
      ...named('updatesOfNames').map((rule) => ({ ...dataOf(rule), ofNames: {} })),
      ...named('updatesOfRoles').map((rule) => ({ ...dataOf(rule), ofRoles: {} })),
    ],
  }
}

const shared = (declared: Declaration): TemplateData => {
  const { saml, title } = declared
  const mandatory = (saml?.attributes ?? []).filter((one) => one.mandatory).map(({ name }) => ({ attribute: name }))
  const email = saml?.attributes.find(({ value, mandatory: must }) => value === 'user.email' && must)?.name
  const status = saml?.refusal.status
  return {
    title: title.split(':')[0] ?? title,
    mandatory,
    ...(mandatory[0] === undefined ? {} : { anyMandatory: email ?? mandatory[0].attribute }),
    ...(email === undefined ? {} : { emailAttribute: email }),
    ...(saml?.key === 'nameId' ? { identityIsNameId: {} } : {}),
    ...(saml?.role === undefined
      ? { withoutRoles: {} }
      : { roleAttribute: saml.role.attribute, roles: rolesOf(saml.role) }),
    ...(saml?.groups === undefined ? {} : { groupsAttribute: saml.groups.attribute }),
    ...(status === undefined ? {} : { refusalStatus: String(status) }),
    ...(saml === undefined ? { withoutLogin: {} } : { loginToo: {} }),
    mistakes: ['wrong-audience', 'wrong-recipient', 'expired', 'unsigned', 'wrong-key', 'request-denied'],
    mistakesWithPayload: ['wrong-audience', 'expired', 'request-denied-with-assertion'],
  }
}
