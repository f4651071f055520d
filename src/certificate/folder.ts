/** The certificate of a folder with a report: which key signs it, and the files that are written beside it. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { UsageError } from '../core/errors.ts'
import { writeWhole } from '../report/write.ts'
import { loadOrCreateKey, privateKeyOf, publicPemOf, type SigningKey } from './keys.ts'
import { signReport } from './sign.ts'

export interface Signer extends SigningKey {
  /** Whether idpact made the key itself: then its public half lies beside the certificate. */
  ownKey: boolean
}

/**
 * The key that signs: the given one, or the one of the working folder, which is made when it is first needed.
 *
 * @param given.key path of a private key, PEM
 * @throws UsageError `missing-file`, `bad-key`
 */
export const openSigner = async ({ key, cwd }: { key: string | undefined; cwd: string }): Promise<Signer> => {
  if (key === undefined)
    return { ...(await loadOrCreateKey(join(cwd, '.idpact', 'certificate.key.pem'))), ownKey: true }
  const pem = await readFile(key, 'utf8').catch((cause: unknown) => {
    throw new UsageError(`--key: ${key} cannot be read.`, {
      code: 'missing-file',
      hint: 'Give a private key, PEM: `openssl genpkey -algorithm ed25519 -out certificate.key.pem` makes one.',
      cause,
    })
  })
  return { ...(await privateKeyOf(pem, key)), ownKey: false }
}

/** Signs the report.json of a folder: certificate.jws, and with a key of our own certificate.pub.pem beside it. */
export const signFolder = async (folder: string, signer: Signer): Promise<void> => {
  const report = await readFile(join(folder, 'report.json'), 'utf8')
  await writeWhole(join(folder, 'certificate.jws'), `${await signReport(report, signer)}\n`)
  if (signer.ownKey) await writeWhole(join(folder, 'certificate.pub.pem'), publicPemOf(signer))
}
