import { hash, type KeyObject, type SignKeyObjectInput, sign as signWithKey } from 'node:crypto'
import { InternalError } from '../../src/core/errors.ts'
import type { DigestAlgorithm, SigningPlan } from './signing-plan.ts'

/** Base64 of the digest of UTF-8 text. */
export const digest = (algorithm: DigestAlgorithm, text: string): string => hash(algorithm, text, 'base64')

/** Asking a KeyObject for its type costs as much as writing an Assertion (Node 24): each is asked once. */
const keyTypes = new WeakMap<KeyObject, string>()
const keyType = (key: KeyObject): string => {
  const type = keyTypes.get(key) ?? key.asymmetricKeyType ?? 'secret'
  keyTypes.set(key, type)
  return type
}

type SigningInput = KeyObject | SignKeyObjectInput

/** Everyone who asks for a signature in the same turn of the event loop. */
interface Turn {
  callers: number
  over: Promise<void>
}
let turn: Turn | undefined
let inPool = 0

const newTurn = (): Turn => ({
  callers: 0,
  over: new Promise((resolve) =>
    setImmediate(() => {
      turn = undefined
      resolve()
    }),
  ),
})

/** Waits until all that has arrived has been read, and says how many of it want a signature. */
const callersOfThisTurn = async (): Promise<number> => {
  turn ??= newTurn()
  const mine = turn
  mine.callers += 1
  await mine.over
  return mine.callers
}

const signInPool = (algorithm: string, data: Buffer, key: SigningInput): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    inPool += 1
    signWithKey(algorithm, data, key, (error, signature) => {
      inPool -= 1
      if (error) reject(error)
      else resolve(signature)
    })
  })

/**
 * Signs UTF-8 text. Several signatures at once, or one while others are being made, go to libuv's thread pool, so that
 * they use every core. One alone is made here: the way to the pool and back would make it slower (`npm run bench`),
 * and nobody is kept waiting.
 *
 * An ECDSA value is r and s one after the other, as XML Signature wants it, not the ASN.1 of X.509 (RFC 9231 2.3.6).
 *
 * @returns Base64.
 * @throws InternalError `key-algorithm-mismatch`
 */
export const sign = async (plan: Pick<SigningPlan, 'key' | 'signatureAlgorithm'>, text: string): Promise<string> => {
  const [family, algorithm] = plan.signatureAlgorithm.split('-') as [string, string]
  const { privateKey } = plan.key
  if (keyType(privateKey) !== (family === 'ecdsa' ? 'ec' : 'rsa'))
    throw new InternalError(
      `Expected a key for ${plan.signatureAlgorithm}, found a key of type ${keyType(privateKey)}.`,
      { code: 'key-algorithm-mismatch', hint: 'Choose a signature algorithm that belongs to the key.' },
    )
  const data = Buffer.from(text, 'utf8')
  const key: SigningInput = family === 'ecdsa' ? { key: privateKey, dsaEncoding: 'ieee-p1363' } : privateKey
  const alone = (await callersOfThisTurn()) === 1 && inPool === 0
  const signature = alone ? signWithKey(algorithm, data, key) : await signInPool(algorithm, data, key)
  return signature.toString('base64')
}
