/** Service providers that behave badly, and a good one to put together; real HTTP on port 0. */
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'
import { type HttpConfig, targetSchema } from '../../src/config/schema.ts'
import { openTransport, type Transport, type TransportOptions } from '../../src/target/transport.ts'
import { createUserAgent, type UserAgent } from '../../src/target/user-agent.ts'

const portOf = (server: { address(): unknown }): number => (server.address() as AddressInfo).port

/** Starts an HTTP server for this test; gives its URL. */
export const serve = async (listener: RequestListener, host = '127.0.0.1'): Promise<string> => {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, host, resolve))
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return `http://127.0.0.1:${portOf(server)}`
}

/** A TCP server for this test: for answers that no HTTP library would send. */
export const serveTcp = async (onSocket: (socket: Socket) => void): Promise<string> => {
  const sockets = new Set<Socket>()
  const server = createTcpServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    onSocket(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  })
  return `http://127.0.0.1:${portOf(server)}`
}

/** A URL where nothing listens: the port was free a moment ago. */
export const nowhere = async (): Promise<string> => {
  const server = createTcpServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${portOf(server)}`
  await new Promise((resolve) => server.close(resolve))
  return url
}

export const bodyOf = async (request: IncomingMessage): Promise<string> => {
  let text = ''
  for await (const chunk of request) text += chunk
  return text
}

export const sendJson = (response: ServerResponse, status: number, body: unknown): void => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

/** What goes wrong, by name; each answers everything in its way. */
export const hostile: Record<string, () => Promise<string>> = {
  down: nowhere,
  'answers 500': () => serve((_, response) => response.writeHead(500).end('broken')),
  hangs: () => serve(() => {}),
  'hangs in the middle': () => serve((_, response) => response.writeHead(200).write('<p>')),
  'closes the connection': () => serveTcp((socket) => socket.once('data', () => socket.destroy())),
  'closes it in the middle': () =>
    serveTcp((socket) => socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf'))),
  'speaks something else': () =>
    serveTcp((socket) => socket.once('data', () => socket.end('220 mail.example.test\r\n'))),
  'redirects for ever': () =>
    serve((request, response) => response.writeHead(302, { location: `${request.url}x` }).end()),
  'sends 50 MB': () =>
    serve((_, response) => {
      const chunk = 'x'.repeat(1_000_000)
      let left = 50
      const more = (): void => {
        while (left-- > 0) if (!response.write(chunk)) return void response.once('drain', more)
        response.end()
      }
      response.on('error', () => {})
      more()
    }),
  'is not HTML': () =>
    serve((_, response) => response.writeHead(200, { 'content-type': 'image/png' }).end('\u0089PNG\u0000')),
  'answers 429': () => serve((_, response) => response.writeHead(429, { 'retry-after': '1' }).end('slow down')),
}

export const httpConfig = (http: Partial<HttpConfig> = {}): HttpConfig => ({
  ...targetSchema.shape.http.parse({ timeoutMs: 5000 }),
  ...http,
})

export const transportFor = (options: Partial<TransportOptions> = {}): Transport => {
  const transport = openTransport({ http: httpConfig(), origins: [], ...options })
  onTestFinished(() => transport.close())
  return transport
}

export const agentFor = (options: Partial<TransportOptions> = {}): UserAgent =>
  createUserAgent({ transport: transportFor(options) })
