/** Checks a certificate with no network: who signed it, and whether report and evidence are as they were signed. */
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { compactVerify, decodeProtectedHeader } from 'jose'
import { sha256 } from '../core/digest.ts'
import { UsageError } from '../core/errors.ts'
import type { Report } from '../report/model.ts'
import { parseReport, readOwnFile } from '../report/read.ts'
import type { SigningKey } from './keys.ts'
import { certificateType } from './sign.ts'

export interface Verified {
  report: Report
  /** Whether the signature was checked with a key that the caller trusts. */
  signer: 'known' | 'unknown'
  /** What the header says of the key; no proof of anything. */
  kid: string | undefined
  /** Files of the report that lie beside the certificate, and are what was signed. */
  files: { intact: number; absent: number /** Whether report.json is. */; report: boolean }
}

/**
 * Verifies a certificate. A key in its own header is not looked at: whoever changed the certificate would have put it there.
 *
 * @param file certificate.jws; report and evidence are looked for beside it
 * @param key of the signer, from elsewhere; without one only what lies beside it is compared
 * @throws UsageError `not-a-certificate`, `certificate-cut-off`, `other-signer`, `certificate-changed`, `evidence-changed`,
 *   `evidence-missing`, and what {@link parseReport} throws
 * @example await verifyCertificate('reports/latest/certificate.jws', await publicKeyOf(pem, 'ci.pub.pem'))
 */
export const verifyCertificate = async (file: string, key: SigningKey | undefined): Promise<Verified> => {
  const jws = (await readOwnFile(file, hint)).toString('utf8').trim()
  const { kid, payload } = partsOf(jws, file)
  if (key !== undefined) await mustBeSignedBy(jws, key, { file, kid })
  const report = parseReport(payload, `The report in ${file}`)
  const isThere = await mustBeWhatLiesBeside(dirname(file), payload)
  const files = { ...(await compareEvidence(dirname(file), report)), report: isThere }
  return { report, signer: key === undefined ? 'unknown' : 'known', kid, files }
}

const hint = 'Give the certificate.jws that `idpact certify --sign` wrote.'

const partsOf = (jws: string, file: string): { kid: string | undefined; payload: string } => {
  const parts = jws.split('.')
  const refuse = (code: string, why: string): never => {
    throw new UsageError(`${file} is not a certificate of idpact: ${why}.`, { code, hint })
  }
  if (!/^[\w-]+(\.[\w-]*)*$/.test(jws)) return refuse('not-a-certificate', 'it is not a JWS in compact form')
  if (parts.length !== 3 || parts[2] === '') return refuse('certificate-cut-off', 'its end is missing')
  const header = headerOf(jws)
  if (header?.typ !== certificateType) return refuse('not-a-certificate', `its header does not say ${certificateType}`)
  return { kid: header.kid, payload: Buffer.from(parts[1] ?? '', 'base64url').toString('utf8') }
}

const headerOf = (jws: string): { typ?: string; kid?: string } | undefined => {
  try {
    return decodeProtectedHeader(jws) as { typ?: string; kid?: string }
  } catch {
    return undefined
  }
}

const mustBeSignedBy = async (
  jws: string,
  key: SigningKey,
  { file, kid }: { file: string; kid: string | undefined },
): Promise<void> => {
  try {
    await compactVerify(jws, key.key, { algorithms: [key.alg] })
  } catch (cause) {
    if (kid !== key.kid)
      throw new UsageError(`${file} was signed with another key (${kid ?? 'unnamed'}) than this one (${key.kid}).`, {
        code: 'other-signer',
        hint: 'Give the public key of whoever signed it, if you trust them.',
        cause,
      })
    throw new UsageError(`${file} was changed after it was signed.`, {
      code: 'certificate-changed',
      hint: 'Don’t rely on it; take it from where it was made, or certify again.',
      cause,
    })
  }
}

/** Who looks at report.json must see what was signed. */
const mustBeWhatLiesBeside = async (folder: string, payload: string): Promise<boolean> => {
  const beside = await readFile(join(folder, 'report.json'), 'utf8').catch(() => undefined)
  if (beside === undefined) return false
  if (beside === payload) return true
  throw new UsageError(`report.json in ${folder} is not the report that was signed.`, {
    code: 'evidence-changed',
    hint: 'It was changed, or is of another run.',
  })
}

/** All of it or none: where a part is missing, somebody took it away. */
const compareEvidence = async (folder: string, report: Report): Promise<Omit<Verified['files'], 'report'>> => {
  const found = await Promise.all(
    report.evidence.map(async ({ file, sha256: digest }) => {
      const bytes = await readFile(join(folder, safely(file))).catch(() => undefined)
      if (bytes === undefined) return 'absent'
      if (sha256(bytes) === digest) return 'intact'
      throw new UsageError(`${file} in ${folder} is not what was signed.`, {
        code: 'evidence-changed',
        hint: 'It was changed after the run. The verdict is not: that is in the certificate itself.',
      })
    }),
  )
  const intact = found.filter((one) => one === 'intact').length
  const absent = found.length - intact
  const missing = report.evidence[found.indexOf('absent')]?.file
  if (intact > 0 && absent > 0)
    throw new UsageError(
      `${absent} of ${found.length} files that the report names are missing in ${folder}: ${missing}${absent > 1 ? ' and others' : ''}.`,
      {
        code: 'evidence-missing',
        hint: 'Give the whole folder of the report, or the certificate alone.',
      },
    )
  return { intact, absent }
}

/** A report from elsewhere may name any file: only those below its folder are read. */
const safely = (file: string): string => {
  if (/^(?:evidence\/)?[\w.-]+$/.test(file) && !file.includes('..')) return file
  throw new UsageError(`The certificate names a file that no report of idpact has: ${file}`, {
    code: 'not-a-certificate',
    hint,
  })
}
