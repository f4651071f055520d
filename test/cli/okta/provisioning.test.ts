import { describe, expect, it } from 'vitest'
import type { Task } from '../../../mock-idp/admin/provisioning-shapes.ts'
import { double } from './engine-double.ts'
import { startOkta } from './start.ts'

const on = ['create-users', 'update-users', 'deactivate-users', 'push-groups', 'import-users']

describe('idpact okta provisioning', () => {
  it('turns actions on and off, and changes the other settings one by one', async () => {
    const { okta, org, app, attempt } = await startOkta()
    await okta('provisioning', 'on', 'create-users', 'sync-password')
    await okta('provisioning', 'off', 'sync-password')
    await okta('provisioning', 'set', '--persona', 'okta-oin', '--username', 'user.email', '--rename-linked-groups')
    const settings = await org.provisioning.get(app.id)
    expect(settings).toMatchObject({
      persona: 'okta-oin',
      userName: 'user.email',
      uniqueField: 'userName',
      renameLinkedGroups: true,
      actions: { createUsers: true, syncPassword: false, pushGroups: false },
    })
    await okta('provisioning', 'set', '--no-username', '--unique-field', 'externalId', '--no-rename-linked-groups')
    const after = await org.provisioning.get(app.id)
    expect(after).toMatchObject({ persona: 'okta-oin', uniqueField: 'externalId', renameLinkedGroups: false })
    expect(after).not.toHaveProperty('userName')
    expect(await okta('provisioning', 'show')).toMatch(/^create-users +on\nupdate-users +off$/m)
    const { code, stderr } = await attempt(['okta', 'provisioning', 'on', 'create-user'])
    expect(code).toBe(2)
    expect(stderr).toMatch(/Did you mean create-users\? Allowed: create-users, update-users/)
  })

  it('pushes those who were assigned before', async () => {
    const { okta, json, attempt } = await startOkta()
    await okta('assign', 'user', 'ada@example.test')
    expect((await attempt(['okta', 'provisioning', 'provision-assigned'])).code).toBe(2)
    await okta('provisioning', 'on', 'create-users')
    expect(await json('provisioning', 'provision-assigned')).toEqual({ tasks: 1 })
    await okta('tasks', 'wait')
    expect(double.ran.map(({ kind }) => kind)).toEqual(['provision'])
  })
})

describe('idpact okta tasks', () => {
  it('are listed, waited for and tried again; exit code 3 while something failed', async () => {
    const { okta, json, attempt } = await startOkta()
    await okta('provisioning', 'on', 'create-users')
    double.end = () => ({ kind: 'failed', problem: 'The answer was 500' })
    await okta('assign', 'user', 'ada@example.test')
    expect(await attempt(['okta', 'tasks', 'wait'])).toMatchObject({
      code: 3,
      stdout: expect.stringContaining('1 failed'),
    })
    expect(await okta('tasks', 'list')).toMatch(
      /^\d+ +provision +ada@example\.test +failed +1 +– +The answer was 500$/m,
    )
    const [task] = await json<Task[]>('tasks', 'list', '--state', 'failed', '--app', 'App')
    expect(await json('tasks', 'list', '--state', 'blocked')).toEqual([])
    await okta('tasks', 'retry', task?.id ?? '')
    expect((await attempt(['okta', 'tasks', 'wait'])).code).toBe(3)
    double.end = () => ({ kind: 'done' })
    expect(await json('tasks', 'retry', '--failed')).toEqual({ retried: [task?.id] })
    expect(await okta('tasks', 'wait', '--app', 'App')).toBe('Everything is done.\n')
    expect(double.ran).toHaveLength(3)
    expect((await attempt(['okta', 'tasks', 'retry'])).stderr).toContain('--failed')
  })

  it('become due when the clock of the application is moved', async () => {
    const { okta, attempt } = await startOkta()
    await okta('provisioning', 'on', 'create-users')
    double.end = () => (double.ran.length === 1 ? { kind: 'wait', ms: 300_000, problem: '429' } : { kind: 'done' })
    await okta('assign', 'user', 'ada@example.test')
    expect(await okta('tasks', 'advance', '299s')).toContain('1 waiting')
    expect(await okta('tasks', 'advance', '1m')).toBe('Everything is done.\n')
    expect((await attempt(['okta', 'tasks', 'advance', '5'])).stderr).toContain('90s, 5m, 2h or 1d')
  })
})

