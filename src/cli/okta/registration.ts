import { UsageError } from '../../core/errors.ts'
import { findApplication } from './find.ts'
import { option, type VerbContext } from './verb.ts'

/** The SCIM connection belongs to a registration, which an administrator finds by its application. */
export interface RegistrationOptions {
  registration?: string
  app?: string
}

export const registrationOptions = () => [
  option('--app <label-or-id>', 'whose connection (default: the one that all applications share)'),
  option('--registration <id>', 'whose connection, by the registration'),
]

/**
 * The id of the registration; undefined for the org's first one.
 *
 * @throws UsageError `which-application` where the applications do not all share one
 */
export const registrationOf = async (
  org: VerbContext['org'],
  { registration, app }: RegistrationOptions,
): Promise<string | undefined> => {
  if (registration !== undefined) return registration
  if (app !== undefined) return (await findApplication(org, app)).registrationId
  const all = await org.applications.list()
  const [id, second] = new Set(all.map(({ registrationId }) => registrationId))
  if (second === undefined) return id
  throw new UsageError(`The applications of the org "${org.id}" have several connections, and none was named`, {
    code: 'which-application',
    hint: `Name an application with --app: ${all.map(({ label }) => label).join(', ')}.`,
  })
}
