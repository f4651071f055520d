/** Reading and changing the provisioning settings of an application, which the control API replaces as a whole. */
import type { AppAttribute } from '../../../mock-idp/admin/profile-shapes.ts'
import type { Provisioning } from '../../../mock-idp/admin/provisioning-shapes.ts'
import type { Application } from '../../../mock-idp/admin/schema.ts'
import type { VerbContext } from './verb.ts'

/** Changes the settings, and returns them as they are then. */
export const changeSettings = async (
  { org }: Pick<VerbContext, 'org'>,
  { id }: Pick<Application, 'id'>,
  change: (settings: Provisioning) => Provisioning,
): Promise<Provisioning> => org.provisioning.set(id, change(await org.provisioning.get(id)))

/** Base attributes of every application, and the custom ones. */
export const appAttributes = async ({ attributes }: Provisioning): Promise<AppAttribute[]> => {
  const { baseAttributes } = await import('../../../mock-idp/directory/base-attributes.ts')
  return [...baseAttributes.filter(({ name }) => !attributes.some((own) => own.name === name)), ...attributes]
}

/** The list with this one in place of that of the same name, or at its end. */
export const withOne = <T>(list: readonly T[], one: T, nameOf: (item: T) => string): T[] =>
  list.some((item) => nameOf(item) === nameOf(one))
    ? list.map((item) => (nameOf(item) === nameOf(one) ? one : item))
    : [...list, one]
