import type { AssertedAttribute } from '../saml/assertion.ts'
import type { Sp } from '../sp.ts'
import type { GroupMapping, TeamRole } from '../store/group-mappings.ts'
import type { User } from '../store/users.ts'

/**
 * Makes the member a member of the teams that an asserted group leads to, and of no other mapped team.
 *
 * @returns how many teams that is
 */
export const syncGroups = (sp: Sp, user: User, attributes: readonly AssertedAttribute[]): number => {
  const { saml, groupSync } = sp.store.settings.read()
  const rules = sp.rules()
  if (!groupSync || !saml.enabled) return 0
  if (rules.csmSyncsWithoutLogin()) remember(sp, user, attributes)
  if (rules.csmMakesTeams()) makeTeams(sp, attributes)
  const mappings = sp.store.groupMappings.list()
  const fitting = rules.csmFitting(
    mappings.filter((mapping) => attributes.some((attribute) => rules.csmFits(mapping, attribute))),
  )
  const wanted = rolesByTeam(fitting)
  for (const [team, role] of wanted)
    if (rules.csmSyncs() && rules.csmJoinsAtOnce()) sp.store.groups.addMember(team, user.id, role)
  if (rules.csmLeaves(attributes))
    for (const { groupId } of mappings) if (!wanted.has(groupId)) sp.store.groups.removeMember(groupId, user.id)
  return wanted.size
}

/** Of two roles in one team, Manager wins. */
const rolesByTeam = (mappings: readonly GroupMapping[]): Map<string, TeamRole> => {
  const roles = new Map<string, TeamRole>()
  for (const { groupId, role } of mappings) if (roles.get(groupId) !== 'Manager') roles.set(groupId, role)
  return roles
}

/** Only with a defect: every text that is no name of a person is taken for a group. */
const makeTeams = (sp: Sp, attributes: readonly AssertedAttribute[]): void => {
  const groups = attributes.filter(({ name }) => name !== 'FirstName' && name !== 'LastName')
  for (const value of groups.flatMap(({ values }) => values))
    if (value !== '' && sp.store.groups.findByName(value) === undefined) sp.store.groups.create(value)
}

/** Only with a defect: what each member's last assertion said. */
const remembered = new WeakMap<Sp, Map<string, readonly AssertedAttribute[]>>()

const remember = (sp: Sp, user: User, attributes: readonly AssertedAttribute[]): void => {
  const known = remembered.get(sp) ?? new Map()
  remembered.set(sp, known.set(user.id, attributes))
}

/** Only with a defect: a new mapping is applied to whom an earlier assertion would have led there. */
export const syncByMemory = (sp: Sp, mapping: GroupMapping): void => {
  for (const [userId, attributes] of remembered.get(sp) ?? [])
    if (attributes.some((attribute) => sp.rules().csmFits(mapping, attribute)))
      sp.store.groups.addMember(mapping.groupId, userId, mapping.role)
}
