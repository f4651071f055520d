import { createHash, sign as signWithKey } from 'node:crypto'
import { InternalError } from '../../src/core/errors.ts'
import type { DigestAlgorithm, SigningPlan } from './signing-plan.ts'

/** Base64 of the digest of UTF-8 text. */
export const digest = (algorithm: DigestAlgorithm, text: string): string =>
  createHash(algorithm).update(text, 'utf8').digest('base64')

/**
 * Signs UTF-8 text on libuv's thread pool, so that logins at the same time use every core and the event loop goes on.
 * An ECDSA value is r and s one after the other, as XML Signature wants it, not the ASN.1 of X.509 (RFC 9231 2.3.6).
 *
 * @returns Base64.
 */
export const sign = (plan: Pick<SigningPlan, 'key' | 'signatureAlgorithm'>, text: string): Promise<string> => {
  const [family, hash] = plan.signatureAlgorithm.split('-')
  const key = plan.key.privateKey
  if (key.asymmetricKeyType !== (family === 'ecdsa' ? 'ec' : 'rsa'))
    throw new InternalError(
      `Expected a key for ${plan.signatureAlgorithm}, found a key of type ${key.asymmetricKeyType ?? 'secret'}.`,
      { code: 'key-algorithm-mismatch', hint: 'Choose a signature algorithm that belongs to the key.' },
    )
  return new Promise((resolve, reject) => {
    signWithKey(hash, Buffer.from(text, 'utf8'), { key, dsaEncoding: 'ieee-p1363' }, (error, signature) =>
      error ? reject(error) : resolve(signature.toString('base64')),
    )
  })
}
