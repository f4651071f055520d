import type { ScimClient, ScimResource } from './client.ts'
import { isObject, type Json } from './external-name.ts'
import { badAnswer } from './scim-failure.ts'
import { mergedUserResource, type UserProfile } from './user-resource.ts'

/**
 * The user of the SP that a user of Okta is: looked up before every create. More than one, or one that is not who was
 * asked for, is refused: the SP does not filter, and to link what it answered would be to take over somebody's account.
 *
 * @param field the unique field: `userName`, or what the SP is documented to look people up by
 * @throws ScimFailure `bad-answer`
 */
export const findUser = async (client: ScimClient, field: string, value: string): Promise<ScimResource | undefined> => {
  const { totalResults, resources } = await client.find('Users', field, value)
  const [found, ...others] = resources
  if (found === undefined) return undefined
  if (others.length > 0 || totalResults > 1)
    throw badAnswer(
      `GET /Users for ${field} eq ${JSON.stringify(value)} found ${Math.max(totalResults, resources.length)} users; expected one at most`,
      'The server ignores the filter, or has two users with one value.',
    )
  const answered = valuesAt(found.resource, field)
  if (!answered.some((one) => one.toLowerCase() === value.toLowerCase()))
    throw badAnswer(
      `GET /Users for ${field} eq ${JSON.stringify(value)} found ${answered.length === 0 ? `a user without ${field}` : `the user with ${field} ${JSON.stringify(answered[0])}`}`,
      'The server ignores the filter.',
    )
  return found
}

/** What a user has in a field: names of attributes in any case (RFC 7643 2.1), `email` and `emails` as the addresses. */
const valuesAt = (resource: Json, field: string): string[] => {
  const [wanted = '', ...inner] = field.toLowerCase().split('.')
  const name = wanted === 'email' ? 'emails' : wanted
  const value = Object.entries(resource).find(([key]) => key.toLowerCase() === name)?.[1]
  const parts = [value].flat().flatMap((one) => {
    if (!isObject(one)) return [one]
    const sub = inner[0] ?? 'value'
    return [Object.entries(one).find(([key]) => key.toLowerCase() === sub)?.[1]]
  })
  return parts.filter((one) => typeof one === 'string')
}

/** A profile push: GET, merge, PUT. `active` stays as the SP has it. */
export const updateUser = async (
  client: ScimClient,
  id: string,
  profile: UserProfile,
  before: readonly string[],
): Promise<void> => {
  await client.put('Users', id, mergedUserResource(await client.get('Users', id), profile, before))
}

/** Deactivates or reactivates: the whole resource by PUT, or one PATCH without a path. */
export const setActive = (client: ScimClient, id: string, active: boolean): Promise<void> =>
  change(client, id, client.persona.activation, { active })

/** Sync Password. */
export const setPassword = (client: ScimClient, id: string, password: string): Promise<void> =>
  change(client, id, client.persona.password, { password })

const change = async (client: ScimClient, id: string, how: 'put' | 'patch', value: Json): Promise<void> => {
  if (how === 'patch') await client.patch('Users', id, [{ op: 'replace', value }])
  else await client.put('Users', id, { ...(await client.get('Users', id)), ...value })
}

/** Whether the SP says that the user may log in. A user without `active` is active (RFC 7643 4.1.1 leaves it open). */
export const isActive = (resource: unknown): boolean => !isObject(resource) || resource['active'] !== false
