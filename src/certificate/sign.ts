/** The certificate: report.json, signed, so that nobody can change the verdict or the evidence after the run. */
import { CompactSign } from 'jose'
import type { SigningKey } from './keys.ts'

/** Says in the header what is signed (RFC 7515, 4.1.9), so that no other JWS of the same key passes for a certificate. */
export const certificateType = 'idpact-certificate+jws'

/**
 * Signs the text of report.json. The evidence is covered too: the report holds the digest of each file.
 *
 * @param reportJson the bytes of report.json, exactly
 * @returns a JWS in compact form (RFC 7515, 7.1)
 * @example await writeFile('certificate.jws', await signReport(text, await privateKeyOf(pem, 'key.pem')))
 */
export const signReport = (reportJson: string, { key, alg, kid }: SigningKey): Promise<string> =>
  new CompactSign(new TextEncoder().encode(reportJson)).setProtectedHeader({ alg, typ: certificateType, kid }).sign(key)
