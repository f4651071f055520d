import { afterEach, describe, expect, test } from 'vitest'
import { everyAction, type Okta, startOkta } from './okta.ts'

let okta: Okta
afterEach(() => okta.close())

describe.each(['okta', 'okta-oin'] as const)('group push, as %s', (persona) => {
  const started = async (more: object = {}) => {
    okta = await startOkta(undefined, { persona, actions: everyAction, ...more })
    return okta
  }
  const namesIn = (name: string): string[] =>
    ((okta.sp.groupNamed(name)?.['members'] ?? []) as { display: string }[])
      .map(({ display }) => display.split('@')[0] ?? '')
      .sort()
  const push = async (groupId: string, linkTo?: string) => {
    const pushed = await okta.org.pushedGroups.push(okta.app.id, { groupId, ...(linkTo !== undefined && { linkTo }) })
    await okta.org.tasks.idle()
    return pushed
  }
  const state = async () => (await okta.org.pushedGroups.list(okta.app.id)).map(({ status }) => status)

  test('creates the group with those who are assigned', async () => {
    const { assigned, person, group, sent } = await started()
    const [ada, bob, carl] = [await assigned('ada'), await assigned('bob'), await person('carl')]
    const team = await group('Team', ada, bob, carl)
    await sent()
    await push(team.id)
    expect(await sent()).toEqual([
      'GET /Groups?displayName=Team',
      'POST /Groups',
      ...(persona === 'okta' ? ['GET /Groups/Team', 'PUT /Groups/Team'] : ['PATCH /Groups/Team', 'PATCH /Groups/Team']),
    ])
    expect(namesIn('Team')).toEqual(['ada', 'bob'])
    expect(await state()).toEqual(['ACTIVE'])
  })

  test('follows who comes and goes, is assigned later, or leaves the application', async () => {
    const { org, app, assigned, person, group } = await started()
    const [ada, bob, carl] = [await assigned('ada'), await assigned('bob'), await person('carl')]
    const team = await group('Team', ada, carl)
    await push(team.id)
    await org.groups.addMember(team.id, bob.id)
    await org.tasks.idle()
    expect(namesIn('Team')).toEqual(['ada', 'bob'])
    await org.applications.assignUser(app.id, carl.id)
    await org.tasks.idle()
    expect(namesIn('Team')).toEqual(['ada', 'bob', 'carl'])
    await org.groups.removeMember(team.id, ada.id)
    await org.applications.unassignUser(app.id, bob.id)
    await org.tasks.idle()
    expect(namesIn('Team')).toEqual(['carl'])
  })

  test('a group that is assigned and pushed: its people first', async () => {
    const { org, app, person, group, sent } = await started()
    const people = await Promise.all(['ada', 'bob', 'carl'].map((name) => person(name)))
    const team = await group('Team', ...people)
    await org.applications.assignGroup(app.id, team.id)
    await push(team.id)
    const calls = await sent()
    expect(calls.lastIndexOf('POST /Users')).toBeLessThan(calls.indexOf('POST /Groups'))
    expect(namesIn('Team')).toEqual(['ada', 'bob', 'carl'])
  })

  test('links a group of the same name, and one that was chosen', async () => {
    const { org, app, assigned, group, sp } = await started()
    const ada = await assigned('ada')
    sp.groups.set('g1', { id: 'g1', displayName: 'Team', members: [{ value: 'stranger' }] })
    sp.groups.set('g2', { id: 'g2', displayName: 'Crew', members: [] })
    await push((await group('Team', ada)).id)
    await push((await group('Other', ada)).id, 'g2')
    expect([...sp.groups.keys()]).toEqual(['g1', 'g2'])
    expect(namesIn('Team')).toEqual(['ada'])
    expect(namesIn('Crew')).toEqual(['ada'])
    const [first] = await org.pushedGroups.list(app.id)
    expect(first).toMatchObject({ externalId: 'g1', status: 'ACTIVE' })
  })

  test('renames a linked group where that is wanted', async () => {
    const { assigned, group, sp } = await started({ renameLinkedGroups: true })
    const ada = await assigned('ada')
    sp.groups.set('g2', { id: 'g2', displayName: 'Crew', members: [] })
    await push((await group('Other', ada)).id, 'g2')
    expect(sp.groups.get('g2')).toMatchObject({ displayName: 'Other', members: [{ display: 'ada@example.test' }] })
  })

  test('renames', async () => {
    const { org, assigned, group } = await started()
    const team = await group('Team', await assigned('ada'))
    await push(team.id)
    await org.groups.update(team.id, { profile: { name: 'Squad' } })
    await org.tasks.idle()
    expect(okta.sp.groupNamed('Team')).toBeUndefined()
    expect(namesIn('Squad')).toEqual(['ada'])
  })

  test('push now puts right what was changed at the SP', async () => {
    const { org, app, assigned, group, sp } = await started()
    const team = await group('Team', await assigned('ada'))
    const pushed = await push(team.id)
    const [at] = sp.groups.values()
    if (at) sp.groups.set(at.id, { ...at, members: [{ value: 'x' }, { value: 'y' }] })
    await org.pushedGroups.pushNow(app.id, pushed.id)
    await org.tasks.idle()
    expect(namesIn('Team')).toEqual(['ada'])
  })

  test('deactivated it is silent while users go on; activated it is made whole', async () => {
    const { org, app, assigned, group, sent } = await started()
    const [ada, bob] = [await assigned('ada'), await assigned('bob')]
    const team = await group('Team', ada)
    const pushed = await push(team.id)
    await org.pushedGroups.setStatus(app.id, pushed.id, 'INACTIVE')
    await sent()
    await org.groups.addMember(team.id, bob.id)
    await org.users.update(ada.id, { profile: { lastName: 'King' } })
    expect(await sent()).toEqual(['GET /Users/ada', 'PUT /Users/ada'])
    expect(await state()).toEqual(['INACTIVE'])
    await org.pushedGroups.setStatus(app.id, pushed.id, 'ACTIVE')
    await org.tasks.idle()
    expect(namesIn('Team')).toEqual(['ada', 'bob'])
  })

  test('unlinked it stays at the SP, or goes; and can be linked again', async () => {
    const { org, app, assigned, group, sent, sp } = await started()
    const team = await group('Team', await assigned('ada'))
    const pushed = await push(team.id)
    await sent()
    await org.pushedGroups.unlink(app.id, pushed.id, { deleteAtSp: false })
    expect(await sent()).toEqual([])
    const again = await push(team.id)
    expect(sp.groups.size).toBe(1)
    await sent()
    await org.pushedGroups.unlink(app.id, again.id, { deleteAtSp: true })
    await sent()
    expect(sp.groups.size).toBe(0)
    await push(team.id)
    expect(namesIn('Team')).toEqual(['ada'])
  })

  test('by rule: what fits now, and later', async () => {
    const { org, app, assigned, group } = await started()
    const ada = await assigned('ada')
    await group('eng-one', ada)
    const rule = await org.pushedGroups.addRule(app.id, { name: 'Eng', filter: { type: 'STARTS_WITH', value: 'eng-' } })
    const later = await group('eng-two', ada)
    await group('ops', ada)
    await org.tasks.idle()
    expect([...okta.sp.groups.values()].map(({ displayName }) => displayName).sort()).toEqual(['eng-one', 'eng-two'])
    expect(namesIn('eng-two')).toEqual(['ada'])
    await org.groups.update(later.id, { profile: { name: 'eng-2' } })
    await org.tasks.idle()
    expect(namesIn('eng-2')).toEqual(['ada'])
    await org.pushedGroups.removeRule(app.id, rule.id, { unlinkGroups: true })
    expect(await org.pushedGroups.list(app.id)).toEqual([])
    expect(okta.sp.groups.size).toBe(2)
  })
})

test('a push that fails says so, keeps its task, and goes on when it is retried', async () => {
  let down = true
  okta = await startOkta(({ method, url }) =>
    down && method === 'POST' && url.endsWith('/Groups') ? { status: 500, body: { detail: 'no disk' } } : undefined,
  )
  const { org, app, assigned, group, sp } = okta
  const team = await group('Team', await assigned('ada'))
  await org.pushedGroups.push(app.id, { groupId: team.id })
  expect(await org.tasks.idle()).toMatchObject({ failed: 1 })
  expect(await org.pushedGroups.list(app.id)).toMatchObject([
    { status: 'ERROR', problem: 'POST /Groups was answered 500 "no disk"' },
  ])
  down = false
  const [task] = await org.tasks.list({ state: 'failed' })
  await org.tasks.retry(task?.id ?? '')
  expect(await org.tasks.idle()).toMatchObject({ failed: 0, busy: 0 })
  expect(await org.pushedGroups.list(app.id)).toMatchObject([{ status: 'ACTIVE' }])
  expect(sp.groupNamed('Team')).toMatchObject({ members: [{ display: 'ada@example.test' }] })
})
