import type { JournalEntry } from '../../mock-idp/admin/schema.ts'
import { failed } from '../outcome.ts'
import type { IdpactWorld } from '../world.ts'
import { idle, provisioningApp } from './application.ts'

/** What the SCIM client sent: the journal of the mock Okta is the witness, also of what was not sent. */

export interface Sent {
  method: string
  /** Below the base URL, without the query. */
  path: string
  query: string
  status: number | undefined
  body: unknown
  userId: string | undefined
}

const toSent = ({ details, userId }: JournalEntry): Sent => {
  const [path = '', query = ''] = String(details['path']).split('?')
  const status = details['status']
  return {
    method: String(details['method']),
    ...{ path, query },
    status: typeof status === 'number' ? status : undefined,
    body: details['request'],
    userId,
  }
}

const marks = new WeakMap<IdpactWorld, number>()

/** Everything that the scenario's application sent since the last look, once nothing is queued any more. */
export const sentSince = async (world: IdpactWorld, { keep = false } = {}): Promise<Sent[]> => {
  const applicationId = await provisioningApp(world)
  await idle(world)
  const since = marks.get(world) ?? world.context.idp.journalSince ?? 0
  const { entries, next } = await world.run.org.journal.read({ since, applicationId })
  if (!keep) marks.set(world, next)
  return entries.filter(({ kind }) => kind === 'scim-request').map(toSent)
}

/** From here on. */
export const forgetSent = async (world: IdpactWorld): Promise<void> => void (await sentSince(world))

/** `POST /Users`, `PUT /Users/{id}`: as scenarios write requests. */
export const shapeOf = ({ method, path, query }: Sent): string => {
  const [, type = '', id] = path.split('/')
  return `${method} /${type}${id === undefined ? (query.includes('filter=') ? '?filter' : '') : '/{id}'}`
}

/** @throws StepFailure unless these requests were sent since the last look, in this order */
export const mustHaveSent = async (world: IdpactWorld, expected: readonly string[]): Promise<void> => {
  const actual = (await sentSince(world)).map(shapeOf)
  if (JSON.stringify(actual) === JSON.stringify(expected)) return
  throw failed({
    code: 'other-requests',
    expected: `Okta sends ${expected.join(', ') || 'nothing'}.`,
    actual: `It sent ${actual.join(', ') || 'nothing'}.`,
  })
}

/** @throws StepFailure if a request was sent whose shape begins so */
export const mustNotHaveSent = async (world: IdpactWorld, start: string): Promise<void> => {
  const found = (await sentSince(world, { keep: true })).map(shapeOf).filter((shape) => shape.startsWith(start))
  if (found.length === 0) return
  throw failed({
    code: 'sent-too-much',
    expected: `Okta sends nothing that begins with ${start}.`,
    actual: `It sent ${found.join(', ')}.`,
  })
}
