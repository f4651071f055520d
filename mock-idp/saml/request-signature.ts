import { type KeyObject, verify, X509Certificate } from 'node:crypto'
import { type AuthnRequest, AuthnRequestError, authnRequestLimits } from './authn-request.ts'
import { signatureUri } from './names.ts'
import { checkEnvelopedSignature } from './signature-gate.ts'

/**
 * Reads a certificate in PEM or in bare base64, as metadata carries it.
 *
 * @throws AuthnRequestError `bad-sp-certificate`
 */
export const readCertificate = (text: string): X509Certificate => {
  try {
    return text.includes('-----BEGIN')
      ? new X509Certificate(text)
      : new X509Certificate(Buffer.from(text.replace(/\s/g, ''), 'base64'))
  } catch (cause) {
    throw new AuthnRequestError('bad-sp-certificate', {
      expected: 'the registered certificate of the service provider to be an X.509 certificate in PEM or base64',
      found: 'something that cannot be read as one',
      hint: 'Register the certificate again: take it from the X509Certificate element of the metadata.',
      cause,
    })
  }
}

const algorithms = new Map(Object.entries(signatureUri).map(([name, uri]) => [uri as string, name]))

const unsupported = (uri: string, supported: readonly string[]): AuthnRequestError =>
  new AuthnRequestError('unsupported-signature-algorithm', {
    expected: `a signature made with ${supported.join(', ')}`,
    found: JSON.stringify(uri.slice(0, 200)),
    hint: `Sign with rsa-sha256: ${signatureUri['rsa-sha256']}.`,
  })

const badSignature = (detail: string): AuthnRequestError =>
  new AuthnRequestError('bad-signature', {
    expected: "a signature that verifies with the service provider's registered certificate",
    found: detail,
    hint: 'Check that the registered certificate belongs to the key that signs, and that nothing changes the message after signing.',
  })

const missingSignature = (binding: string): AuthnRequestError =>
  new AuthnRequestError('missing-signature', {
    expected: 'a signed AuthnRequest, as this application requires',
    found: `a request without ${binding === 'HTTP-POST' ? 'ds:Signature' : 'the parameters Signature and SigAlg'}`,
    hint: 'Turn on signing of requests at the service provider, or turn off requireSignedRequests of the application.',
  })

const verifyText = (hash: string, text: string, key: KeyObject, signature: Buffer): boolean =>
  verify(hash, Buffer.from(text, 'utf8'), { key, dsaEncoding: 'ieee-p1363' }, signature)

/**
 * Verifies the signature of a request by the HTTP-Redirect binding (SAML Bindings 3.4.4.1). It covers the message, the
 * RelayState and the algorithm.
 *
 * @param certificates Of the service provider, PEM or base64; one that verifies is enough.
 * @throws AuthnRequestError `missing-signature`, `unsupported-signature-algorithm`, `bad-signature`, `bad-sp-certificate`
 */
export const verifyRedirectSignature = (
  request: Pick<AuthnRequest, 'querySignature' | 'binding'>,
  certificates: readonly string[],
): void => {
  const signed = request.querySignature
  if (!signed) throw missingSignature(request.binding)
  const [family, hash] = algorithms.get(signed.algorithm)?.split('-') ?? []
  if (!family || !hash) throw unsupported(signed.algorithm, [...algorithms.values()])
  const keys = certificates.map((certificate) => readCertificate(certificate).publicKey)
  const fitting = keys.filter((key) => key.asymmetricKeyType === (family === 'ecdsa' ? 'ec' : 'rsa'))
  if (fitting.length === 0) throw badSignature(`${family.toUpperCase()}, for which no certificate is registered`)
  const value = Buffer.from(signed.value, 'base64')
  if (!fitting.some((key) => verifyText(hash, signed.signedText, key, value)))
    throw badSignature('one that does not verify over the parameters as they came')
}

/** What samlify, by xml-crypto, can verify. */
const postAlgorithms = ['rsa-sha1', 'rsa-sha256', 'rsa-sha512'] as const

/**
 * Verifies the enveloped signature of a request by the HTTP-POST binding (SAML Core 5.4). Only what it covers is used:
 * the signature must be the root's own and its one Reference the root, so what `decodePost` read is what was signed.
 *
 * @param certificates Of the service provider, PEM or base64; one that verifies is enough.
 * @throws AuthnRequestError `missing-signature`, `signature-covers-something-else`, `unsupported-signature-algorithm`,
 * `bad-signature`, `bad-sp-certificate`
 */
export const verifyPostSignature = async (
  request: Pick<AuthnRequest, 'xml' | 'id' | 'signed' | 'binding'>,
  certificates: readonly string[],
): Promise<void> => {
  if (!request.signed) throw missingSignature(request.binding)
  const { signatureMethod } = checkEnvelopedSignature(request.xml, request.id, authnRequestLimits)
  if (!postAlgorithms.some((name) => signatureUri[name] === signatureMethod))
    throw unsupported(signatureMethod, postAlgorithms)
  const { default: samlify } = await import('samlify')
  const problems: string[] = []
  for (const certificate of certificates) {
    const base64 = readCertificate(certificate).raw.toString('base64')
    try {
      const [verified] = samlify.SamlLib.verifySignature(request.xml, {
        metadata: { getX509Certificate: () => [base64] },
        signatureAlgorithm: signatureMethod,
      } as unknown as Parameters<typeof samlify.SamlLib.verifySignature>[1])
      if (verified) return
      problems.push('one that does not verify over the message')
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      problems.push(
        message.includes('UNMATCH_CERTIFICATE')
          ? 'one whose KeyInfo carries another certificate'
          : `one that does not verify (${message.slice(0, 200)})`,
      )
    }
  }
  throw badSignature(problems[0] ?? 'no registered certificate to verify it with')
}

/** Verifies a request by the rules of the binding that it came by. */
export const verifyRequestSignature = async (
  request: Pick<AuthnRequest, 'xml' | 'id' | 'signed' | 'binding' | 'querySignature'>,
  certificates: readonly string[],
): Promise<void> =>
  request.binding === 'HTTP-POST'
    ? verifyPostSignature(request, certificates)
    : verifyRedirectSignature(request, certificates)
