import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { type Browser, makeBrowser } from './support/browser.ts'
import { makeWorld, type World } from './support/world.ts'

let world: World
beforeAll(async () => {
  world = await makeWorld()
})
afterEach(() => world.sp.reset())
afterAll(() => world.sp.stop())

const administrator = async (): Promise<Browser> => {
  const browser = makeBrowser()
  const { email, password = '' } = world.sp.info.masterAdmin
  await browser.post(world.sp.info.passwordLoginUrl, { email, password })
  return browser
}
const at = (path: string): string => `${world.sp.url}${path}`

it('lists users with name, e-mail address, role and source, and escapes what they are called', async () => {
  await world.settings({ provisioning: true })
  await world.provision({ 'User.FirstName': '<script>x</script>', 'User.CloudinaryUserGroups': 'A&B' })
  const { body, headers } = await (await administrator()).get(at('/'))
  expect(body).toContain('&lt;script&gt;x&lt;/script&gt; Lovelace')
  expect(body).not.toContain('<script>x')
  for (const text of [
    'ada@example.test',
    'media_library_user',
    '<span class="tag">saml</span>',
    '<span class="tag">console</span>',
    'A&amp;B',
  ])
    expect(body).toContain(text)
  expect(headers.get('content-security-policy')).toContain("default-src 'none'")
})

it('shows a page of users, and finds the others', async () => {
  const api = world.sp.info.provisioningApi
  const add = (i: number) =>
    fetch(`${api.baseUrl}/accounts/${api.accountId}/users`, {
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from(`${api.key}:${api.secret}`).toString('base64')}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ email: `many${i}@example.test`, name: `Many ${i}`, role: 'reports' }),
    })
  for (let i = 0; i < 60; i++) expect((await add(i)).status).toBe(200)
  const browser = await administrator()
  const { body } = await browser.get(at('/'))
  expect(body).toContain('50 of 61 users')
  expect(body).not.toContain('many59@example.test')
  const found = (await browser.get(at('/?q=MANY59'))).body
  expect(found).toContain('many59@example.test')
  expect(found).not.toContain('many58@example.test')
  expect(found).not.toContain(' users.</p>')
})

it('is for administrators: others see who they are, and nobody without a session sees anything', async () => {
  await world.settings({ provisioning: true })
  const { browser } = await world.provision({})
  expect((await browser.get(at('/'))).body).toContain('You are logged in as ada@example.test')
  for (const path of ['/console/settings', '/console/users/x']) {
    expect((await browser.get(at(path))).status).toBe(403)
    expect((await makeBrowser().get(at(path))).location).toBe('/login')
  }
  expect((await browser.post(at('/console/users'), { name: 'X', email: 'x@example.test', role: 'admin' })).status).toBe(
    403,
  )
  expect(await world.user('x@example.test')).toBeUndefined()
})

it('makes, changes, invites and deletes users', async () => {
  const browser = await administrator()
  const fields = { name: 'Grace Hopper', email: 'grace@example.test', role: 'reports' }
  expect((await browser.post(at('/console/users'), fields)).status).toBe(303)
  expect((await browser.post(at('/console/users'), fields)).body).toContain('already')
  expect((await browser.post(at('/console/users'), { ...fields, email: 'x@example.test', role: 'god' })).status).toBe(
    400,
  )
  const user = await world.user('grace@example.test')
  expect(user).toMatchObject({ role: 'reports', providers: ['console'] })
  const path = at(`/console/users/${user?.['id']}`)
  expect((await browser.get(path)).body).toContain('Grace Hopper')
  await browser.post(path, { ...fields, name: 'Amazing Grace' })
  expect(await world.user('grace@example.test')).toMatchObject({ name: 'Amazing Grace', enabled: false })
  expect((await browser.post(`${path}/invite`, {})).status).toBe(200)
  await browser.post(`${path}/delete`, {})
  expect(await world.user('grace@example.test')).toBeUndefined()
})

it('has no password options for an account from SAML', async () => {
  await world.settings({ provisioning: true })
  await world.provision({})
  const browser = await administrator()
  const path = at(`/console/users/${(await world.user('ada@example.test'))?.['id']}`)
  expect((await browser.get(path)).body).not.toContain('/invite"')
  expect((await browser.post(`${path}/invite`, {})).status).toBe(400)
})

it('sets what the settings API sets', async () => {
  const browser = await administrator()
  const read = async () => (await world.admin('GET', '/settings')).json
  const before = await read()
  expect((await browser.get(at('/console/settings'))).body).toContain(world.sp.info.audiences[0])
  const bad = await browser.post(at('/console/settings'), { saml: 'on', metadata_mode: 'inline', metadata_xml: '<x/>' })
  expect([bad.status, await read()]).toEqual([400, before])
  await browser.post(at('/console/settings'), { provisioning: 'on', enforce: 'on', metadata_mode: 'url' })
  expect(await read()).toEqual({
    ...before,
    saml: { enabled: false, metadata: null },
    provisioning: true,
    enforce: true,
  })
})

it('takes no form from another site', async () => {
  const browser = await administrator()
  const foreign = { origin: 'https://evil.example.test' }
  const answer = await browser.post(at('/console/settings'), { enforce: 'on' }, foreign)
  expect(answer.status).toBe(403)
  expect((await world.admin('GET', '/settings')).json['enforce']).toBe(false)
  expect((await browser.post(at('/logout'), {}, { origin: 'null' })).status).toBe(403)
  // A browser names the origin of our own forms only as long as our pages let it.
  expect((await browser.get(at('/console/settings'))).headers.get('referrer-policy')).toBe('same-origin')
  expect((await browser.post(at('/console/settings'), { enforce: 'on' }, { origin: world.sp.url })).status).toBe(303)
  expect((await browser.post(world.sp.info.passwordLoginUrl, { email: 'a', password: 'b' }, foreign)).status).toBe(403)
})

it('asks for the token at the settings API', async () => {
  for (const headers of [{}, { authorization: 'Bearer wrong' }] as Record<string, string>[])
    expect((await fetch(`${world.sp.info.admin.baseUrl}/settings`, { headers })).status).toBe(401)
})

it('serves its own metadata, which samlify can read, with both ACS and the right one as the default', async () => {
  const { ServiceProvider } = await import('samlify')
  for (const [i, url] of world.sp.info.metadataUrls.entries()) {
    const xml = await (await fetch(url)).text()
    expect(ServiceProvider({ metadata: xml }).entityMeta.getEntityID()).toBe(world.sp.info.audiences[i])
    // samlify does not look at isDefault.
    expect([...xml.matchAll(/ Location="([^"]+)"/g)].map(([, location]) => location)).toEqual(world.sp.info.acsUrls)
    expect(/ Location="([^"]+)"[^>]* isDefault="true"/.exec(xml)?.[1]).toBe(world.sp.info.acsUrls[i])
  }
})

it('answers what it does not know, and what it cannot read, without a trace of its insides', async () => {
  const nothing = await makeBrowser().get(at('/nothing'))
  expect([nothing.status, nothing.body]).toEqual([404, 'There is nothing here.'])
  const { baseUrl, token } = world.sp.info.admin
  const broken = await fetch(`${baseUrl}/settings`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: '{',
  })
  expect(broken.status).toBe(400)
  expect(await broken.text()).not.toContain('node_modules')
})
