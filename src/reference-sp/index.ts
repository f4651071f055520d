import { createServer, type Server } from 'node:http'
import { systemClock } from '../core/clock.ts'
import { UsageError } from '../core/errors.ts'
import { rulesWith } from './defects/defects.ts'
import { createApp } from './http/app.ts'
import { readAccessTokenSeconds, readRedirectUris } from './oauth/settings.ts'
import type { InProcessOptions, ReferenceSpHere, ReferenceSpOptions } from './options.ts'
import { type ContractId, entryFor } from './profiles.ts'
import { createService } from './service.ts'

export { contractIds } from './contract-ids.ts'
export type { Defect } from './defects/defect.ts'
export type { Info } from './info.ts'
export type { ReferenceSpOptions, RunningReferenceSp } from './options.ts'
export { type ContractId, contractOfDefect, type Infos, listDefects } from './profiles.ts'

/**
 * Starts the reference SP for a contract in this process: an SP that keeps every requirement of the contract, but those
 * that it is told to break.
 *
 * @throws UsageError when the port is taken, or a contract, defect, redirect URI or lifetime is none; ConfigError when the
 *   database cannot be used.
 * @example
 * const sp = await startReferenceSp({ contract: 'cloudinary', defects: ['CLD-PROV-12'] })
 * sp.info.acsUrls[0]
 * await sp.stop()
 */
export const startReferenceSp = async <C extends ContractId = 'cloudinary'>(
  options: ReferenceSpOptions<C> & InProcessOptions = {},
): Promise<ReferenceSpHere<C>> => {
  const { host = '127.0.0.1', port = 0, defects = [], contract = 'cloudinary' as C } = options
  const { profile, info: infoOf, overview } = entryFor(contract)
  rulesWith(profile, defects)
  const redirectUris = readRedirectUris(options.redirectUris ?? [])
  const { accessTokenSeconds } = options
  if (accessTokenSeconds !== undefined) readAccessTokenSeconds(accessTokenSeconds)
  const server = createServer()
  const url = await listen(server, host, port)
  const service = await createService(profile, url, {
    database: options.database ?? ':memory:',
    metadata: options.metadata,
    defects,
    smtp: options.smtp,
    redirectUris,
    accessTokenSeconds,
    clock: options.clock ?? systemClock,
    onProblem: options.onProblem ?? (() => undefined),
  }).catch((error: unknown) => {
    server.close()
    throw error
  })
  server.on('request', createApp(service))
  let info = infoOf(service)
  return {
    url,
    get info() {
      return info
    },
    overview: () => overview(info),
    reset: async ({ defects } = {}) => {
      service.reset(defects)
      info = infoOf(service)
    },
    stop: async () => {
      await close(server)
      await service.close()
    },
  }
}

const listen = (server: Server, host: string, port: number): Promise<string> =>
  new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => reject(cannotListen(host, port, cause)))
    server.listen(port, host, () => {
      const address = server.address()
      const actual = typeof address === 'object' && address !== null ? address.port : port
      resolve(`http://${host.includes(':') ? `[${host}]` : host}:${actual}`)
    })
  })

const cannotListen = (host: string, port: number, cause: NodeJS.ErrnoException): UsageError =>
  cause.code === 'EADDRINUSE'
    ? new UsageError(`The reference SP cannot listen on ${host}:${port}: the port is taken.`, {
        code: 'port-in-use',
        hint: 'Stop what listens there, or choose another with --port (0 takes a free one).',
        cause,
      })
    : new UsageError(`The reference SP cannot listen on ${host}:${port}: ${cause.message}.`, {
        code: 'cannot-listen',
        hint: 'Choose another address or port.',
        cause,
      })

const close = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
