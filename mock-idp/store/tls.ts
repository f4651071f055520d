import { generateKeyPair } from 'node:crypto'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { selfSignedCertificate } from '../../src/core/certificate.ts'
import { toPem } from '../saml/keys.ts'
import { readIfThere, writeOnce } from './key-files.ts'

/** A TLS certificate lives shorter than a SAML one: browsers refuse longer ones even when they are trusted. */
const years = 1

/**
 * A self-signed certificate for HTTPS on this machine, and its key. With a folder it is kept there (`tls.pem`, mode 0600),
 * so that it has to be trusted once only.
 *
 * @param hosts names and IPv4 addresses that it is for
 */
export const loadOrCreateTls = async (
  folder: string | undefined,
  options: { hosts: readonly string[]; now: number },
): Promise<{ key: string; cert: string }> => {
  const file = folder === undefined ? undefined : join(folder, 'tls.pem')
  const pem = (file && readIfThere(file)) ?? (await make(options))
  const kept = file === undefined ? pem : writeOnce(file, pem)
  return { key: kept, cert: kept.slice(kept.indexOf('-----BEGIN CERTIFICATE')) }
}

const make = async ({ hosts, now }: { hosts: readonly string[]; now: number }): Promise<string> => {
  const { privateKey, publicKey } = await promisify(generateKeyPair)('ec', { namedCurve: 'P-256' })
  const commonName = hosts[0] ?? 'localhost'
  const der = selfSignedCertificate({ privateKey, publicKey, commonName, subject: 'plain', now, years, hosts })
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() + toPem(der.toString('base64'))
}
