import { generateKeyPairSync, type JsonWebKey, randomBytes } from 'node:crypto'
import type { Store } from '../store/store.ts'

export interface OauthKeys {
  /** Signs ID Tokens: ECDSA on P-256, because such a key is made in a millisecond and an RSA key in a hundred. */
  jwk: JsonWebKey & { alg: string; use: string }
  /** Signs cookies and forms. */
  secret: string
}

/** Made at first use and kept: nothing that was signed before a restart is worthless after it. */
export const oauthKeys = (store: Store): OauthKeys => ({
  jwk: JSON.parse(store.once('oauth-signing-key', newSigningKey)) as OauthKeys['jwk'],
  secret: store.once('oauth-cookie-key', () => randomBytes(32).toString('base64url')),
})

const newSigningKey = (): string => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return JSON.stringify({ ...privateKey.export({ format: 'jwk' }), alg: 'ES256', use: 'sig' })
}
