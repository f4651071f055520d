import { afterEach, expect, test } from 'vitest'
import { scimFaults } from '../../../mock-idp/faults/scim/catalogue.ts'
import { line, type Seen } from '../scim/scim-server.ts'
import { everyAction, type Okta, startOkta } from './okta.ts'

let okta: Okta
afterEach(() => okta.close())

const core = 'urn:ietf:params:scim:schemas:core:2.0:User'

/** What is sent about a person who is assigned, put in a pushed group with two others, and unassigned. */
const sentWith = async (fault?: string, params: Record<string, string | number> = {}): Promise<Seen[]> => {
  okta = await startOkta(undefined, {
    persona: 'okta-oin',
    actions: everyAction,
    attributes: [{ name: 'role', externalNamespace: core }],
    mappings: [{ attribute: 'role', expression: 'user.role' }],
  })
  const { org, app, assigned, person, group, sp } = okta
  const ada = await person('ada', { role: 'admin' })
  const [bob, carl] = [await assigned('bob'), await assigned('carl')]
  sp.taken()
  if (fault !== undefined) await org.scimFaults.arm(app.id, { fault, params })
  await org.applications.assignUser(app.id, ada.id)
  await org.tasks.idle()
  const team = await group('Team', ada, bob, carl)
  await org.pushedGroups.push(app.id, { groupId: team.id })
  await org.tasks.idle()
  await org.users.update(ada.id, { profile: { lastName: 'King' } })
  await org.tasks.idle()
  await org.applications.unassignUser(app.id, ada.id)
  await org.tasks.idle()
  if (fault !== undefined) expect(await org.scimFaults.list(app.id)).toEqual([])
  return sp.taken()
}

const anonymous = (requests: readonly Seen[]): string[] =>
  requests.map((one) => line(one).replaceAll(/[0-9a-f]{8}-[\w-]{27}/g, '…'))
const first = (requests: readonly Seen[], method: string, path: string): Seen | undefined =>
  requests.find((one) => one.method === method && one.url.includes(path))

test('without a fault, nothing is different', async () => {
  expect(anonymous(await sentWith())).toEqual([
    ...['GET /Users?filter=userName%20eq%20%22ada%40example.test%22&startIndex=1&count=100', 'POST /Users'],
    ...['GET /Groups?filter=displayName%20eq%20%22Team%22&startIndex=1&count=100', 'POST /Groups'],
    ...['PATCH /Groups/…', 'PATCH /Groups/…', 'GET /Users/…', 'PUT /Users/…', 'PATCH /Users/…'],
    ...['PATCH /Groups/…', 'PATCH /Groups/…'],
  ])
})

const spoiled: Record<string, (requests: Seen[]) => void> = {
  'create-sent-twice': (all) =>
    expect(all.filter((one) => one.method === 'POST' && one.url.endsWith('/Users'))).toHaveLength(2),
  'missing-required-attribute': (all) => expect(first(all, 'POST', '/Users')?.body).not.toHaveProperty('userName'),
  'unknown-role': (all) => expect(first(all, 'POST', '/Users')?.body).toHaveProperty('role', 'no_such_role'),
  'unknown-product-environment': (all) =>
    expect(first(all, 'POST', '/Users')?.body).toHaveProperty('product_environments', ['no-such-environment']),
  'nested-custom-attributes': (all) => {
    expect(first(all, 'POST', '/Users')?.body).toHaveProperty([core], { role: 'admin' })
    expect(first(all, 'POST', '/Users')?.body).not.toHaveProperty('role')
  },
  'deactivated-user-pushed-again': (all) =>
    expect(anonymous(all).filter((one) => one === 'PATCH /Users/…')).toHaveLength(2),
  'members-in-two-requests': (all) => {
    const added = all.flatMap(({ body }) =>
      ((body as { Operations?: { op: string; value: unknown[] }[] })?.Operations ?? [])
        .filter(({ op }) => op === 'add')
        .map(({ value }) => value.length),
    )
    expect(added).toEqual([2, 1])
  },
  'unknown-members': (all) => expect(JSON.stringify(all)).toContain('"value":"no-such-user-00000000"'),
  'huge-group': (all) => {
    const sizes = all.map(
      ({ body }) => (body as { Operations?: { value?: unknown[] }[] })?.Operations?.at(-1)?.value?.length,
    )
    expect(sizes).toContain(10_000)
  },
  'wrong-media-type': (all) =>
    expect(first(all, 'POST', '/Users')?.headers).toHaveProperty('content-type', 'text/plain'),
  'malformed-json': (all) => expect(first(all, 'POST', '/Users')?.body).toEqual(expect.stringMatching(/^\{"schemas"/)),
  'stale-update': (all) => expect(first(all, 'PUT', '/Users')?.headers).toHaveProperty('if-match'),
  'no-token': (all) => expect(first(all, 'POST', '/Users')?.headers).not.toHaveProperty('authorization'),
  'wrong-token': (all) =>
    expect(first(all, 'POST', '/Users')?.headers).toHaveProperty('authorization', 'Bearer nobody-issued-this-token'),
  'other-token': (all) => expect(first(all, 'POST', '/Users')?.headers).toHaveProperty('authorization', 'Bearer t0ken'),
}

test.each(scimFaults.map(({ id, parameters }) => [id, parameters?.['token'] ? { token: 't0ken' } : {}] as const))(
  '%s spoils one request, and is gone',
  async (id, params) => {
    const requests = await sentWith(id, params)
    expect(spoiled, `the test knows ${id}`).toHaveProperty([id])
    spoiled[id]?.(requests)
  },
)

test('a fault that does not exist, or with wrong parameters, is refused when it is armed', async () => {
  okta = await startOkta()
  const { org, app } = okta
  await expect(org.scimFaults.arm(app.id, { fault: 'unknown-rolle' })).rejects.toMatchObject({
    code: 'unknown-fault',
    hint: expect.stringMatching(/Did you mean unknown-role\?/),
  })
  await expect(org.scimFaults.arm(app.id, { fault: 'other-token' })).rejects.toMatchObject({
    code: 'missing-fault-parameter',
  })
})
