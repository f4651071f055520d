import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { referenceTargetConfig } from '../../../src/target/drivers/reference.ts'
import { startIdp } from '../../mock-idp/http/helpers.ts'
import { type ScimWorld, startScim } from '../../reference-sp/scim/world.ts'
import { run } from '../run.ts'

const source = (path: string): string => fileURLToPath(new URL(`../../../src/${path}`, import.meta.url))

/** Cloudinary's guide from its first heading to its last, by commands alone, against the reference SP. */
describe('the guide, acted out by commands', () => {
  let folder: string
  let world: ScimWorld
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'idpact-guide-'))
    world = await startScim()
  })
  afterEach(async () => {
    await world.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  it('ends with people, groups, roles and environments at the service provider', async () => {
    const { info, admin, api, accountOf } = world
    const idp = await startIdp()
    const idpact = async (...args: string[]): Promise<string> => {
      const env = { CLIENT_SECRET: info.oauth.clientSecret }
      const { code, stdout, stderr } = await run([...args, '--url', idp.url], { env, cwd: folder })
      expect({ args, code, stderr }).toEqual({ args, code: 0, stderr: expect.stringMatching(/^$|tokens/) })
      return stdout
    }
    const okta = (...args: string[]) => idpact('okta', ...args)
    const quiet = () => okta('tasks', 'wait')
    const account = (name: string) => accountOf(`${name}@example.test`)
    const environmentsOf = async (name: string): Promise<number> => (await account(name)).sub_account_count
    const members = async (): Promise<number | undefined> => {
      const { user_groups: groups } = (await api('GET', '/user_groups?extended_details=true')).json
      return groups.find((group: { name: string }) => group.name === 'DEV team')?.users.length
    }

    // The application, and its connection: OAuth 2, with the consent of an administrator.
    await okta('applications', 'create', 'Cloud', '--sso-url', info.acsUrls[0], '--audience', info.audiences[0])
    await okta(
      ...['connection', 'set-oauth2', info.scim.baseUrl, '--token-url', info.oauth.tokenUrl, '--client-secret-env'],
      ...['CLIENT_SECRET', '--client-id', info.oauth.clientId, '--authorization-url', info.oauth.authorizationUrl],
    )
    const { redirectUri } = JSON.parse(await okta('connection', 'show', '--json')) as { redirectUri: string }
    await admin('POST', '/settings/oauth/redirect_uris', { uri: redirectUri })
    writeFileSync(
      join(folder, 'consent.mjs'),
      `import { openTarget } from ${JSON.stringify(source('target/target.ts'))}
export default async (url) => {
  const target = await openTarget(${JSON.stringify(referenceTargetConfig(info))})
  const options = { answer: 'accept', redirectUri: ${JSON.stringify(redirectUri)} }
  const { callback } = await target.scim.consent.decide(target.newAgent(), url, options)
  await target.close()
  if (callback === undefined) throw new Error('no way back')
}
`,
    )
    await idpact('connect', '--consent', join(folder, 'consent.mjs'), '--write-tokens', 'tokens.json')
    const tokens = JSON.parse(readFileSync(join(folder, 'tokens.json'), 'utf8'))
    expect(Object.keys(tokens)).toEqual(['accessToken', 'refreshToken', 'expiresInSeconds'])
    expect(statSync(join(folder, 'tokens.json')).mode & 0o777).toBe(0o600)
    await okta('connection', 'test')

    // Attributes, mappings, actions.
    const environments = ['--environment', 'prod', '--environment', 'staging']
    await okta('setup', 'cloudinary', ...environments, '--only', 'application')
    await okta('setup', 'cloudinary', ...environments, '--only', 'user-attributes')
    const ada = ['cld_role=admin', 'product_environments=prod', 'firstName=Ada', 'lastName=Example']
    await okta('users', 'create', 'ada@example.test', ...ada.flatMap((pair) => ['-a', pair]))

    // Assign people: the mappings fill the form.
    await okta('assign', 'user', 'ada@example.test')
    await quiet()
    expect(await account('ada')).toMatchObject({ enabled: true, role: 'admin', all_sub_accounts: false })
    await okta('users', 'update', 'ada@example.test', '-a', 'cld_role=reports')
    await quiet()
    expect(await account('ada')).toMatchObject({ role: 'reports' })

    // Assign a group: its values are inherited by who has none.
    for (const name of ['product_environments', 'cld_role'])
      await okta('attributes', 'change', 'user', name, '--no-required')
    await okta('users', 'create', 'ben@example.test', '-a', 'firstName=Ben', '-a', 'lastName=Example')
    await okta('groups', 'create', 'DEV team')
    await okta('groups', 'add-member', 'DEV team', 'ben@example.test', 'ada@example.test')
    await okta('assign', 'group', 'DEV team', '-v', 'role=billing', '-v', 'product_environments=staging')
    await quiet()
    expect(await account('ben')).toMatchObject({ role: 'billing' })
    expect(await environmentsOf('ben')).toBe(1)

    // Push the group, and manage the link.
    await okta('push', 'add', 'DEV team')
    await quiet()
    expect(await members()).toBe(2)
    await okta('push', 'deactivate', 'DEV team')
    await okta('users', 'create', 'cleo@example.test', '-a', 'firstName=Cleo', '-a', 'lastName=Example')
    await okta('groups', 'add-member', 'DEV team', 'cleo@example.test')
    await quiet()
    expect(await members()).toBe(2)
    await okta('push', 'activate', 'DEV team')
    await quiet()
    expect(await members()).toBe(3)
    expect(await okta('push', 'list')).toMatch(/^DEV team +ACTIVE /m)
    await okta('push', 'unlink', 'DEV team', '--delete')
    await quiet()
    expect(await members()).toBeUndefined()

    // Import who is only at the service provider.
    await api('POST', '/users', { name: 'Dan Example', email: 'dan@example.test', role: 'billing' })
    await okta('import', 'run')
    expect(await okta('import', 'candidates')).toMatch(/^dan@example\.test +NONE /m)
    await okta('import', 'confirm', 'dan@example.test')
    expect(await okta('users', 'list', 'dan')).toMatch(/dan@example\.test +Dan Example +ACTIVE/)

    // Leaving.
    await okta('users', 'deactivate', 'ada@example.test')
    await okta('unassign', 'group', 'DEV team')
    await quiet()
    for (const name of ['ada', 'ben', 'cleo']) expect(await account(name)).toMatchObject({ enabled: false })
    expect(await okta('tasks', 'list')).toBe('Nothing is left to do.\n')
  })
})
