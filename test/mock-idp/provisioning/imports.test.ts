import { afterEach, expect, test } from 'vitest'
import { everyAction, type Okta, startOkta } from './okta.ts'

let okta: Okta
afterEach(() => okta.close())

const core = 'urn:ietf:params:scim:schemas:core:2.0:User'
const settings = {
  actions: everyAction,
  attributes: [
    { name: 'role', externalNamespace: core },
    {
      name: 'environments',
      type: 'string-array' as const,
      externalName: 'product_environments',
      externalNamespace: core,
    },
  ],
}

const started = async (more: object = {}) => {
  okta = await startOkta(undefined, { ...settings, ...more })
  return okta
}

const at = (name: string, more: object = {}) => ({
  ...{
    id: `id-${name}`,
    userName: `${name}@example.test`,
    name: { givenName: name, familyName: 'Test' },
    active: true,
  },
  ...{ emails: [{ type: 'work', value: `${name}@example.test` }], role: 'admin', product_environments: ['a', 'b'] },
  ...more,
})
const known = (...users: { id: string }[]) => {
  for (const user of users) okta.sp.users.set(user.id, user)
}

test('everybody is read, page by page; nobody is created', async () => {
  const { org, app, sent } = await started()
  known(...Array.from({ length: 205 }, (_, i) => at(`u${i}`)))
  const run = await org.imports.run(app.id)
  expect(run).toMatchObject({ scanned: 205, added: 205, updated: 0, unchanged: 0, removed: 0 })
  expect(await sent()).toEqual([
    ...[1, 101, 201].map((start) => `GET /Users?startIndex=${start}&count=100`),
    'GET /Groups?startIndex=1&count=100',
  ])
  expect(await org.imports.candidates(app.id)).toHaveLength(205)
  expect(await org.users.list('u1@')).toEqual([])
  expect(await org.imports.run(app.id)).toMatchObject({ added: 0, unchanged: 205 })
})

test('candidates match exactly, partly or not at all; inactive ones are none', async () => {
  const { org, app, person } = await started()
  const ada = await person('ada')
  await person('bob2', { firstName: 'bob' })
  known(at('ada'), at('bob'), at('carl'), at('dora', { active: false }))
  await org.imports.run(app.id)
  const found = await org.imports.candidates(app.id)
  expect(found.map(({ userName, match }) => [userName.split('@')[0], match])).toEqual([
    ['ada', 'EXACT'],
    ['bob', 'PARTIAL'],
    ['carl', 'NONE'],
  ])
  expect(found[0]).toMatchObject({ userId: ada.id, state: 'NEW', profile: { role: 'admin', environments: ['a', 'b'] } })
})

test('who is deleted while an import reads its pages is no match', async () => {
  okta = await startOkta(async ({ url }) => {
    if (url.includes('startIndex=101')) await okta.org.users.remove(ada.id)
    return undefined
  }, settings)
  const { org, app, person } = okta
  const ada = await person('ada')
  known(...Array.from({ length: 105 }, (_, i) => at(`u${i}`)), at('ada'))
  await org.imports.run(app.id)
  const found = (await org.imports.candidates(app.id)).find(({ externalId }) => externalId === 'id-ada')
  expect(found).toMatchObject({ match: 'NONE', state: 'NEW' })
  expect(found).not.toHaveProperty('userId')
})

test('confirmed as new: an Okta user, assigned; role and environments survive the next push', async () => {
  const { org, app, sent, userAt } = await started()
  known(at('ada'))
  await org.imports.run(app.id)
  await sent()
  const [candidate] = await org.imports.candidates(app.id)
  const { userId } = await org.imports.confirm(app.id, candidate?.id ?? '', { action: 'create' })
  expect(await sent()).toEqual([])
  expect(await org.users.get(userId)).toMatchObject({
    status: 'ACTIVE',
    profile: { login: 'ada@example.test', firstName: 'ada' },
  })
  await org.users.update(userId, { profile: { lastName: 'King' } })
  expect(await sent()).toEqual(['GET /Users/ada', 'PUT /Users/ada'])
  expect(userAt('ada')).toMatchObject({ role: 'admin', product_environments: ['a', 'b'], name: { familyName: 'King' } })
})

test('confirmed as a link: no second Okta user', async () => {
  const { org, app, person, sent } = await started()
  const ada = await person('ada')
  known(at('ada'))
  await org.imports.run(app.id)
  const [candidate] = await org.imports.candidates(app.id)
  expect(await org.imports.confirm(app.id, candidate?.id ?? '', { action: 'link' })).toEqual({ userId: ada.id })
  await sent()
  await org.users.update(ada.id, { profile: { lastName: 'King' } })
  expect(await sent()).toEqual(['GET /Users/ada', 'PUT /Users/ada'])
  expect(await org.users.list('ada')).toHaveLength(1)
})

test('ignored stays ignored', async () => {
  const { org, app } = await started()
  known(at('ada'))
  await org.imports.run(app.id)
  const [candidate] = await org.imports.candidates(app.id)
  await org.imports.ignore(app.id, candidate?.id ?? '')
  await org.imports.run(app.id)
  expect(await org.imports.candidates(app.id)).toMatchObject([{ state: 'IGNORED' }])
})

test('what the SP changes of a linked user comes to Okta, and is not pushed back', async () => {
  const { org, app, assigned, sent, sp } = await started()
  const ada = await assigned('ada')
  const [user] = sp.users.values()
  if (user) sp.users.set(user.id, { ...user, name: { givenName: 'Augusta', familyName: 'Test' }, role: 'reports' })
  await sent()
  expect(await org.imports.run(app.id)).toMatchObject({ scanned: 1, updated: 1, added: 0 })
  expect((await org.users.get(ada.id)).profile).toMatchObject({ firstName: 'Augusta', login: 'ada@example.test' })
  expect(await org.provisioning.profile(app.id, ada.id)).toContainEqual(
    expect.objectContaining({ attribute: 'role', value: 'reports' }),
  )
  expect((await sent()).filter((one) => !one.startsWith('GET'))).toEqual([])
})

test('scheduled: as many imports as intervals have passed, of this application only', async () => {
  const { org, app, sent } = await started({ import: { schedule: 60 } })
  known(at('ada'))
  await org.tasks.advance(app.id, 59 * 60_000)
  expect(await sent()).toEqual([])
  await org.tasks.advance(app.id, 2 * 60 * 60_000)
  expect((await sent()).filter((one) => one.startsWith('GET /Users'))).toHaveLength(2)
  expect(await org.imports.candidates(app.id)).toHaveLength(1)
})

test('an import that fails says why, and nothing is half imported', async () => {
  okta = await startOkta(({ url }) =>
    url.includes('startIndex=101') ? { status: 200, body: { totalResults: 205, Resources: [] } } : undefined,
  )
  known(...Array.from({ length: 205 }, (_, i) => at(`u${i}`)))
  const { org, app } = okta
  await expect(org.imports.run(app.id)).rejects.toThrow(/totalResults is 205, but the page from 101 has no entry/)
  expect(await org.tasks.list()).toMatchObject([{ kind: 'import', state: 'failed' }])
})
