import { describe, expect, it } from 'vitest'
import { newApp } from '../../mock-idp/http/helpers.ts'
import { startOkta } from './start.ts'

describe('idpact okta users', () => {
  it('makes, changes and deletes people, with attributes of the type of their schema', async () => {
    const { okta, json, org } = await startOkta()
    await okta('attributes', 'add', 'user', 'level', '--type', 'number')
    await okta('attributes', 'add', 'user', 'remote', '--type', 'boolean')
    await okta('attributes', 'add', 'user', 'tags', '--type', 'string-array')
    const given = ['level=3', 'remote=false', 'tags=one', 'firstName=Ben=amin'].flatMap((pair) => ['-a', pair])
    const ben = await json<{ id: string }>('users', 'create', 'ben@example.test', ...given)
    const profile = { login: 'ben@example.test', email: 'ben@example.test', firstName: 'Ben=amin' }
    expect((await org.users.get(ben.id)).profile).toEqual({ ...profile, level: 3, remote: false, tags: ['one'] })
    await okta('users', 'update', 'BEN@example.test', '-a', 'level=', '-a', 'tags=a', '-a', 'tags=b')
    expect((await org.users.get(ben.id)).profile).toEqual({ ...profile, remote: false, tags: ['a', 'b'] })
    expect(await okta('users', 'show', ben.id)).toMatch(/^tags +a, b$/m)
    expect((await okta('users', 'list', 'ben')).split('\n')).toEqual([
      expect.stringMatching(/^id +login +name +status$/),
      expect.stringMatching(/^00u\w+ +ben@example\.test +Ben=amin +ACTIVE$/),
      '',
    ])
    await okta('users', 'delete', 'ben@example.test')
    expect(await okta('users', 'list', 'ben')).toBe('No users with "ben".\n')
  })

  it.each([
    ['suspend', 'SUSPENDED'],
    ['unsuspend', 'ACTIVE'],
    ['deactivate', 'DEPROVISIONED'],
    ['activate', 'ACTIVE'],
  ])('%s makes a person %s', async (verb, status) => {
    const { okta, org } = await startOkta()
    const { id } = await org.users.create({ profile: { login: 'b@x.test', email: 'b@x.test' }, status: 'STAGED' })
    await okta('users', verb, 'b@x.test')
    expect((await org.users.get(id)).status).toBe(status)
  })

  it.each([
    [['users', 'show', 'ad@example.test'], /"idpact okta users list"/],
    [['users', 'show', 'da@example.test'], /Did you mean ada@example\.test\?/],
    [['users', 'create', 'x@x.test', '-a', 'level=many'], /Expected a number for level, found "many"/],
    [['users', 'create', 'x@x.test', '-a', 'level=1', '-a', 'level=2'], /Expected one value of level/],
    [['users', 'create', 'x@x.test', '-a', 'remote=yes'], /Expected true or false for remote/],
    [['users', 'create', 'x@x.test', '-a', 'level'], /Expected name=value, found "level"/],
    [['users', 'create', 'x@x.test', '-a', 'cld_role=boss'], /expected one of "admin", "reports", found "boss"/],
    [['users', 'sho', 'ada@example.test'], /allowed: list, show, create, update, activate, suspend/],
    [['users', 'list', '--foo'], /unknown option '--foo'\n.*--json/s],
    [['users', 'show'], /missing required argument 'user'/],
    [['user', 'list'], /allowed: users, groups, applications/],
  ])('refuses %j with exit code 2, and says what is allowed', async (args, message) => {
    const { okta, attempt } = await startOkta()
    await okta('attributes', 'add', 'user', 'level', '--type', 'number')
    await okta('attributes', 'add', 'user', 'remote', '--type', 'boolean')
    await okta('attributes', 'add', 'user', 'cld_role', '--enum', 'admin=Admin', '--enum', 'reports')
    const { code, stdout, stderr } = await attempt(['okta', ...args])
    expect(code).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).toMatch(message)
  })
})

describe('idpact okta groups', () => {
  it('makes, renames, fills and deletes groups', async () => {
    const { okta, json, org, attempt } = await startOkta()
    const { id } = await json<{ id: string }>('groups', 'create', 'DEV team', '-a', 'description=They build')
    await org.users.create({ profile: { login: 'ben@x.test', email: 'ben@x.test' } })
    await okta('groups', 'add-member', 'dev team', 'ada@example.test', 'ben@x.test')
    await okta('groups', 'remove-member', id, 'ben@x.test')
    expect((await org.groups.members(id)).map(({ profile }) => profile.login)).toEqual(['ada@example.test'])
    expect((await attempt(['okta', 'groups', 'add-member', id, 'ben@x.test', 'nobody@x.test'])).code).toBe(2)
    expect(await okta('groups', 'show', 'DEV team')).toMatch(/^members +ada@example\.test$/m)
    await okta('groups', 'rename', 'DEV team', 'Developers')
    await okta('groups', 'update', 'Developers', '-a', 'description=')
    expect(await org.groups.list()).toEqual([{ id, profile: { name: 'Developers' } }])
    expect((await attempt(['okta', 'groups', 'show', 'Developrs'])).stderr).toContain('Did you mean Developers?')
    await okta('groups', 'delete', 'Developers')
    expect(await okta('groups', 'list')).toBe('No groups.\n')
  })
})

describe('which application', () => {
  it('is the only one, or the one of --app; with several and none named it is asked for', async () => {
    const { okta, idp, attempt, app } = await startOkta()
    expect(await okta('provisioning', 'show')).toMatch(/^application +App$/m)
    await newApp(idp, { audience: 'urn:other' }, { label: 'Other' })
    const { code, stderr } = await attempt(['okta', 'provisioning', 'show'])
    expect(code).toBe(2)
    expect(stderr).toMatch(/2 applications.*--app: App, Other/s)
    for (const name of ['app', app.id])
      expect(await okta('provisioning', 'show', '--app', name)).toMatch(/^application +App$/m)
    await okta('applications', 'delete', 'Other')
    await okta('applications', 'delete', 'App')
    expect((await attempt(['okta', 'provisioning', 'show'])).stderr).toContain('idpact okta applications create')
  })

  it('is made as the guide says', async () => {
    const { okta, org } = await startOkta()
    const saml = [
      '--sso-url',
      'https://sp.test/acs',
      '--audience',
      'https://sp.test',
      '--name-id-format',
      'emailAddress',
    ]
    await okta('applications', 'create', 'Cloud', ...saml, '--requestable-sso-url', 'https://sp.test/other')
    expect((await org.applications.list()).find(({ label }) => label === 'Cloud')).toMatchObject({
      everyone: false,
      saml: {
        ssoUrl: 'https://sp.test/acs',
        audience: 'https://sp.test',
        nameIdFormat: 'emailAddress',
        requestableSsoUrls: [{ url: 'https://sp.test/other', index: 0 }],
      },
    })
    expect(await okta('applications', 'show', 'Cloud')).toMatch(/^entity ID +http:\/\/www\.okta\.com\//m)
  })
})
