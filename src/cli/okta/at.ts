import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { MockIdpClient } from '../../../mock-idp/client.ts'
import type { CliIo } from '../io.ts'

/**
 * A client of the mock IdP at this address, or of the one of this folder, wherever that last listened. The certificate that
 * `idpact idp --tls` made in this folder is trusted.
 */
export const connectTo = async (io: CliIo, given: string | undefined): Promise<MockIdpClient> => {
  const { createMockIdpClient } = await import('../../../mock-idp/client.ts')
  const { folderIdpUrl } = await import('../introduce.ts')
  const url = given ?? (await folderIdpUrl(io.cwd))
  const ca = url.startsWith('https:') ? certificateIn(join(io.cwd, '.idpact/tls.pem')) : undefined
  // An import runs inside the call, and a large account has many pages.
  return createMockIdpClient({ url, ca, timeoutMs: 600_000 })
}

const certificateIn = (file: string): string | undefined => {
  if (!existsSync(file)) return undefined
  const pem = readFileSync(file, 'utf8')
  return pem.slice(pem.indexOf('-----BEGIN CERTIFICATE'))
}
