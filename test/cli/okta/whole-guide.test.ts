import { afterEach, describe, expect, it } from 'vitest'
import { startIdp } from '../../mock-idp/http/helpers.ts'
import { type ScimServer, startScimServer } from '../../mock-idp/scim/scim-server.ts'
import { run } from './run.ts'

/** Cloudinary's guide from its first heading to its last, by commands alone, against a SCIM server over HTTP. */
describe('the guide, acted out by commands', () => {
  let sp: ScimServer | undefined
  afterEach(() => sp?.close())

  it('ends with people, groups, roles and environments at the service provider', async () => {
    const server = await startScimServer()
    sp = server
    const idp = await startIdp()
    const idpact = async (...args: string[]): Promise<string> => {
      const { code, stdout, stderr } = await run([...args, '--url', idp.url], { env: { TOKEN: 'Bearer abc' } })
      expect({ args, code, stderr }).toEqual({ args, code: 0, stderr: '' })
      return stdout
    }
    const okta = (...args: string[]) => idpact('okta', ...args)
    const quiet = () => okta('tasks', 'wait')

    await okta('applications', 'create', 'Cloud', '--sso-url', `${server.origin}/acs`, '--audience', server.origin)
    await okta('connection', 'set-header', server.baseUrl, '--token-env', 'TOKEN')
    await okta('setup', 'cloudinary', '--environment', 'one', '--environment', 'two', '--only', 'application')
    await okta('setup', 'cloudinary', '--environment', 'one', '--environment', 'two', '--only', 'user-attributes')
    const ada = ['cld_role=admin', 'product_environments=one', 'firstName=Ada', 'lastName=Example']
    await okta('users', 'create', 'ada@example.test', ...ada.flatMap((pair) => ['-a', pair]))

    // Assign people: the mappings fill the form.
    await okta('assign', 'user', 'ada@example.test')
    await quiet()
    expect(server.userNamed('ada@example.test')).toMatchObject({
      active: true,
      role: 'admin',
      product_environments: ['one'],
    })
    await okta('users', 'update', 'ada@example.test', '-a', 'cld_role=reports')
    await quiet()
    expect(server.userNamed('ada@example.test')).toMatchObject({ role: 'reports' })

    // Assign a group: its values are inherited by who has none.
    for (const name of ['product_environments', 'cld_role']) {
      await okta('attributes', 'change', 'user', name, '--no-required')
    }
    await okta('users', 'create', 'ben@example.test', '-a', 'firstName=Ben', '-a', 'lastName=Example')
    await okta('groups', 'create', 'DEV team')
    await okta('groups', 'add-member', 'DEV team', 'ben@example.test', 'ada@example.test')
    await okta('assign', 'group', 'DEV team', '-v', 'role=billing', '-v', 'product_environments=two')
    await quiet()
    expect(server.userNamed('ben@example.test')).toMatchObject({ role: 'billing', product_environments: ['two'] })

    // Push the group, and manage the link.
    await okta('push', 'add', 'DEV team')
    await quiet()
    expect(server.groupNamed('DEV team')?.['members']).toHaveLength(2)
    await okta('push', 'deactivate', 'DEV team')
    await okta('users', 'create', 'cleo@example.test', '-a', 'firstName=Cleo', '-a', 'lastName=Example')
    await okta('groups', 'add-member', 'DEV team', 'cleo@example.test')
    await quiet()
    expect(server.groupNamed('DEV team')?.['members']).toHaveLength(2)
    await okta('push', 'activate', 'DEV team')
    await quiet()
    expect(server.groupNamed('DEV team')?.['members']).toHaveLength(3)
    expect(await okta('push', 'list')).toMatch(/^DEV team +ACTIVE /m)
    await okta('push', 'unlink', 'DEV team', '--delete')
    await quiet()
    expect(server.groupNamed('DEV team')).toBeUndefined()

    // Import who is only at the service provider.
    server.users.set('dan', {
      id: 'dan',
      userName: 'dan@example.test',
      name: { givenName: 'Dan', familyName: 'Example' },
      emails: [{ value: 'dan@example.test', type: 'work', primary: true }],
      role: 'billing',
      product_environments: ['one'],
      active: true,
    })
    await okta('import', 'run')
    expect(await okta('import', 'candidates')).toMatch(/^dan@example\.test +NONE /m)
    await okta('import', 'confirm', 'dan@example.test')
    expect(await okta('users', 'list', 'dan')).toMatch(/dan@example\.test +Dan Example +ACTIVE/)

    // Leaving.
    await okta('users', 'deactivate', 'ada@example.test')
    await okta('unassign', 'group', 'DEV team')
    await quiet()
    for (const name of ['ada', 'ben', 'cleo'])
      expect(server.userNamed(`${name}@example.test`)).toMatchObject({ active: false })
    expect(await okta('tasks', 'list')).toBe('Nothing is left to do.\n')
  })
})