describe('idpact okta push', () => {
  const group = async (...more: string[]) => {
    const started = await startOkta()
    await started.okta('provisioning', 'on', ...on)
    await started.okta('groups', 'create', 'DEV team', ...more)
    const listed = () => started.org.pushedGroups.list(started.app.id)
    return { ...started, listed }
  }

  it('adds, pushes now, deactivates, activates and unlinks', async () => {
    const { okta, listed, attempt } = await group()
    await okta('push', 'add', 'DEV team')
    await okta('tasks', 'wait')
    const pushes = double.ran.length
    await okta('push', 'now', 'DEV team')
    await okta('tasks', 'wait')
    expect(double.ran.slice(pushes).map(({ kind }) => kind)).toEqual(['push-group'])
    await okta('push', 'deactivate', 'dev team')
    expect(await listed()).toMatchObject([{ name: 'DEV team', status: 'INACTIVE' }])
    expect(await okta('push', 'list')).toMatch(/^DEV team +INACTIVE +– +name +–$/m)
    expect((await attempt(['okta', 'push', 'now', 'DEV team'])).code).toBe(2)
    await okta('push', 'activate', 'DEV team')
    expect(await listed()).not.toMatchObject([{ status: 'INACTIVE' }])
    expect(await attempt(['okta', 'push', 'unlink', 'DEV team'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--delete or --keep'),
    })
    expect((await attempt(['okta', 'push', 'unlink', 'DEV team', '--delete', '--keep'])).code).toBe(2)
    await okta('push', 'unlink', 'DEV team', '--keep')
    expect(await listed()).toEqual([])
    expect((await attempt(['okta', 'push', 'now', 'DEV team'])).stderr).toContain('No group is pushed to App')
  })

  it('links to a group of the service provider by its id or its name', async () => {
    const { okta, app, attempt } = await group()
    double.answer = { status: 200, headers: {}, body: { Resources: [{ id: 'g-7', displayName: 'Say "Hi"' }] } }
    expect(await okta('push', 'match', 'Say "Hi"')).toMatch(/^g-7 +Say "Hi"$/m)
    const path = new URL(double.calls[0]?.path ?? '', 'http://x')
    expect(path.searchParams.get('filter')).toBe('displayName eq "Say \\"Hi\\""')
    await okta('push', 'add', 'DEV team', '--link-to-name', 'Say "Hi"')
    expect(double.store?.pushedGroups.list(app.id)).toMatchObject([{ linkTo: 'g-7' }])
    double.answer = { status: 200, headers: {}, body: { totalResults: 0 } }
    expect(await okta('push', 'match', 'None')).toMatch(/^No match found/)
    expect((await attempt(['okta', 'push', 'add', 'DEV team', '--link-to-name', 'None'])).stderr).toContain(
      'found none',
    )
    double.answer = { status: 500, headers: {}, body: '<html>' }
    expect(await attempt(['okta', 'push', 'match', 'None'])).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('found status 500'),
    })
  })

  it('follows rules, which are turned off and removed', async () => {
    const { okta, org, app, listed, attempt } = await group()
    await okta('push-rules', 'add', 'teams', '--starts-with', 'DEV')
    expect(await org.pushedGroups.rules(app.id)).toMatchObject([
      { name: 'teams', status: 'ACTIVE', filter: { type: 'STARTS_WITH', value: 'DEV' } },
    ])
    expect(await okta('push', 'list')).toMatch(/^DEV team .* rule teams /m)
    await okta('push-rules', 'off', 'teams')
    expect(await okta('push-rules', 'list')).toMatch(/teams +INACTIVE +STARTS_WITH "DEV"$/m)
    await okta('push-rules', 'on', 'teams')
    expect(await org.pushedGroups.rules(app.id)).toMatchObject([{ status: 'ACTIVE' }])
    expect((await attempt(['okta', 'push-rules', 'remove', 'teams'])).stderr).toContain('--unlink or --keep')
    await okta('push-rules', 'remove', 'teams', '--keep')
    expect(await listed()).toHaveLength(1)
    const two = ['okta', 'push-rules', 'add', 'x', '--equals', 'a', '--regex', 'b']
    expect((await attempt(two)).stderr).toMatch(/found several.*--starts-with, --equals, --contains, --regex/s)
  })
})

describe('idpact okta import', () => {
  it('runs, shows candidates, confirms by their match, ignores', async () => {
    const { okta, json, org, attempt } = await startOkta()
    expect((await attempt(['okta', 'import', 'run'])).code).toBe(2)
    await okta('provisioning', 'on', 'import-users')
    expect(await okta('import', 'run')).toMatch(/^2 users were looked at: 2 new/)
    expect(await okta('import', 'candidates')).toMatch(
      /^ada@example\.test +EXACT +ada@example\.test +NEW .*\nnew@example\.test +NONE +– +NEW/m,
    )
    await okta('import', 'ignore', 'new@example.test')
    expect(await okta('import', 'candidates')).not.toContain('new@example.test')
    expect(await okta('import', 'candidates', '--ignored')).toMatch(/^new@example\.test .*IGNORED/m)
    const done = await json<{ action: string }[]>('import', 'confirm', 'ada@example.test', 'new@example.test')
    expect(done.map(({ action }) => action)).toEqual(['link', 'create'])
    expect((await org.users.list('new@')).map(({ profile }) => profile.firstName)).toEqual(['New'])
    expect((await attempt(['okta', 'import', 'confirm', 'ada@example.test'])).code).toBe(2)
  })

  it('takes one Okta user at a time to link to', async () => {
    const { okta, attempt, org } = await startOkta()
    await okta('provisioning', 'on', 'import-users')
    await okta('import', 'run')
    const both = ['ada@example.test', 'new@example.test', '--link', 'ada@example.test']
    expect((await attempt(['okta', 'import', 'confirm', ...both])).stderr).toContain('Expected one candidate')
    await okta('import', 'confirm', 'new@example.test', '--link', 'ada@example.test')
    expect(await org.users.list('new@')).toEqual([])
  })

  it('is scheduled', async () => {
    const { okta, org, app, attempt } = await startOkta()
    await okta('import', 'schedule', '60', '--match-on', 'email')
    expect((await org.provisioning.get(app.id)).import).toEqual({ schedule: 60, matchOn: 'email' })
    await okta('import', 'schedule', 'never')
    expect((await org.provisioning.get(app.id)).import).toEqual({ schedule: 'never', matchOn: 'email' })
    expect((await attempt(['okta', 'import', 'schedule', 'daily'])).code).toBe(2)
  })
})
