import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { createMockIdpClient, MockIdpError } from '../../../mock-idp/client.ts'
import { newPerson, startIdp } from '../http/helpers.ts'

const servers: { close(): unknown }[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

const serve = async (status: number, body: string): Promise<string> => {
  const server = createServer((_req, res) => res.writeHead(status).end(body))
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

describe('the client', () => {
  it('drives a mock IdP from anywhere, a slash at the end of its URL or not', async () => {
    const idp = await startIdp()
    const ada = await newPerson(idp)
    const client = createMockIdpClient({ url: `${idp.url}/` })
    expect(client.url).toBe(idp.url)
    expect(await client.org('default').users.get(ada.id)).toEqual(ada)
  })

  it('encodes what it puts into addresses', async () => {
    const idp = await startIdp()
    for (const id of ['../../health', 'a/b', 'a?b', '%2e%2e'])
      await expect(idp.org().users.get(id)).rejects.toMatchObject({
        status: 404,
        message: expect.stringContaining(`user "${id}"`),
      })
    await expect(idp.org('../x').users.list()).rejects.toMatchObject({ code: 'not-found' })
  })

  it('repeats the server’s own code, message and hint', async () => {
    const idp = await startIdp()
    const refused = await idp
      .org()
      .sessions.create('00unobody')
      .catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(MockIdpError)
    expect(refused).toMatchObject({ status: 404, code: 'not-found', hint: expect.stringMatching(/GET …\/users/) })
    expect((refused as Error).message).toContain('There is no user "00unobody"')
  })

  it('says so when nothing answers, something else answers, or it is no URL', async () => {
    await expect(createMockIdpClient({ url: 'http://127.0.0.1:9' }).orgs.list()).rejects.toMatchObject({
      code: 'mock-idp-unreachable',
      message: expect.stringContaining('ECONNREFUSED'),
    })
    for (const [status, body] of [
      [200, '<html>'],
      [502, 'Bad gateway'],
      [404, '{"other":1}'],
      [500, '{'],
    ] as const)
      await expect(createMockIdpClient({ url: await serve(status, body) }).orgs.list()).rejects.toMatchObject({
        code: 'unexpected-answer',
      })
    for (const url of ['', 'localhost:7100', 'ftp://x'])
      expect(() => createMockIdpClient({ url })).toThrow(expect.objectContaining({ code: 'bad-url' }))
  })

  it('gives up on a server that does not answer', async () => {
    const server = createServer(() => undefined)
    servers.push({ close: () => server.close() && server.closeAllConnections() })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    await expect(createMockIdpClient({ url, timeoutMs: 50 }).orgs.list()).rejects.toMatchObject({
      code: 'mock-idp-timeout',
    })
  })
})
