// Playwright: a real browser logs in. There is no sign-in page, because the browser is signed in at the mock IdP already.
import { createServer } from 'node:http'
import { expect, test } from '@playwright/test'
import { createMockIdp } from 'idpact'
import { createApp, entityId } from '../app.js'

let idp
let server
let url

test.beforeAll(async () => {
  idp = await createMockIdp().start()
  server = createServer().listen(0, '127.0.0.1')
  await new Promise((done) => server.once('listening', done))
  url = `http://127.0.0.1:${server.address().port}`
  server.on('request', createApp(await idp.trust(), url))
})

test.afterAll(async () => {
  server.close()
  await idp.stop()
})

const signIn = (options) => idp.signIn({ sp: { acs: `${url}/acs`, entityId }, ...options })

test('somebody logs in', async ({ context, page }) => {
  await context.addCookies([await signIn({ as: 'ada@example.test' })])
  await page.goto(url)
  await expect(page.getByRole('heading')).toHaveText('Welcome, ada@example.test')
})

test('nobody logs in by a Response for somebody else’s app', async ({ context, page }) => {
  await context.addCookies([await signIn({ as: 'ada@example.test', faults: ['wrong-audience'] })])
  await page.goto(url)
  await expect(page.getByText('You could not be logged in.')).toBeVisible()
  expect((await page.request.get(`${url}/me`)).status()).toBe(401)
})
