import { writePrivateJson } from '../core/private-file.ts'
import type { Surroundings } from './surroundings.ts'

/**
 * Tokens that were brought to the run and that the SP has given new ones for: only the mock IdP has these, which ends with
 * the run. They are written where `target.scim.consent.writeTo` says.
 *
 * @returns what whoever brought them should know; undefined where they are good as they were
 */
export const keepRotatedTokens = async ({
  config,
  idp,
  org,
}: Pick<Surroundings, 'config' | 'idp' | 'org'>): Promise<string | undefined> => {
  const { consent } = config.target.scim ?? {}
  if (consent?.driver !== 'tokens') return undefined
  // A run that came to no step of SCIM has set no connection.
  const now = await idp
    .org(org)
    .connection.tokens()
    .catch(() => undefined)
  if (now === undefined || now.accessToken === consent.accessToken) return undefined
  if (consent.writeTo === undefined)
    return 'The service provider gave new tokens for those of target.scim.consent, which are good no longer; the new ones end with this run. To keep them, set target.scim.consent.writeTo to the path of a file.'
  writePrivateJson(consent.writeTo, now)
  return `The service provider gave new tokens for those of target.scim.consent, which are good no longer. The new ones are in ${consent.writeTo}: bring these next time.`
}
