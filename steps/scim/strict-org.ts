import type { OktaAttribute } from '../../mock-idp/admin/profile-shapes.ts'
import { createMockIdpClient, MockIdpError, type OrgClient } from '../../mock-idp/client.ts'
import { failed } from '../outcome.ts'
import type { IdpactWorld } from '../world.ts'

/**
 * An org of the scenario's own, whose users and groups have the attributes of Cloudinary's guide, enumerated and required.
 * The org of the run has them free: a required attribute there would be one of every scenario.
 */
const orgs = new WeakMap<IdpactWorld, OrgClient>()

export const makeStrictOrg = async (world: IdpactWorld): Promise<void> => {
  const idp = createMockIdpClient({ url: world.context.idp.url })
  const { id } = await idp.orgs.create({ id: `${world.main.names.prefix}strict` })
  world.madeOrgs.push(id)
  const org = idp.org(id)
  const environments = [world.context.parameters['productEnvironments'] ?? []].flat()
  const attributes: OktaAttribute[] = [
    {
      name: 'cld_role',
      type: 'string',
      required: true,
      enum: world.run.contract.roles.values.map((value) => ({ value })),
    },
    {
      name: 'product_environments',
      type: 'string-array',
      required: true,
      enum: environments.map((value) => ({ value })),
    },
  ]
  await org.attributes.setOfUsers(attributes)
  await org.attributes.setOfGroups(attributes)
  orgs.set(world, org)
}

export interface GuideValues {
  cld_role?: string
  product_environments?: string[]
}

/** Makes a user or a group there; the words of the refusal, if it is refused. */
const tryToMake = async (
  world: IdpactWorld,
  kind: 'user' | 'group',
  values: GuideValues,
): Promise<string | undefined> => {
  const org = orgs.get(world)
  if (org === undefined) throw new Error('A step before this one must make the org.')
  const { prefix } = world.main.names
  const login = `${prefix}strict@${world.context.users.emailDomain}`
  const made: Promise<{ id: string }> =
    kind === 'user'
      ? org.users.create({ profile: { login, email: login, ...values } })
      : org.groups.create({ profile: { name: `${prefix}strict`, ...values } })
  return made.then(
    async ({ id }) => {
      await org[kind === 'user' ? 'users' : 'groups'].remove(id)
      return undefined
    },
    (error: unknown) => {
      if (error instanceof MockIdpError) return error.message
      throw error
    },
  )
}

/** @throws StepFailure unless Okta refuses the user or the group, with words that name the attribute */
export const mustRefuseInStrictOrg = async (
  world: IdpactWorld,
  kind: 'user' | 'group',
  values: GuideValues,
  attribute: keyof GuideValues,
): Promise<void> => {
  const refusal = await tryToMake(world, kind, values)
  if (refusal?.includes(attribute)) return
  throw failed({
    code: 'not-refused-by-okta',
    expected: `Okta refuses a ${kind} with ${JSON.stringify(values)}, and names ${attribute}.`,
    actual: refusal ?? 'It took it.',
  })
}

/** @throws StepFailure unless Okta takes the user or the group */
export const mustTakeInStrictOrg = async (
  world: IdpactWorld,
  kind: 'user' | 'group',
  values: GuideValues,
): Promise<void> => {
  const refusal = await tryToMake(world, kind, values)
  if (refusal === undefined) return
  throw failed({
    code: 'refused-by-okta',
    expected: `Okta takes a ${kind} with ${JSON.stringify(values)}.`,
    actual: refusal,
  })
}
