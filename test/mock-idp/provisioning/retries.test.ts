import { afterEach, expect, test } from 'vitest'
import type { Answer, Seen } from '../scim/scim-server.ts'
import { type Okta, startOkta } from './okta.ts'

let okta: Okta
afterEach(() => okta.close())

const creating = ({ method, url }: Seen) => method === 'POST' && url.endsWith('/Users')

/** Answers to creates, one after the other; then the server does what it should. */
const withAnswers = async (...answers: (Answer | 'reset')[]) => {
  okta = await startOkta((request) => (creating(request) ? answers.shift() : undefined))
  return okta
}

const limited = (retryAfter?: string): Answer => ({
  status: 429,
  ...(retryAfter !== undefined && { headers: { 'retry-after': retryAfter } }),
  body: { detail: 'slow down' },
})

test('429 waits for Retry-After on the clock of the application', async () => {
  const { org, app, assigned, userAt } = await withAnswers(limited('30'))
  await assigned('ada')
  expect(await org.tasks.idle()).toMatchObject({ waiting: 1, failed: 0 })
  expect(await org.tasks.advance(app.id, 29_000)).toMatchObject({ waiting: 1 })
  expect(userAt('ada')).toBeUndefined()
  expect(await org.tasks.advance(app.id, 1_500)).toMatchObject({ waiting: 0, failed: 0 })
  expect(userAt('ada')).toBeDefined()
})

test.each([[undefined], ['Wed, 21 Oct 2026 07:28:00 GMT'], ['1.5'], ['-3']])(
  'Retry-After %j: five minutes, then doubled',
  async (header) => {
    const { org, app, assigned, userAt } = await withAnswers(limited(header), limited(header))
    await assigned('ada')
    expect(await org.tasks.advance(app.id, 299_000)).toMatchObject({ waiting: 1 })
    await org.tasks.advance(app.id, 1_100)
    expect(await org.tasks.advance(app.id, 599_000)).toMatchObject({ waiting: 1 })
    expect(userAt('ada')).toBeUndefined()
    await org.tasks.advance(app.id, 1_100)
    expect(userAt('ada')).toBeDefined()
  },
)

test('ten times, then it is failed and a person may retry it', async () => {
  const { org, app, assigned, userAt } = await withAnswers(...Array.from({ length: 10 }, () => limited('1')))
  await assigned('ada')
  for (let i = 0; i < 9; i++) await org.tasks.advance(app.id, 2_000)
  const [task] = await org.tasks.list()
  expect(task).toMatchObject({
    state: 'failed',
    attempts: 10,
    problem: expect.stringMatching(/429 "slow down", 10 times in a row/),
  })
  await org.tasks.retry(task?.id ?? '')
  await org.tasks.idle()
  expect(userAt('ada')).toBeDefined()
})

test('Retry-After: 999999 is not waited for', async () => {
  const { org, assigned } = await withAnswers(limited('999999'))
  await assigned('ada')
  expect(await org.tasks.list()).toMatchObject([
    { state: 'failed', problem: expect.stringMatching(/Retry-After: 999999; more than a day is not waited for/) },
  ])
})

test.each([
  [{ status: 500, body: 'oops' }, /answered 500 "oops"/],
  ['reset', /got no answer from/],
  [{ status: 400, body: { scimType: 'invalidValue', detail: 'no such role' } }, /400 invalidValue: "no such role"/],
  [{ status: 409, body: { scimType: 'uniqueness', detail: 'taken' } }, /409 uniqueness: "taken"/],
  [{ status: 201 }, /201 with an empty body/],
] as const)('%j is not retried by itself; the rest goes on', async (answer, problem) => {
  const { org, app, assigned, userAt } = await withAnswers(answer)
  await assigned('ada')
  await assigned('bob')
  expect(userAt('bob')).toBeDefined()
  await org.tasks.advance(app.id, 86_400_000)
  const [task, ...more] = await org.tasks.list()
  expect(more).toEqual([])
  expect(task).toMatchObject({
    kind: 'provision',
    state: 'failed',
    attempts: 1,
    problem: expect.stringMatching(problem),
  })
  await org.tasks.retry(task?.id ?? '')
  expect(await org.tasks.idle()).toEqual({ busy: 0, waiting: 0, blocked: 0, failed: 0 })
  expect(userAt('ada')).toBeDefined()
})

test('a create whose answer was lost is not made twice', async () => {
  let lost = true
  okta = await startOkta((request) => {
    if (!creating(request) || !lost) return undefined
    lost = false
    okta.sp.users.set('made', { ...(request.body as object), id: 'made' })
    return 'reset'
  })
  await okta.assigned('ada')
  const [task] = await okta.org.tasks.list()
  await okta.org.tasks.retry(task?.id ?? '')
  await okta.org.tasks.idle()
  expect([...okta.sp.users.keys()]).toEqual(['made'])
})

test('one application waits, another does not', async () => {
  const { org, sp, assigned, person } = await withAnswers(limited('30'))
  const other = await org.applications.create({
    label: 'Other',
    saml: { ssoUrl: `${sp.origin}/other`, audience: `${sp.origin}/other` },
  })
  await org.provisioning.set(other.id, { actions: { createUsers: true } })
  await assigned('ada')
  await org.applications.assignUser(other.id, (await person('bob')).id)
  await org.tasks.idle()
  expect(await org.tasks.advance(other.id, 60_000)).toMatchObject({ waiting: 0 })
  expect(await org.tasks.list()).toMatchObject([{ state: 'waiting' }])
  expect(sp.userNamed('bob@example.test')).toBeDefined()
})
