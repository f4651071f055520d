import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { startOkta } from './start.ts'

const role = ['--enum', 'admin=Administrator', '--enum', 'reports', '--external-name', 'role']

describe('idpact okta attributes', () => {
  it('adds, changes and removes attributes of the three schemas', async () => {
    const { okta, org, app, attempt } = await startOkta()
    await okta('attributes', 'add', 'app', 'role', ...role, '--required', '--scope', 'group')
    await okta('attributes', 'change', 'app', 'role', '--no-required', '--title', 'User role')
    const settings = await org.provisioning.get(app.id)
    expect(settings.attributes).toEqual([
      {
        name: 'role',
        title: 'User role',
        type: 'string',
        required: false,
        enum: [{ value: 'admin', title: 'Administrator' }, { value: 'reports' }],
        externalName: 'role',
        scope: 'GROUP',
        groupValues: 'PRIORITY',
      },
    ])
    expect(await okta('attributes', 'list', 'app')).toMatch(/^role +string +no +admin, reports +GROUP +PRIORITY +role/m)
    await okta('attributes', 'change', 'app', 'role', '--no-enum')
    await okta('attributes', 'change', 'app', 'familyName', '--required')
    expect((await org.provisioning.get(app.id)).attributes).toMatchObject([
      { name: 'role' },
      { name: 'familyName', required: true, externalName: 'name.familyName' },
    ])
    expect((await org.provisioning.get(app.id)).attributes[0]).not.toHaveProperty('enum')
    await okta('attributes', 'remove', 'app', 'role')
    expect(await okta('attributes', 'list', 'app')).not.toMatch(/^role/m)
    await okta('attributes', 'add', 'group', 'size', '--type', 'number', '--enum', '1', '--enum', '2=Two')
    expect(await org.attributes.ofGroups()).toMatchObject([{ enum: [{ value: 1 }, { value: 2, title: 'Two' }] }])
    expect((await attempt(['okta', 'attributes', 'change', 'group', 'sizes'])).stderr).toContain('Did you mean size?')
  })

  it.each([
    [['list', 'people'], /user, group, app, not of "people"/],
    [['add', 'app', 'givenName'], /has an attribute givenName already/],
    [['add', 'user', 'x', '--scope', 'group'], /Only attributes of an application have scope/],
    [['add', 'app', 'x', '--combine'], /string-array of scope GROUP/],
    [['add', 'app', 'x', '--type', 'list'], /Allowed choices are string, string-array, number, boolean/],
    [['remove', 'app', 'givenName'], /has none that can be changed/],
  ])('refuses %j', async (args, message) => {
    const { attempt } = await startOkta()
    const { code, stderr } = await attempt(['okta', 'attributes', ...args])
    expect(code).toBe(2)
    expect(stderr).toMatch(message)
  })
})

describe('idpact okta mappings', () => {
  it('sets and removes them, both ways; a default comes back', async () => {
    const { okta, org, app, attempt } = await startOkta()
    await okta('mappings', 'set', 'givenName', 'user.displayName')
    await okta('mappings', 'set', 'givenName', 'user.login')
    await okta('mappings', 'set', 'nickName', 'appuser.givenName', '--import')
    expect(await org.provisioning.get(app.id)).toMatchObject({
      mappings: [{ attribute: 'givenName', expression: 'user.login' }],
      importMappings: [{ attribute: 'nickName', expression: 'appuser.givenName' }],
    })
    expect(await okta('mappings', 'list')).toMatch(/^givenName +user\.login +set$/m)
    expect(await okta('mappings', 'list', '--import')).toMatch(/^login +appuser\.userName +default$/m)
    await okta('mappings', 'remove', 'givenName')
    expect(await okta('mappings', 'list')).toMatch(/^givenName +user\.firstName +default$/m)
    expect((await attempt(['okta', 'mappings', 'remove', 'givenName'])).code).toBe(2)
    expect((await attempt(['okta', 'mappings', 'set', 'givenNam', 'user.login'])).stderr).toMatch(
      /Did you mean givenName/,
    )
  })
})

