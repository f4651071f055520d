import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { contractOfDefect, listDefects } from '../../src/reference-sp/index.ts'
import { makeBrowser } from './support/browser.ts'
import { mint, newId } from './support/idp.ts'
import { type Json, makeWorld, type World } from './support/world.ts'

const numbered = (prefix: string, numbers: readonly number[]): string[] =>
  numbers.map((number) => `${prefix}-${String(number).padStart(2, '0')}`)

/** Every requirement that an SP can break. Written out here, so that a missing defect is noticed. */
const falsifiable = [
  ...numbered(
    'CLD-SAML',
    [1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 12, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 26, 27, 28, 29, 30, 31, 33],
  ),
  ...numbered(
    'CLD-PROV',
    [
      1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 26, 27, 28, 29, 30, 32, 33,
      34, 35, 36, 37, 38, 39, 40, 42, 45, 46, 47,
    ],
  ),
  ...numbered(
    'CLD-SCIM',
    [
      1, 3, 4, 7, 8, 11, 12, 13, 14, 15, 16, 18, 19, 20, 21, 22, 24, 25, 26, 31, 32, 39, 40, 42, 43, 47, 50, 54, 57, 60,
      61, 64, 65, 66, 67, 68, 69, 70,
    ],
  ),
]

/** Requirements of the identity provider whose scenarios look at the account too. */
const ofTheIdp = numbered('CLD-SCIM', [17, 30, 36, 37, 38, 41, 44, 46, 48, 49, 53, 55, 56, 59, 62, 71, 74])

let world: World
const email = 'ada@example.test'
const adaAgain = { 'User.Email': 'ada.new@example.test' }

beforeAll(async () => {
  world = await makeWorld()
})
afterEach(() => world.sp.reset())
afterAll(() => world.sp.stop())

describe('the list of defects', () => {
  it('has one for each requirement that an SP can break, and no other', () => {
    const ids = listDefects().filter(({ id }) => contractOfDefect(id) === 'cloudinary')
    expect(ids.map(({ id }) => id).toSorted()).toEqual(falsifiable.toSorted())
  })

  it('says what each breaks, and names requirements that exist', () => {
    for (const { id, breaks, title, alsoFails = [] } of listDefects()) {
      if (contractOfDefect(id) !== 'cloudinary') continue
      expect(breaks).toBe(id)
      expect(title).toMatch(/^\S.*\.$|^\S.*\d\.$/)
      for (const { requirement, reason } of alsoFails) {
        expect([...falsifiable, ...ofTheIdp]).toContain(requirement)
        expect([id, requirement]).not.toEqual([id, id])
        expect(reason).not.toBe('')
      }
    }
  })

  it('replaces only rules that there are', async () => {
    const { goodRules } = await import('../../src/reference-sp/rules/rules.ts')
    for (const defect of listDefects()) {
      const names = Object.keys(defect.rules(goodRules))
      expect(names.length).toBeGreaterThan(0)
      expect(Object.keys(goodRules)).toEqual(expect.arrayContaining(names))
    }
  })

  it('refuses an id that is in none, names the nearest, and changes nothing', async () => {
    await world.admin('PUT', '/defects', { defects: ['CLD-PROV-12'] })
    const reply = await world.admin('PUT', '/defects', { defects: ['CLD-PROV-1'] })
    expect(reply).toEqual({ status: 400, json: { error: { message: expect.stringContaining('"CLD-PROV-1"') } } })
    expect((await world.admin('GET', '/defects')).json).toEqual({ defects: ['CLD-PROV-12'] })
    await expect(world.sp.reset({ defects: ['CLD-PROV-1'] })).rejects.toMatchObject({
      hint: expect.stringMatching(/CLD-PROV-1\d/),
    })
  })
})

const users = async (): Promise<number> => (await world.users()).length
const group = async (name: string, member?: string): Promise<boolean> => {
  const found = await world.group(name)
  const members = ((found?.['users'] ?? []) as Json[]).map((user) => user['email'])
  return found !== undefined && (member === undefined || members.includes(member))
}
const field = async (name: string, address = email): Promise<unknown> => (await world.user(address))?.[name]
const apiUser = async (role = 'reports'): Promise<string> =>
  String((await world.api('POST', '/users', { name: 'Ada Lovelace', email, role })).json['id'])
const denied = { status: 'urn:oasis:names:tc:SAML:2.0:status:Responder' }
const elsewhere = 'https://other.example.test/'
const answered = async (): Promise<string | undefined> => {
  const browser = makeBrowser()
  const { id } = await world.start(browser, email)
  const xml = mint(world.message({ inResponseTo: id, nameId: email, attributes: world.attributes() }))
  return (await world.post(xml, { browser })).who
}

type Probe = () => Promise<unknown>

