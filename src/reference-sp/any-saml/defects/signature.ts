/** Signatures that are verified carelessly. */
import { X509Certificate } from 'node:crypto'
import { type Defect, defect } from '../../defects/defect.ts'
import { attribute, below, firstTextOf, isInside, named, textOf } from '../careless/dom.ts'
import type { RefusedMessage } from '../careless/message.ts'
import { everyElement } from '../careless/verify.ts'
import { misreading, sameCarelessness } from './misreadings.ts'

/** The Signature that an element has as a child. */
export const own = (element: Element | undefined): Element | undefined => named(element, 'Signature')[0]

export const signatures = ({ root }: RefusedMessage): Element[] => below(root, 'Signature')

/** The Assertion of a message whose Response or Assertion this is. */
export const assertionOf = (element: Element | undefined): Element | undefined =>
  element === undefined ? undefined : element.localName === 'Assertion' ? element : named(element, 'Assertion')[0]

export const taken = (assertion: Element | undefined) => (assertion === undefined ? undefined : { assertion })

/** Root and its Assertions, each with a Signature of its own. */
export const signedInPlace = ({ root, assertions }: RefusedMessage): { element: Element; signature: Element }[] =>
  [root, ...assertions].flatMap((element) => {
    const signature = own(element)
    return signature === undefined ? [] : [{ element, signature }]
  })

const certificateIn = (signature: Element): string | undefined => {
  const base64 = textOf(below(signature, 'X509Certificate')[0]).replace(/\s/g, '')
  return base64 === '' ? undefined : `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`
}

const names = (pem: string): string => {
  const { subject, issuer, serialNumber } = new X509Certificate(pem)
  return [subject, issuer, serialNumber].join('\n')
}

/** A Signature in its place that this other way of verifying takes. */
const inPlace = (
  message: RefusedMessage,
  verify: (signature: Element, element: Element) => Element | undefined,
): { assertion: Element } | undefined => {
  for (const { element, signature } of signedInPlace(message)) {
    const found = verify(signature, element)
    if (found !== undefined) return taken(assertionOf(element))
  }
  return undefined
}

const isBroken = ({ refused }: RefusedMessage): boolean => refused.reason === 'SIGNATURE_INVALID'