describe('assignments', () => {
  it('show the form, the values and where each is from; groups by priority', async () => {
    const { okta, json } = await startOkta()
    await okta('setup', 'cloudinary', '--environment', 'one', '--environment', 'two', '--only', 'application')
    await okta('attributes', 'add', 'user', 'cld_role')
    await okta('mappings', 'set', 'role', 'user.cld_role')
    await okta('groups', 'create', 'First')
    await okta('groups', 'create', 'Second')
    for (const group of ['First', 'Second']) await okta('groups', 'add-member', group, 'ada@example.test')
    const value = (...pairs: string[]) => pairs.flatMap((pair) => ['-v', pair])
    await okta('assign', 'group', 'First', ...value('role=reports', 'product_environments=one'))
    await okta('assign', 'group', 'Second', ...value('role=admin', 'product_environments=two'), '--priority', '0')
    await okta('assign', 'group', 'First', '--priority', '1')
    expect(await okta('assignments')).toMatch(
      /^0 +Second +role=admin, product_environments=two\n1 +First +role=reports, product_environments=one$/m,
    )
    const of = async () =>
      Object.fromEntries(
        (await json<{ attribute: string; value: unknown; source: string }[]>('profile', 'ada@example.test')).map(
          ({ attribute, ...rest }) => [attribute, rest],
        ),
      )
    expect(await of()).toMatchObject({
      role: { value: 'admin', source: expect.stringContaining('Second') },
      product_environments: { value: ['two', 'one'] },
    })
    await okta('users', 'update', 'ada@example.test', '-a', 'cld_role=billing')
    expect(await of()).toMatchObject({ role: { value: 'billing', source: expect.stringContaining('user.cld_role') } })
    await okta('assign', 'user', 'ada@example.test', ...value('role=reports'))
    expect(await of()).toMatchObject({ role: { value: 'reports', source: expect.stringContaining('typed') } })
    expect(await okta('form', 'user', 'ada@example.test')).toMatch(/^role +string +yes +reports /m)
    expect(await okta('form', 'group', 'Second')).toMatch(/^role +string +yes +admin /m)
    await okta('unassign', 'user', 'ada@example.test')
    await okta('unassign', 'group', 'Second')
    expect(await json('assignments')).toMatchObject({ everyone: false, groups: [{ name: 'First', priority: 1 }] })
  })
})

describe('idpact okta setup', () => {
  it('does the whole guide, twice without harm', async () => {
    const { okta, org, app } = await startOkta()
    await okta('attributes', 'add', 'app', 'mine')
    const guide = ['setup', 'cloudinary', '--environment', 'one', '--environment', 'two']
    const said = await okta(...guide)
    expect(await okta(...guide)).toBe(said)
    const settings = await org.provisioning.get(app.id)
    expect(settings.attributes.map(({ name }) => name)).toEqual(['mine', 'product_environments', 'role'])
    expect(settings).toMatchObject({
      uniqueField: 'userName',
      actions: { createUsers: true, updateUsers: true, deactivateUsers: true, pushGroups: true },
      mappings: [
        { attribute: 'product_environments', expression: 'user.product_environments' },
        { attribute: 'role', expression: 'user.cld_role' },
      ],
    })
    expect(settings.attributes[2]?.enum?.map(({ value }) => value)).toEqual([
      ...['master_admin', 'admin', 'technical_admin', 'billing', 'reports', 'media_library_admin'],
      'media_library_user',
    ])
    expect((await org.attributes.ofUsers()).map(({ name }) => name)).toEqual(['product_environments', 'cld_role'])
    expect((await org.attributes.ofGroups()).map(({ name }) => name)).toEqual(['product_environments', 'cld_role'])
  })

  it('is printed as the file that it can be read from', async () => {
    const { okta, attempt, org, app } = await startOkta()
    const cwd = mkdtempSync(join(tmpdir(), 'idpact-setup-'))
    writeFileSync(join(cwd, 'mine.yaml'), await okta('setup', 'cloudinary', '--environment', 'one', '--print'))
    expect((await org.provisioning.get(app.id)).attributes).toEqual([])
    expect((await attempt(['okta', 'setup', 'mine.yaml'], { cwd })).code).toBe(0)
    expect((await org.provisioning.get(app.id)).attributes).toHaveLength(2)
    writeFileSync(join(cwd, 'wrong.yaml'), 'mapings: []\n')
    expect(await attempt(['okta', 'setup', 'wrong.yaml'], { cwd })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('mapings'),
    })
  })

  it.each([
    [['cloudinary'], /--environment my-cloud/],
    [['cloudinary', '--environment', 'a', '--only', 'groups'], /application, user-attributes, group-attributes/],
    [['no.yaml'], /no\.yaml cannot be read/],
  ])('refuses %j', async (args, message) => {
    const { attempt } = await startOkta()
    const { code, stderr } = await attempt(['okta', 'setup', ...args])
    expect(code).toBe(2)
    expect(stderr).toMatch(message)
  })
})
