import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'

/** DER: tag, length, contents (X.690 8.1). */
const der = (tag: number, ...contents: Buffer[]): Buffer => {
  const body = Buffer.concat(contents)
  const length =
    body.length < 128
      ? Buffer.from([body.length])
      : body.length < 256
        ? Buffer.from([0x81, body.length])
        : Buffer.from([0x82, body.length >> 8, body.length & 255])
  return Buffer.concat([Buffer.from([tag]), length, body])
}

const sha256WithRsa = der(0x30, der(0x06, Buffer.from('2a864886f70d01010b', 'hex')), der(0x05))
const commonName = (name: string): Buffer =>
  der(0x30, der(0x31, der(0x30, der(0x06, Buffer.from('550403', 'hex')), der(0x0c, Buffer.from(name)))))

export interface Identity {
  privateKey: KeyObject
  /** Base64 of the DER, as metadata has it. */
  certificate: string
}

/** A key and a certificate that it signed itself, valid for some years. */
export const makeIdentity = (name = 'idp.example.test'): Identity => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const time = (text: string): Buffer => der(0x17, Buffer.from(text))
  const body = der(
    0x30,
    der(0x02, Buffer.from([1])),
    sha256WithRsa,
    commonName(name),
    der(0x30, time('240101000000Z'), time('440101000000Z')),
    commonName(name),
    publicKey.export({ type: 'spki', format: 'der' }),
  )
  const signature = der(0x03, Buffer.from([0]), sign('sha256', body, privateKey))
  return { privateKey, certificate: der(0x30, body, sha256WithRsa, signature).toString('base64') }
}