export const signatureDefects: readonly Defect[] = [
  misreading('SAML-SIG-01', 'A message without a Signature is read all the same.', (message) =>
    message.refused.reason === 'SIGNATURE_MISSING' ? taken(message.assertions[0]) : undefined,
  ),
  misreading(
    'SAML-SIG-02',
    'The digest is not compared with what was signed.',
    (message) =>
      isBroken(message) ? inPlace(message, (signature) => message.verified(signature, { anyDigest: true })) : undefined,
    sameCarelessness('SAML-SIG-09', 'SAML-C14-01'),
  ),
  misreading('SAML-SIG-03', 'A Signature without KeyInfo is not verified.', (message) =>
    isBroken(message) && signatures(message).every((signature) => named(signature, 'KeyInfo').length === 0)
      ? taken(message.assertions[0])
      : undefined,
  ),
  misreading(
    'SAML-SIG-04',
    'A Signature is verified with the certificate in its KeyInfo.',
    (message) =>
      inPlace(message, (signature) => {
        const pem = certificateIn(signature)
        return pem === undefined || !isBroken(message) ? undefined : message.verified(signature, { keys: [pem] })
      }),
    sameCarelessness('SAML-SIG-06', 'SAML-SIG-09', 'SAML-ALG-08'),
  ),
  misreading(
    'SAML-SIG-05',
    'That the certificate in KeyInfo is the trusted one is enough.',
    (message) =>
      inPlace(message, (signature) => {
        const pem = certificateIn(signature)
        const isTrusted = message.certificates.some(
          (one) => pem !== undefined && new X509Certificate(one).raw.equals(new X509Certificate(pem).raw),
        )
        return isTrusted && isBroken(message) ? message.verified(signature, { anyValue: true }) : undefined
      }),
    sameCarelessness('SAML-SIG-02', 'SAML-SIG-09'),
  ),
  misreading(
    'SAML-SIG-06',
    'A certificate in KeyInfo with the names and serial number of the trusted one is trusted.',
    (message) =>
      inPlace(message, (signature) => {
        const pem = certificateIn(signature)
        const looksAlike = message.certificates.some((one) => pem !== undefined && names(one) === names(pem))
        return looksAlike && pem !== undefined && isBroken(message)
          ? message.verified(signature, { keys: [pem] })
          : undefined
      }),
    sameCarelessness('SAML-SIG-09', 'SAML-ALG-08'),
  ),
  defect('SAML-SIG-07', {
    title: 'An unsigned Assertion in a signed Response is refused, although it is declared to be accepted.',
    rules: () => ({
      objectsTo: ({ envelope }) => (envelope.signed.assertion ? undefined : 'The Assertion is not signed.'),
    }),
  }),
  defect('SAML-SIG-08', {
    title: 'An unsigned Response around a signed Assertion is refused, although it is declared to be accepted.',
    rules: () => ({
      objectsTo: ({ envelope }) => (envelope.signed.response ? undefined : 'The Response is not signed.'),
    }),
  }),
  misreading('SAML-SIG-09', 'One good Signature is enough, whatever the other is.', (message) =>
    isBroken(message) && signedInPlace(message).length === 2
      ? inPlace(message, (signature) => message.verified(signature))
      : undefined,
  ),
  misreading('SAML-SIG-10', 'A Signature is taken from anywhere in the document.', (message) => {
    const found = signatures(message)
      .filter((signature) => !signedInPlace(message).some((one) => one.signature === signature))
      .map((signature) => message.verified(signature))
      .find((element) => element !== undefined && message.assertions.includes(element))
    return message.assertions.length === 1 ? taken(found) : undefined
  }),
  misreading(
    'SAML-SIG-11',
    'A Reference that is to no ID is taken for one to the element around the Signature.',
    (message) =>
      inPlace(message, (signature, element) => {
        const uri = attribute(below(signature, 'Reference')[0], 'URI')
        const isToId = uri !== undefined && /^#[^(]+$/.test(uri)
        return isToId ? undefined : message.verified(signature, { resolve: () => element })
      }),
    sameCarelessness('SAML-ID-03'),
  ),
  misreading(
    'SAML-SIG-12',
    'The Assertion around a Signature is read, whatever the Reference is to.',
    (message) =>
      inPlace(message, (signature, element) => {
        const found = message.verified(signature, {
          resolve: (id, root) =>
            everyElement(root).find((one) => ['ID', 'Id'].some((name) => attribute(one, name) === id)),
        })
        return found === element ? undefined : found
      }),
    sameCarelessness(
      'SAML-XSW-01',
      'SAML-XSW-10',
      'SAML-XSW-11',
      'SAML-XSW-17',
      'SAML-ID-01',
      'SAML-ID-02',
      'SAML-SIG-10',
      'SAML-SIG-20',
      'SAML-PAR-06',
      'SAML-PAR-07',
    ),
  ),
  misreading(
    'SAML-SIG-13',
    'Of several References one is looked at.',
    (message) => {
      const [signature] = signatures(message).filter((one) => below(one, 'Reference').length > 1)
      return signature !== undefined && message.verified(signature, { anyDigest: true }) !== undefined
        ? taken(message.assertions[0])
        : undefined
    },
    sameCarelessness('SAML-SIG-15', 'SAML-XSW-01'),
  ),
  misreading('SAML-SIG-14', 'A Signature without a Reference is good if its value is.', (message) => {
    const [signature] = signatures(message).filter((one) => below(one, 'Reference').length === 0)
    return signature !== undefined && message.verified(signature, { anyDigest: true, resolve: (_id, root) => root })
      ? taken(message.assertions[0])
      : undefined
  }),
  misreading('SAML-SIG-15', 'Of two SignedInfo one is verified, and the digest is taken from the other.', (message) =>
    inPlace(message, (signature) => {
      const infos = named(signature, 'SignedInfo')
      if (infos.length < 2) return undefined
      for (const info of infos)
        for (const other of infos) {
          const found = message.verified(signature, {
            signedInfo: () => info,
            digestFrom: () => textOf(below(other, 'DigestValue')[0]),
          })
          if (found !== undefined) return found
        }
      return undefined
    }),
  ),
  misreading('SAML-SIG-16', 'The digest is the first thing in DigestValue, be it a comment.', (message) =>
    inPlace(message, (signature) =>
      // Where there is nothing but text, that is no other reading.
      (below(signature, 'DigestValue')[0]?.childNodes.length ?? 0) > 1
        ? message.verified(signature, {
            digestFrom: () => below(signature, 'DigestValue')[0]?.firstChild?.nodeValue ?? '',
          })
        : undefined,
    ),
  ),
  misreading('SAML-SIG-17', 'Anything but text in the values of a Signature breaks the service.', (message) => {
    const values = signatures(message).flatMap((one) => [...below(one, 'SignatureValue'), ...below(one, 'DigestValue')])
    if (values.some((value) => firstTextOf(value) !== textOf(value) || value.childNodes.length > 1))
      throw new TypeError('the value is no text')
    return undefined
  }),
  misreading(
    'SAML-SIG-18',
    'Of two values, or two digests, the one that fits is taken.',
    (message) =>
      inPlace(message, (signature) => {
        const digests = below(signature, 'DigestValue').map(textOf)
        const twice = digests.length > 1 || named(signature, 'SignatureValue').length > 1
        if (!twice) return undefined
        return digests
          .map((digest) => message.verified(signature, { digestFrom: () => digest, anyValue: true }))
          .find((found) => found !== undefined)
      }),
    sameCarelessness('SAML-SIG-15', 'SAML-XSW-01'),
  ),
  misreading(
    'SAML-SIG-19',
    'An Assertion inside an Object of a good Signature is read.',
    (message) => {
      const signature = signatures(message).find(
        (one) => below(one, 'Object').length > 0 && message.verified(one) !== undefined,
      )
      return signature === undefined || message.assertions.length === 0
        ? undefined
        : taken(below(signature, 'Assertion').at(-1))
    },
    sameCarelessness('SAML-SIG-20'),
  ),
  misreading(
    'SAML-SIG-20',
    'With a good Signature of the identity provider on a Response, any Assertion in it is read.',
    (message) => {
      const signature = own(message.root)
      const covered = signature && message.verified(signature)
      return covered?.localName === 'Response' && named(covered, 'Assertion').length === 0
        ? taken(message.assertions[0])
        : undefined
    },
    sameCarelessness('SAML-XSW-17'),
  ),
  misreading(
    'SAML-SIG-21',
    'That something in the document is signed is enough.',
    (message) => {
      const covered = signatures(message).map((one) => message.verified(one))
      const [assertion] = message.assertions
      const isOther = covered.some(
        (element) =>
          element !== undefined &&
          assertion !== undefined &&
          !isInside(assertion, element) &&
          element.localName !== 'Response',
      )
      return isOther ? taken(assertion) : undefined
    },
    sameCarelessness(
      'SAML-ID-02',
      'SAML-XSW-01',
      'SAML-XSW-10',
      'SAML-XSW-11',
      'SAML-XSW-12',
      'SAML-XSW-15',
      'SAML-COR-24',
      'SAML-SIG-12',
      'SAML-SIG-13',
      'SAML-PAR-06',
      'SAML-PAR-07',
    ),
  ),
  misreading(
    'SAML-SIG-22',
    'The digest is the first DigestValue of the document.',
    (message) =>
      inPlace(message, (signature) => {
        const [first] = below(message.root, 'DigestValue')
        return first === below(signature, 'DigestValue')[0]
          ? undefined
          : message.verified(signature, { digestFrom: () => textOf(first) })
      }),
    sameCarelessness('SAML-XSW-01', 'SAML-XSW-10', 'SAML-XSW-11'),
  ),
]
