import type { Keyword, RequirementKind } from '../contract.ts'
import type { Declaration } from './declaration.ts'

/** One sentence that service providers of every kind promise alike; a template has the Rule of this name. */
export interface SharedRule {
  /** As templates name it. */
  name: string
  /** What stands in the id of the requirement, for ever: `JIT-01`. */
  number: string
  area: 'saml' | 'jit' | 'roles' | 'groups' | 'refusals' | 'scim'
  statement(declared: Declaration): string
  hint: string
  violation: string
  keyword?: Keyword
  kind?: RequirementKind
  /** Whether the declaration promises it. */
  promised(declared: Declaration): boolean
}

type Saml = NonNullable<Declaration['saml']>

const withSaml =
  (test: (saml: Saml) => boolean) =>
  ({ saml }: Declaration): boolean =>
    saml !== undefined && test(saml)
const withScim = ({ scim }: Declaration): boolean => scim !== undefined
const jit = (test: (saml: Saml) => boolean = () => true) => withSaml((saml) => saml.creates && test(saml))

const mandatoryOf = (saml: Saml): string[] =>
  saml.attributes.filter(({ mandatory }) => mandatory).map(({ name }) => name)
const list = (names: readonly string[]): string => names.join(', ')
const saysNames = (saml: Saml): boolean =>
  saml.attributes.some(({ value }) => /\buser\.(firstName|lastName)\b/.test(value))

