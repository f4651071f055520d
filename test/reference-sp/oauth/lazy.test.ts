import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const source = (path: string): string => fileURLToPath(new URL(`../../../src/reference-sp/${path}`, import.meta.url))

/** What a process of its own loads and prints. */
const run = (script: string): Promise<{ stdout: string; stderr: string }> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, ['--input-type=module-typescript', '--eval', script])
    const printed = { stdout: '', stderr: '' }
    for (const name of ['stdout', 'stderr'] as const)
      child[name].on('data', (data: Buffer) => {
        printed[name] += data.toString()
      })
    child.once('close', () => resolve(printed))
  })

it('oidc-provider is loaded with the first request for it, not with the SP, and prints nothing', async () => {
  const { stdout, stderr } = await run(`
    import { registerHooks } from 'node:module'
    let loaded = false
    registerHooks({ resolve: (name, context, next) => { loaded ||= name === 'oidc-provider'; return next(name, context) } })
    const { startReferenceSp } = await import(${JSON.stringify(source('index.ts'))})
    const problems = []
    const sp = await startReferenceSp({ redirectUris: ['http://127.0.0.1:9/'], onProblem: (one) => problems.push(one) })
    await fetch(sp.url + '/login')
    await sp.reset()
    const { admin, masterAdmin } = sp.info
    const id = 'none'
    await fetch(admin.baseUrl + '/users/' + id + '/tokens', { method: 'DELETE', headers: { authorization: 'Bearer ' + admin.token } })
    const seen = [loaded]
    const url = new URL(sp.info.oauth.authorizationUrl)
    for (const [name, value] of Object.entries({ response_type: 'code', client_id: sp.info.oauth.clientId, redirect_uri: 'http://127.0.0.1:9/' }))
      url.searchParams.set(name, value)
    seen.push((await fetch(url, { redirect: 'manual' })).status, loaded)
    seen.push((await fetch(sp.info.oauth.tokenUrl, { method: 'POST', headers: { origin: 'http://x.test' }, body: new URLSearchParams({
      grant_type: 'refresh_token', refresh_token: 'x', client_id: sp.info.oauth.clientId, client_secret: sp.info.oauth.clientSecret }) })).status)
    seen.push((await fetch(sp.url + '/.well-known/openid-configuration')).status, problems.length)
    await sp.stop()
    process.stdout.write(JSON.stringify(seen))`)
  expect(JSON.parse(stdout)).toEqual([false, 303, true, 400, 200, 0])
  expect(stderr).toBe('')
})

it('a whole authorization prints nothing either', async () => {
  const support = JSON.stringify(fileURLToPath(new URL('support.ts', import.meta.url)))
  const { stdout, stderr } = await run(`
    import { makeWorld } from ${support}
    const world = await makeWorld()
    const { json } = await world.redeem(await world.authorize())
    const renewed = await world.refresh(json.refresh_token)
    const again = await world.refresh(json.refresh_token)
    process.stdout.write(JSON.stringify([renewed.status, again.status, world.problems]))
    await world.stop()`)
  expect(stdout).toBe('[200,400,[]]')
  expect(stderr).toBe('')
})
