import { groupNamespace, type PatchOperation, type ScimClient } from './client.ts'
import type { Json } from './external-name.ts'
import { badAnswer } from './scim-failure.ts'

/** A member as Okta sends it. */
export interface Member {
  /** The SP's id. */
  value: string
  display: string
}

export const findGroup = async (client: ScimClient, name: string): Promise<string | undefined> => {
  const { resources } = await client.find('Groups', 'displayName', name)
  const [found, ...others] = resources
  if (found === undefined) return undefined
  const answered = found.resource['displayName']
  if (others.length > 0 || String(answered ?? '').toLowerCase() !== name.toLowerCase())
    throw badAnswer(
      `GET /Groups for displayName eq ${JSON.stringify(name)} found ${others.length > 0 ? `${resources.length} groups` : `the group ${JSON.stringify(answered)}`}; expected that one at most`,
      'The server ignores the filter, or has two groups of one name.',
    )
  return found.id
}

/** Without members: they follow with the first membership update. */
export const createGroup = async (client: ScimClient, name: string): Promise<string> =>
  (await client.create('Groups', { schemas: [groupNamespace], displayName: name, members: [] })).id

/**
 * The full list: "Push Now", and what the wizard's applications send at every change.
 */
export const replaceMembers = async (
  client: ScimClient,
  id: string,
  name: string,
  members: readonly Member[],
): Promise<void> => {
  if (client.persona.groups === 'put') return putGroup(client, id, name, members)
  await rename(client, id, name)
  const empty = members.length === 0 && client.persona.emptyGroup === 'no-path'
  await client.patch('Groups', id, [
    empty
      ? { op: 'replace', value: { members: [], id, displayName: name } }
      : { op: 'replace', path: 'members', value: members },
  ])
}

/** What has changed since the SP was last told. */
export interface MemberChange {
  /** SP's ids of those who left. */
  lost: readonly string[]
  gained: readonly Member[]
  /** All who are members now. */
  all: readonly Member[]
}

/** A rename and a change of membership; the name is sent with every membership update, as Okta does. */
export const updateGroup = async (
  client: ScimClient,
  id: string,
  name: string,
  { lost, gained, all }: MemberChange,
): Promise<void> => {
  if (client.persona.groups === 'put') return putGroup(client, id, name, all)
  await rename(client, id, name)
  for (const operations of batches(lost, gained, client.persona.memberBatch))
    await client.patch('Groups', id, operations)
}

const putGroup = async (client: ScimClient, id: string, name: string, members: readonly Member[]): Promise<void> => {
  await client.get('Groups', id)
  const body: Json = { schemas: [groupNamespace], id, displayName: name, members }
  await client.put('Groups', id, body)
}

export const rename = (client: ScimClient, id: string, name: string): Promise<void> =>
  client.persona.groups === 'put'
    ? renameByPut(client, id, name)
    : client.patch('Groups', id, [{ op: 'replace', value: { id, displayName: name } }])

const renameByPut = async (client: ScimClient, id: string, name: string): Promise<void> => {
  await client.put('Groups', id, { ...(await client.get('Groups', id)), displayName: name })
}

/** Removals one by one, then one `add` of all who are new; no more members in one message than the persona sends. */
const batches = (lost: readonly string[], gained: readonly Member[], size: number): PatchOperation[][] => {
  const out: PatchOperation[][] = []
  for (let at = 0; at < lost.length + gained.length; at += size) {
    const removed = lost.slice(at, at + size)
    const added = gained.slice(Math.max(0, at - lost.length), Math.max(0, at - lost.length + size))
    out.push([
      ...removed.map((id): PatchOperation => ({ op: 'remove', path: `members[value eq ${JSON.stringify(id)}]` })),
      ...(added.length > 0 ? [{ op: 'add' as const, path: 'members', value: added }] : []),
    ])
  }
  return out
}

export const deleteGroup = (client: ScimClient, id: string): Promise<void> => client.delete('Groups', id)
