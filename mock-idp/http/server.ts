import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { UsageError } from '../../src/core/errors.ts'
import { createApp } from './app.ts'
import type { IdpContext } from './context.ts'

export interface ListenOptions {
  host?: string | undefined
  port?: number | undefined
  tls?: { key: string; cert: string } | undefined
}

export interface Listening {
  /** Without a slash at the end. */
  url: string
  close(): Promise<void>
}

/** A long SAMLRequest in a query string is told so by our own page; Node's limit of 16 kB would answer a bare 431. */
const maxHeaderSize = 256 * 1024

/** How long requests may finish after `close` was asked for, before their connections are cut. */
const graceMs = 500

/** @throws UsageError `port-in-use`, `port-forbidden`, `bad-host`, `bad-tls` */
export const listen = async (ctx: IdpContext, options: ListenOptions): Promise<Listening> => {
  const { host = '127.0.0.1', port = 0, tls } = options
  // TLS is loaded for those who want it only.
  const https = tls && (await import('node:https'))
  const server = withTls(() =>
    https
      ? https.createServer({ ...tls, maxHeaderSize }, createApp(ctx))
      : createServer({ maxHeaderSize }, createApp(ctx)),
  )
  const close = closer(server)
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(whyNotListening(error, host, port)))
    server.listen(port, host, resolve)
  })
  const { port: actual } = server.address() as AddressInfo
  return {
    url: `${tls ? 'https' : 'http'}://${hostOfUrl(host)}:${actual}`,
    close,
  }
}

const withTls = <T>(make: () => T): T => {
  try {
    return make()
  } catch (cause) {
    throw new UsageError(
      `The TLS key and certificate cannot be used: ${cause instanceof Error ? cause.message : cause}`,
      {
        code: 'bad-tls',
        hint: 'Both must be PEM, and belong together.',
        cause,
      },
    )
  }
}

/** All interfaces is no address to go to. */
const hostOfUrl = (host: string): string => {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1'
  return host.includes(':') ? `[${host}]` : host
}

const whyNotListening = (error: NodeJS.ErrnoException, host: string, port: number): Error => {
  if (error.code === 'EADDRINUSE')
    return new UsageError(`Port ${port} of ${host} is already taken by another program`, {
      code: 'port-in-use',
      hint: `Stop that program (is another mock IdP running?), or choose another port: --port ${port + 1}, or --port 0 for any.`,
      cause: error,
    })
  if (error.code === 'EACCES')
    return new UsageError(`Port ${port} may not be used by this user`, {
      code: 'port-forbidden',
      hint: 'Choose a port above 1023.',
      cause: error,
    })
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND' || error.code === 'EAI_AGAIN')
    return new UsageError(`${host} is not an address of this machine`, {
      code: 'bad-host',
      hint: 'Listen on 127.0.0.1, or on 0.0.0.0 for all; for the name that others use, see --public-url.',
      cause: error,
    })
  return error
}

/** Returns how to close: as soon as no request is in work, without waiting for connections that are merely open. */
const closer = (server: Server): (() => Promise<void>) => {
  let inWork = 0
  let closing = false
  server.on('request', (_req, res) => {
    inWork++
    res.once('close', () => {
      inWork--
      if (closing && inWork === 0) server.closeAllConnections()
    })
  })
  return () =>
    new Promise((resolve) => {
      closing = true
      const cut = setTimeout(() => server.closeAllConnections(), graceMs)
      server.close(() => {
        clearTimeout(cut)
        resolve()
      })
      if (inWork === 0) server.closeAllConnections()
    })
}
