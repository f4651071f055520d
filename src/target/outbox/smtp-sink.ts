/** A mail server that keeps what it gets and sends nothing on: where the SP's mail is seen. */
import { createServer } from 'node:http'
import type { AddressInfo, Server } from 'node:net'
import { SMTPServer } from 'smtp-server'
import { type Clock, systemClock } from '../../core/clock.ts'
import { ConfigError } from '../../core/errors.ts'
import type { Mail } from '../ports.ts'
import { readMail } from './mime.ts'

export interface SmtpSink {
  /** Where it takes mail. */
  port: number
  host: string
  /** Where its mail can be read: `GET {url}/mail?to=a@example.test` gives `{ mail: Mail[] }`. Loopback only. */
  url: string
  stop(): Promise<void>
}

export interface SmtpSinkOptions {
  host?: string
  /** 0 = any free port. */
  port?: number
  /** Older mail is forgotten beyond this many. */
  maxMails?: number
  /** Larger mail is refused with 552. */
  maxBytes?: number
  clock?: Clock
}

const listen = (server: Server, port: number, host: string): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => resolve())
  })

/**
 * Starts the sink. It takes every recipient, with or without a login, and offers no TLS.
 *
 * @throws ConfigError `port-in-use` when something listens there already
 * @example const sink = await startSmtpSink({ port: 2525 })
 */
export const startSmtpSink = async (options: SmtpSinkOptions = {}): Promise<SmtpSink> => {
  const { host = '127.0.0.1', port = 0, maxMails = 2000, maxBytes = 1_000_000, clock = systemClock } = options
  const mails: Mail[] = []

  const smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    size: maxBytes,
    maxClients: 50,
    socketTimeout: 30_000,
    closeTimeout: 100,
    onAuth: (_auth, _session, done) => done(null, { user: 'anyone' }),
    onData: (stream, session, done) => {
      const chunks: Buffer[] = []
      let size = 0
      stream.on('data', (chunk: Buffer) => {
        size += chunk.length
        if (size <= maxBytes) chunks.push(chunk)
      })
      stream.on('end', () => {
        if (size > maxBytes) {
          done(Object.assign(new Error('The mail is larger than what is taken'), { responseCode: 552 }))
          return
        }
        const to = session.envelope.rcptTo.map(({ address }) => address)
        mails.push(readMail(Buffer.concat(chunks), to, new Date(clock.now()).toISOString()))
        if (mails.length > maxMails) mails.shift()
        done()
      })
    },
  })
  // A client that hangs up in the middle is no trouble of ours.
  smtp.on('error', () => {})

  const reader = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost')
    const local = /^(localhost|127\.0\.0\.1)(:\d+)?$/.test(request.headers.host ?? '')
    const known = request.method === 'GET' && url.pathname === '/mail' && local
    const to = url.searchParams.get('to')?.toLowerCase()
    const found = mails.filter((mail) => to === undefined || mail.to.some((one) => one.toLowerCase() === to))
    response.writeHead(known ? 200 : 404, { 'content-type': 'application/json', 'cache-control': 'no-store' })
    response.end(JSON.stringify(known ? { mail: found } : { error: { code: 'not-found', message: 'GET /mail?to=…' } }))
  })

  try {
    await listen(smtp.server, port, host)
    await listen(reader, 0, '127.0.0.1')
  } catch (cause) {
    await new Promise<void>((resolve) => smtp.close(() => resolve()))
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown'
    throw new ConfigError(
      `The mail sink cannot listen on ${host}:${port}: ${code === 'EADDRINUSE' ? 'the port is already taken' : code}`,
      {
        code: code === 'EADDRINUSE' ? 'port-in-use' : 'cannot-listen',
        hint: 'Choose another port with target.outbox.port, and let the service provider send its mail there.',
        cause,
      },
    )
  }
  return {
    host,
    port: (smtp.server.address() as AddressInfo).port,
    url: `http://127.0.0.1:${(reader.address() as AddressInfo).port}`,
    stop: async () => {
      reader.closeAllConnections()
      await Promise.all([
        new Promise<void>((resolve) => reader.close(() => resolve())),
        new Promise<void>((resolve) => smtp.close(() => resolve())),
      ])
    },
  }
}