/** What somebody sees of an SP, without the defect and with it. Provisioning is on unless the probe turns it off. */
const probes: [string, Probe, unknown, unknown][] = [
  ['CLD-SAML-01', async () => (await world.provision({})).who, email, undefined],
  [
    'CLD-SAML-02',
    async () => {
      await world.settings({ provisioning: false })
      await apiUser()
      await world.provision({ 'User.FirstName': 'Other', 'User.CloudinaryRole': 'billing' })
      return [await field('name'), await field('role')]
    },
    ['Ada Lovelace', 'reports'],
    ['Other Lovelace', 'billing'],
  ],
  [
    'CLD-SAML-03',
    async () => {
      await world.settings({ provisioning: false })
      return [(await world.login({ nameId: email })).who, await users()]
    },
    [undefined, 1],
    [email, 2],
  ],
  [
    'CLD-SAML-14',
    async () =>
      (await world.post(mint(world.message({ ...denied, withAssertion: false, sign: 'response' })), { json: false }))
        .answer.status,
    400,
    500,
  ],
  [
    'CLD-SAML-15',
    async () => {
      await world.provision({})
      const browser = makeBrowser()
      const { id } = await world.start(browser, email)
      const refusal = world.message({ ...denied, inResponseTo: id, withAssertion: false, sign: 'response' })
      await world.post(mint(refusal), { browser })
      return users()
    },
    2,
    1,
  ],
  [
    'CLD-SAML-16',
    async () => {
      const path = `/users/${await apiUser()}`
      await world.api('DELETE', path)
      return (await world.api('GET', path)).status
    },
    404,
    200,
  ],
  [
    'CLD-SAML-17',
    async () => {
      await world.provision({ 'User.CloudinaryUserGroups': 'Design' })
      await world.provision({ 'User.CloudinaryUserGroups': 'Print' })
      return group('Design')
    },
    true,
    false,
  ],
  ['CLD-SAML-18', async () => (await world.provision({ department: 'x' })).who, email, undefined],
  [
    'CLD-SAML-19',
    async () =>
      (
        await world.login({
          nameId: email,
          attributes: world.attributes(),
          recipient: elsewhere,
          destination: elsewhere,
        })
      ).who,
    undefined,
    email,
  ],
  [
    'CLD-SAML-20',
    async () => (await world.login({ nameId: email, attributes: world.attributes(), audience: elsewhere })).who,
    undefined,
    email,
  ],
  [
    'CLD-SAML-21',
    async () => {
      await world.settings({ provisioning: false })
      await apiUser()
      return (await world.login({ nameId: email })).who
    },
    email,
    undefined,
  ],
  ['CLD-SAML-22', async () => (await world.login({ audience: elsewhere })).answer.status, 400, 403],
  ['CLD-SAML-23', async () => (await world.login({ audience: elsewhere })).code, 'AUDIENCE_MISMATCH', undefined],
  [
    'CLD-SAML-24',
    async () => {
      await world.login({
        attributes: world.attributes({ 'User.CloudinaryUserGroups': 'Unborn' }),
        audience: elsewhere,
      })
      return group('Unborn')
    },
    false,
    true,
  ],
  [
    'CLD-SAML-26',
    async () => {
      await apiUser()
      return (await world.provision({})).who
    },
    email,
    undefined,
  ],
  ['CLD-SAML-27', async () => (await world.provision({})).who, email, undefined],
  ['CLD-SAML-28', answered, email, undefined],
  [
    'CLD-SAML-29',
    async () =>
      (
        await world.post(
          mint(world.message({ nameId: email, attributes: world.attributes(), acsUrl: world.sp.info.acsUrls[1] })),
          { acs: 1 },
        )
      ).who,
    email,
    undefined,
  ],
  [
    'CLD-SAML-30',
    async () => (await world.login({ ...denied, nameId: email, attributes: world.attributes() })).who,
    undefined,
    email,
  ],
  [
    'CLD-SAML-31',
    async () => {
      await world.settings({ provisioning: false })
      await apiUser()
      await world.api('POST', '/users', { name: 'Bob', email: 'bob@example.test' })
      return (await world.provision({ 'User.Email': 'bob@example.test' }, email)).who
    },
    email,
    'bob@example.test',
  ],
  [
    'CLD-PROV-01',
    async () => {
      await world.settings({ provisioning: false })
      await world.provision({})
      return users()
    },
    1,
    2,
  ],
  [
    'CLD-PROV-02',
    async () => {
      await world.settings({ saml: { enabled: false } })
      return (await world.provision({})).who
    },
    undefined,
    email,
  ],
  [
    'CLD-PROV-03',
    async () => {
      const { who } = await world.provision({ 'User.FirstName': 'Ægir' })
      return [who, await users(), (await world.provision({ 'User.Username': 'b', 'User.Email': 'b@example.test' })).who]
    },
    [email, 2, 'b@example.test'],
    [undefined, 2, 'b@example.test'],
  ],
  [
    'CLD-PROV-04',
    async () => {
      await world.provision({ 'User.CloudinaryUserGroups': 'A' })
      await world.provision({ 'User.FirstName': 'Other', 'User.CloudinaryUserGroups': 'B' })
      return [await field('first_name'), await group('B')]
    },
    ['Other', true],
    ['Ada', false],
  ],
  ['CLD-PROV-05', async () => (await world.provision({ 'User.CloudinaryAccountID': undefined })).who, undefined, email],
  ['CLD-PROV-06', async () => (await world.provision({ 'User.CloudinaryAccountID': 'foreign' })).who, undefined, email],
  ['CLD-PROV-07', async () => (await world.provision({ 'User.Username': undefined })).who, undefined, email],
  [
    'CLD-PROV-08',
    async () => {
      await world.provision({})
      await world.provision(adaAgain)
      return users()
    },
    2,
    3,
  ],
  ['CLD-PROV-09', async () => (await world.provision({ 'User.FirstName': undefined })).who, undefined, email],
  ['CLD-PROV-10', async () => (await world.provision({ 'User.LastName': undefined })).who, email, undefined],
  ['CLD-PROV-11', async () => (await world.provision({ 'User.Email': undefined }, email)).who, undefined, email],
  [
    'CLD-PROV-12',
    async () => {
      await world.provision({})
      return field('role')
    },
    'media_library_user',
    'admin',
  ],
  [
    'CLD-PROV-13',
    async () => {
      await world.provision({ 'User.CloudinaryRole': 'technical_admin' })
      return field('role')
    },
    'technical_admin',
    'admin',
  ],
  ['CLD-PROV-14', async () => (await world.provision({ 'User.CloudinaryRole': 'superuser' })).who, undefined, email],
  [
    'CLD-PROV-15',
    async () => {
      await world.provision({ 'User.CloudinaryRole': ['reports', 'master_admin'] })
      return field('role')
    },
    undefined,
    'master_admin',
  ],
  [
    'CLD-PROV-16',
    async () => {
      await world.provision({ 'User.CloudinaryUserGroups': ['A', 'B'] })
      return [await group('A', email), await group('B', email)]
    },
    [true, true],
    [true, false],
  ],
  [
    'CLD-PROV-17',
    async () => {
      await world.api('POST', '/user_groups', { name: 'A' })
      await world.provision({ 'User.CloudinaryUserGroups': ['A', 'B'] })
      return [await group('A', email), await group('B', email)]
    },
    [true, true],
    [false, true],
  ],
  [
    'CLD-PROV-18',
    async () => {
      await world.provision({ 'User.CloudinaryUserGroups': 'A' })
      return group('A')
    },
    true,
    false,
  ],
  [
    'CLD-PROV-19',
    async () => {
      await world.api('POST', '/user_groups', { name: 'A' })
      await world.provision({ 'User.CloudinaryRole': 'reports', 'User.CloudinaryUserGroups': 'A' })
      return group('A', email)
    },
    false,
    true,
  ],
  [
    'CLD-PROV-20',
    async () => {
      await world.provision({ 'User.CloudinaryRole': 'reports', 'User.CloudinaryUserGroups': 'A' })
      return [await group('A'), await group('A', email)]
    },
    [false, false],
    [true, false],
  ],
  [
    'CLD-PROV-21',
    async () => {
      await world.provision({})
      return field('all_sub_accounts')
    },
    true,
    false,
  ],
  [
    'CLD-PROV-22',
    async () => {
      await world.provision({ 'User.CloudinarySubAccounts': 'dev' })
      return field('all_sub_accounts')
    },
    false,
    true,
  ],
  [
    'CLD-PROV-23',
    async () => {
      await world.provision({ 'User.CloudinaryRole': 'master_admin', 'User.CloudinarySubAccounts': 'dev' })
      return field('all_sub_accounts')
    },
    true,
    false,
  ],
  [
    'CLD-PROV-24',
    async () => {
      await world.provision({ 'User.CloudinarySubAccounts': 'nowhere' })
      return field('all_sub_accounts')
    },
    undefined,
    true,
  ],
  [
    'CLD-PROV-27',
    async () => {
      await world.provision({})
      return [await users(), await field('providers')]
    },
    [2, ['saml']],
    [1, []],
  ],
  [
    'CLD-PROV-28',
    async () => {
      await world.provision({})
      return (await world.api('PUT', `/users/${await field('id')}`, { password: 'correct horse' })).status
    },
    400,
    200,
  ],
  [
    'CLD-PROV-29',
    async () => {
      await apiUser()
      await world.provision({})
      return users()
    },
    2,
    3,
  ],
  [
    'CLD-PROV-30',
    async () => {
      await apiUser()
      await world.provision({})
      await world.provision(adaAgain)
      return users()
    },
    2,
    3,
  ],
  [
    'CLD-PROV-32',
    async () => {
      await world.provision({ 'User.CloudinaryRole': 'reports' })
      await world.provision({ ...adaAgain, 'User.FirstName': 'Other', 'User.CloudinaryRole': 'billing' })
      return [await field('first_name', 'ada.new@example.test'), await field('role', 'ada.new@example.test')]
    },
    ['Other', 'billing'],
    ['Ada', 'reports'],
  ],
  [
    'CLD-PROV-33',
    async () => {
      await world.provision({})
      return (await world.provision(adaAgain)).who
    },
    'ada.new@example.test',
    undefined,
  ],
  [
    'CLD-PROV-34',
    async () => {
      await world.provision({ 'User.CloudinaryUserGroups': ['A', 'B'] })
      await world.provision({ 'User.CloudinaryUserGroups': ['B'] })
      return [await group('A', email), await group('B', email)]
    },
    [false, true],
    [true, true],
  ],
  [
    'CLD-PROV-35',
    async () => {
      await world.provision({ 'User.CloudinarySubAccounts': ['dev', 'prod'] })
      await world.provision({ 'User.CloudinarySubAccounts': ['prod'] })
      return field('sub_account_count')
    },
    1,
    2,
  ],
  [
    'CLD-PROV-36',
    async () => {
      await world.provision({ 'User.Username': email })
      await world.provision({ 'User.Username': 'ada.b@example.test', 'User.Email': 'ada.b@example.test' })
      return users()
    },
    3,
    2,
  ],
  [
    'CLD-PROV-37',
    async () => {
      await world.provision({})
      return Promise.all(
        ['User.CloudinaryAccountID', 'User.Username', 'User.FirstName', 'User.Email'].map(
          async (name) => (await world.provision({ [name]: undefined }, email)).who,
        ),
      )
    },
    [undefined, undefined, undefined, undefined],
    [email, undefined, email, email],
  ],
  [
    'CLD-PROV-38',
    async () => (await world.provision({ 'User.Username': undefined, 'user.username': 'x' })).who,
    undefined,
    email,
  ],
  [
    'CLD-PROV-39',
    async () => {
      await world.api('POST', '/user_groups', { name: 'Design' })
      await world.provision({ 'User.CloudinaryUserGroups': 'design' })
      const { who } = await world.provision({
        'User.Username': 'b',
        'User.Email': 'b@example.test',
        'User.CloudinaryRole': 'ADMIN',
      })
      return [await group('Design', email), who]
    },
    [false, undefined],
    [true, 'b@example.test'],
  ],
  [
    'CLD-PROV-40',
    async () => {
      await world.provision({ 'User.CloudinaryUserGroups': 'A' })
      await world.provision({})
      return field('enabled')
    },
    true,
    false,
  ],
  [
    'CLD-PROV-45',
    async () => {
      await world.provision({ 'User.CloudinaryRole': 'reports' })
      await world.api('PUT', `/users/${await field('id')}`, { role: 'billing' })
      await world.provision({ 'User.CloudinaryRole': 'reports' })
      return field('role')
    },
    'reports',
    'billing',
  ],
  [
    'CLD-PROV-46',
    async () => (await world.provision({ 'User.CloudinaryUserGroups': 'A', 'User.CloudinarySubAccounts': 'dev' })).who,
    email,
    undefined,
  ],
  [
    'CLD-PROV-47',
    async () => (await world.login({ nameId: email, attributes: world.attributes(), nameFormat: null })).who,
    email,
    undefined,
  ],
]

describe('with provisioning', () => {
  it.each(probes)('%s changes what can be seen', async (id, probe, good, bad) => {
    await world.sp.reset({ defects: [] })
    await world.settings({ provisioning: true })
    expect(await probe()).toEqual(good)
    await world.sp.reset({ defects: [id] })
    await world.settings({ provisioning: true })
    expect(await probe()).toEqual(bad)
  })
})

describe('an ordinary login', () => {
  /** These break what every login needs. */
  const nobodyGetsIn = ['CLD-SAML-01', 'CLD-SAML-27', 'CLD-SAML-05']
  it.each(falsifiable.filter((id) => !nobodyGetsIn.includes(id)))('still works with %s', async (id) => {
    await world.sp.reset({ defects: [id] })
    await world.settings({ provisioning: true })
    for (let i = 0; i < 2; i += 1) {
      const { who } = await world.login({
        nameId: email,
        attributes: world.attributes(),
        assertionId: newId(),
        sign: 'both',
      })
      expect(who).toBe(email)
    }
  })
})
