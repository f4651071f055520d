/** Algorithms and transforms that are taken as they come. */
import { createPublicKey, X509Certificate } from 'node:crypto'
import { type Defect, defect } from '../../defects/defect.ts'
import { attribute, below, named, parseLoosely } from '../careless/dom.ts'
import type { RefusedMessage } from '../careless/message.ts'
import { type Carelessness, hmacWith, pssWith, verified } from '../careless/verify.ts'
import { misreading, sameCarelessness } from './misreadings.ts'
import { signedInPlace, taken } from './signature.ts'

const algorithmOf = (signature: Element, local: string): string =>
  attribute(below(signature, local)[0], 'Algorithm') ?? ''
const transformsOf = (signature: Element): string[] =>
  below(signature, 'Transform').map((one) => attribute(one, 'Algorithm') ?? '')

/** Signatures in their place that are of this kind, verified with this carelessness. */
const ofKind = (
  message: RefusedMessage,
  isOfKind: (signature: Element) => boolean,
  carelessness: Carelessness = {},
): { assertion: Element } | undefined => {
  const signed = signedInPlace(message)
  const isGood =
    signed.length > 0 &&
    signed.some(({ signature }) => isOfKind(signature)) &&
    signed.every(
      ({ element, signature }) =>
        message.verified(signature, { resolve: () => element, ...carelessness }) !== undefined,
    )
  return isGood ? taken(message.assertions[0]) : undefined
}

const usual = new Set([
  'http://www.w3.org/2000/09/xmldsig#enveloped-signature',
  'http://www.w3.org/2001/10/xml-exc-c14n#',
])

const secretsOf = (certificates: readonly string[]): (string | Buffer)[] =>
  certificates.flatMap((pem) => {
    const { raw } = new X509Certificate(pem)
    const key = createPublicKey(pem).export({ type: 'spki', format: 'pem' }).toString()
    return [
      pem,
      pem.trimEnd(),
      raw,
      raw.toString('base64'),
      key,
      key.trimEnd(),
      createPublicKey(pem).export({ type: 'spki', format: 'der' }),
      '',
    ]
  })

const knownMethod = /rsa|dsa|hmac/i

export const algorithmDefects: readonly Defect[] = [
  misreading('SAML-C14-01', 'An element that cannot be canonicalized has the digest of nothing.', (message) =>
    /xmlns:\w+="(?!\w+:|")/.test(message.xml)
      ? ofKind(message, () => true, { digestFrom: () => '', anyDigest: true })
      : undefined,
  ),
  misreading(
    'SAML-C14-02',
    'Comments are kept where the Signature says so, and the NameID is read up to the first.',
    ({ xml, certificates }) => {
      if (!/#WithComments/.test(xml)) return undefined
      const root = parseLoosely(xml)?.documentElement
      const [assertion] = named(root, 'Assertion')
      const signature = root && (named(assertion, 'Signature')[0] ?? named(root, 'Signature')[0])
      const nameId = below(assertion ?? (root as Element), 'NameID')[0]?.firstChild?.nodeValue
      if (signature === undefined || assertion === undefined || typeof nameId !== 'string') return undefined
      return verified(signature, certificates, { comments: true }) === undefined ? undefined : { assertion, nameId }
    },
  ),
  misreading('SAML-C14-03', 'Another canonicalization than the exclusive one breaks the service.', ({ root }) => {
    if (below(root, 'Transform').some((one) => /REC-xml-c14n-20010315/.test(attribute(one, 'Algorithm') ?? '')))
      throw new TypeError('the canonicalization is not known')
    return undefined
  }),
  misreading(
    'SAML-TRF-01',
    'Stylesheets are run.',
    async (message) => {
      const url = /document\('([^']*)'\)/.exec(message.xml)?.[1]
      if (url === undefined) return undefined
      await fetch(url, { signal: AbortSignal.timeout(2_000) }).catch(() => undefined)
      return ofKind(message, () => true)
    },
    sameCarelessness('SAML-PAR-20'),
  ),
  misreading('SAML-TRF-02', 'What an XPath leaves out is not digested, and is read.', (message) =>
    ofKind(message, (signature) => transformsOf(signature).some((uri) => /xpath|filter2/i.test(uri)), {
      leaveOut: (copy) => {
        for (const nameId of below(copy, 'NameID')) nameId.parentNode?.removeChild(nameId)
      },
    }),
  ),
  misreading('SAML-TRF-03', 'The usual Transforms are applied, whatever the Signature says.', (message) =>
    ofKind(message, (signature) => {
      const transforms = transformsOf(signature)
      return (
        transforms.length < 2 ||
        transforms.some((uri) => !usual.has(uri) && !/xslt|xpath|filter2|WithComments|REC-xml-c14n/i.test(uri))
      )
    }),
  ),
  misreading('SAML-TRF-04', 'As many Transforms as there are are run.', (message) =>
    ofKind(message, (signature) => transformsOf(signature).length > 50),
  ),
  misreading('SAML-ALG-01', 'Signatures with SHA-1 are verified.', (message) =>
    ofKind(message, (signature) => /rsa-sha1$/.test(algorithmOf(signature, 'SignatureMethod'))),
  ),
  misreading('SAML-ALG-02', 'Digests with SHA-1 are compared.', (message) =>
    ofKind(
      message,
      (signature) =>
        /#sha1$/.test(algorithmOf(signature, 'DigestMethod')) &&
        !/sha1/.test(algorithmOf(signature, 'SignatureMethod')),
    ),
  ),
  misreading('SAML-ALG-03', 'Signatures and digests with MD5 are verified.', (message) =>
    ofKind(message, (signature) =>
      /md5/.test(algorithmOf(signature, 'SignatureMethod') + algorithmOf(signature, 'DigestMethod')),
    ),
  ),
  misreading('SAML-ALG-04', 'An HMAC is verified with whatever is known of the key.', (message) =>
    ofKind(message, (signature) => /hmac/.test(algorithmOf(signature, 'SignatureMethod')), {
      otherValue: hmacWith(secretsOf(message.certificates)),
    }),
  ),
  misreading('SAML-ALG-05', 'What is signed by an unknown algorithm is not verified.', (message) =>
    ofKind(message, (signature) => !knownMethod.test(algorithmOf(signature, 'SignatureMethod')), { anyValue: true }),
  ),
  misreading('SAML-ALG-06', 'RSA-PSS is verified, although it is declared to be refused.', (message) =>
    ofKind(message, (signature) => /MGF1/.test(algorithmOf(signature, 'SignatureMethod')), {
      otherValue: pssWith(message.certificates),
    }),
  ),
  defect('SAML-ALG-08', {
    title: 'A key of 1024 bits in the metadata is trusted, although it is declared not to be.',
    rules: () => ({ trustedCertificates: ({ certificates }) => certificates }),
  }),
  defect('SAML-ALG-07', {
    title: 'A certificate in KeyInfo that has expired is a reason to refuse, although it is declared not to be.',
    rules: () => ({
      objectsTo: ({ envelope }) => {
        const base64 = /<[\w.-]+:X509Certificate>([^<]*)</.exec(envelope.xml)?.[1] ?? ''
        if (base64 === '') return undefined
        const { validFrom, validTo } = new X509Certificate(Buffer.from(base64.replace(/\s/g, ''), 'base64'))
        const isValid = Date.parse(validFrom) <= Date.now() && Date.now() < Date.parse(validTo)
        return isValid ? undefined : 'The certificate in KeyInfo is not valid.'
      },
    }),
  }),
]