/** In the order in which a report shows them. */
export const sharedRules: readonly SharedRule[] = [
  {
    name: 'audience',
    number: 'SAML-01',
    area: 'saml',
    statement: () => 'Only an assertion for this service provider is accepted.',
    hint: 'Compare every Audience with your entity ID, exactly.',
    violation: 'The audience is not looked at.',
    promised: withSaml(() => true),
  },
  {
    name: 'addressee',
    number: 'SAML-02',
    area: 'saml',
    statement: () => 'Only a Response that is addressed to this ACS is accepted.',
    hint: 'Compare Destination and Recipient with the URL where the message arrived.',
    violation: 'Destination or Recipient is not looked at.',
    promised: withSaml(() => true),
  },
  {
    name: 'trust',
    number: 'SAML-03',
    area: 'saml',
    statement: () => 'Only what the configured identity provider has signed is accepted.',
    hint: 'Verify the signature with the key of the metadata, and read nothing that it does not cover.',
    violation: 'An unsigned, foreign or altered assertion is accepted.',
    promised: withSaml(() => true),
  },
  {
    name: 'leaver',
    number: 'SAML-04',
    area: 'saml',
    statement: () => 'Who gets no assertion now is not let in: nothing old, early, expired or used is accepted.',
    hint: 'Check the times of Conditions and SubjectConfirmationData, and remember used IDs until they expire.',
    violation: 'An expired, early or replayed assertion is accepted.',
    promised: withSaml(() => true),
  },
  {
    name: 'status',
    number: 'SAML-05',
    area: 'saml',
    statement: () => 'A Response whose Status is no success logs nobody in.',
    hint: 'Look at the Status before anything else.',
    violation: 'The Status is not looked at.',
    promised: withSaml(() => true),
  },
  {
    name: 'create',
    number: 'JIT-01',
    area: 'jit',
    statement: () => 'The first login of somebody unknown makes the account and logs them in.',
    hint: 'Create the account and the session in one step: both or neither.',
    violation: 'An account must be made first, or the first login fails.',
    promised: jit(),
  },
  {
    name: 'exact',
    number: 'JIT-02',
    area: 'jit',
    statement: () => 'A new account has exactly the name, the address and the role of the assertion.',
    hint: 'Store the values as they were sent.',
    violation: 'A name is cut, or a role replaced.',
    promised: jit((saml) => saysNames(saml) && saml.role !== undefined),
  },
  {
    name: 'oneAccount',
    number: 'JIT-03',
    area: 'jit',
    statement: ({ saml }) =>
      `An account is found by ${saml?.key === 'nameId' ? 'the e-mail address in the NameID' : saml?.key}: a second login never makes a second one.`,
    hint: 'Look the account up by its key and nothing else.',
    violation: 'A second login makes a second account.',
    promised: jit(saysNames),
  },
  {
    name: 'mandatoryFirst',
    number: 'JIT-04',
    area: 'jit',
    statement: ({ saml }) => `Without ${list(mandatoryOf(saml as Saml))} no account is made.`,
    hint: 'Refuse an assertion that lacks one of them, before anything is written.',
    violation: 'A half-filled account is made.',
    promised: jit((saml) => mandatoryOf(saml).length > 0),
  },
  {
    name: 'mandatoryAlways',
    number: 'JIT-05',
    area: 'jit',
    statement: ({ saml }) => `${list(mandatoryOf(saml as Saml))} must be in every login, not only in the first.`,
    hint: 'Check at each login, and change nothing where one is missing.',
    violation: 'A later login without one of them is accepted, or changes the account.',
    promised: jit((saml) => mandatoryOf(saml).length > 0),
  },
  {
    name: 'nameCase',
    number: 'JIT-06',
    area: 'jit',
    statement: () => 'Names of attributes are compared exactly.',
    hint: 'Compare without folding case: an attribute under another name is another attribute.',
    violation: 'An attribute under a name in another case counts.',
    promised: jit((saml) => mandatoryOf(saml).length > 0),
  },
  {
    name: 'updatesOfNames',
    number: 'JIT-07',
    area: 'jit',
    statement: () => 'A changed name is stored at the next login.',
    hint: 'Apply the attributes at every login.',
    violation: 'The name is stored at the first login only.',
    promised: jit((saml) => saml.updates && saysNames(saml)),
  },
  {
    name: 'roleValues',
    number: 'ROLE-01',
    area: 'roles',
    statement: ({ saml }) => `The role is one of ${list(saml?.role?.values ?? [])}, as the identity provider says.`,
    hint: 'Store the role that was asserted.',
    violation: 'The role of the identity provider is ignored.',
    promised: jit(({ role }) => role !== undefined),
  },
  {
    name: 'defaultRole',
    number: 'ROLE-02',
    area: 'roles',
    statement: ({ saml }) => `Who comes without a role is ${saml?.role?.default}.`,
    hint: 'Give the default role to new accounts without one, and never a stronger one.',
    violation: 'Another role, or none, is given.',
    promised: jit(({ role }) => role?.default !== undefined),
  },
  {
    name: 'unknownRole',
    number: 'ROLE-03',
    area: 'roles',
    statement: () => 'A role that there is not gives nobody a role that they should not have.',
    hint: 'Compare with the list of roles, exactly.',
    violation: 'An unknown role is stored, or gives the strongest one.',
    promised: jit(({ role }) => role !== undefined),
  },
  {
    name: 'oneRole',
    number: 'ROLE-04',
    area: 'roles',
    statement: () => 'A second value of the role gives nobody a stronger one.',
    hint: 'Take one value; do not choose the strongest of several.',
    violation: 'The stronger of two roles is given.',
    promised: jit(({ role }) => role !== undefined),
  },
  {
    name: 'updatesOfRoles',
    number: 'ROLE-05',
    area: 'roles',
    statement: () => 'A changed role is stored at the next login, also a weaker one.',
    hint: 'Compare the role at every login; a demotion counts as well.',
    violation: 'A demotion is ignored.',
    promised: jit(({ role }) => role?.updated === true),
  },
  {
    name: 'groupsJoined',
    number: 'GROUP-01',
    area: 'groups',
    statement: () => 'Who is named in groups that there are is a member of them after the login.',
    hint: 'Make the member in the login itself; each AttributeValue is one group.',
    violation: 'Groups are ignored, or only the first one counts.',
    promised: jit(({ groups }) => groups !== undefined),
  },
  {
    name: 'groupsMade',
    number: 'GROUP-02',
    area: 'groups',
    statement: () => 'A group that there is not is made.',
    hint: 'Make the group, once, and the membership with it.',
    violation: 'The group is passed over.',
    promised: jit(({ groups }) => groups?.created === true),
  },
  {
    name: 'groupsNotMade',
    number: 'GROUP-03',
    area: 'groups',
    statement: () => 'A group that there is not is passed over, and never made.',
    hint: 'Look groups up; make none from an assertion.',
    violation: 'A group is made from an assertion.',
    promised: jit(({ groups }) => groups?.created === false),
  },
  {
    name: 'groupsLeft',
    number: 'GROUP-04',
    area: 'groups',
    statement: () => 'Who is no longer named in a group leaves it at the next login.',
    hint: 'Compare the memberships with the assertion at each login.',
    violation: 'Memberships only ever grow.',
    promised: jit(({ groups }) => groups?.left === true),
  },
  {
    name: 'groupsAtLogin',
    number: 'GROUP-05',
    area: 'groups',
    statement: () => 'Memberships change at a login, and only then.',
    hint: 'Write memberships from verified assertions only.',
    violation: 'A membership is there before the login, or never.',
    promised: jit(({ groups }) => groups !== undefined),
  },
  {
    name: 'refusalStatus',
    number: 'REFUSAL-01',
    area: 'refusals',
    statement: ({ saml }) => `A refused login is answered with status ${saml?.refusal.status} and says what is wrong.`,
    hint: 'Answer the browser with this status and a text.',
    violation: 'Another status, or an empty page.',
    promised: withSaml(({ refusal }) => refusal.status !== undefined),
  },
  {
    name: 'errorNamed',
    number: 'REFUSAL-02',
    area: 'refusals',
    statement: () => 'A refusal names a code and a description.',
    hint: 'Let each cause have a code of its own.',
    violation: 'Every cause looks alike.',
    keyword: 'SHOULD',
    promised: jit((saml) => saml.refusal.names && mandatoryOf(saml).length > 0),
  },
  {
    name: 'noSideEffect',
    number: 'REFUSAL-03',
    area: 'refusals',
    statement: () => 'A refused login changes nothing.',
    hint: 'Write after the last check, in one transaction.',
    violation: 'An account or a group is made by a login that is refused.',
    promised: jit(),
  },
  {
    name: 'scimOpens',
    number: 'SCIM-01',
    area: 'scim',
    statement: () => 'The SCIM server opens for its credential, and for no other.',
    hint: 'Check the credential at every call.',
    violation: 'Who sends no credential, or a wrong one, is let in.',
    promised: withScim,
  },
  {
    name: 'scimSpeaks',
    number: 'SCIM-02',
    area: 'scim',
    statement: () => 'The SCIM server speaks SCIM 2.0: schemas, ListResponse, Error, media type.',
    hint: 'Answer as RFC 7643 and RFC 7644 say.',
    violation: 'Answers are JSON of another kind.',
    promised: withScim,
  },
  {
    name: 'scimCreates',
    number: 'SCIM-03',
    area: 'scim',
    statement: () => 'Whom Okta assigns has an account.',
    hint: 'Make the account in the same step as the SCIM user.',
    violation: '201 without an account.',
    promised: withScim,
  },
  {
    name: 'scimUnique',
    number: 'SCIM-04',
    area: 'scim',
    statement: ({ scim }) =>
      `${scim?.uniqueField} is unique: a lookup finds the one user or nobody, and a second one is refused.`,
    hint: 'Answer the filter from an index, and a duplicate with 409 uniqueness.',
    violation: 'The filter is ignored, or a second user is made.',
    promised: withScim,
  },
  {
    name: 'scimUpdates',
    number: 'SCIM-05',
    area: 'scim',
    statement: () => 'A changed name is pushed and stored.',
    hint: 'Write what a PUT says.',
    violation: '200 without a change.',
    promised: ({ scim }) => scim?.updates === true,
  },
  {
    name: 'scimDeactivates',
    number: 'SCIM-06',
    area: 'scim',
    statement: ({ scim }) =>
      `Who is no longer assigned is ${scim?.deactivation === 'removed' ? 'removed' : 'inactive'}, and not let in.`,
    hint: 'End the access on active: false, and the sessions with it.',
    violation: 'The access is kept.',
    promised: withScim,
  },
  {
    name: 'scimReactivates',
    number: 'SCIM-07',
    area: 'scim',
    statement: () => 'Who is assigned again has an account again, and one only.',
    hint: 'Find the inactive account, and make it active.',
    violation: 'A second account, or an error.',
    promised: withScim,
  },
  {
    name: 'scimLinks',
    number: 'SCIM-08',
    area: 'scim',
    statement: () => 'Whom the service provider has already is linked, and not made twice.',
    hint: 'Let lookups find accounts that something else made.',
    violation: 'A second account, or 409 with no way on.',
    promised: withScim,
  },
]
