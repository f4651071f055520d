/** Elements that are looked for by their name, or in another place than that which was verified. */
import type { Defect } from '../../defects/defect.ts'
import { ancestorNamed, attribute, below, isInside, named, parseLoosely, textOf } from '../careless/dom.ts'
import type { RefusedMessage } from '../careless/message.ts'
import { everyElement, verified } from '../careless/verify.ts'
import { misreading, sameCarelessness } from './misreadings.ts'
import { own, signatures, signedInPlace, taken } from './signature.ts'

/** Everything that a Signature of the document covers. */
const covered = (message: RefusedMessage): Element[] =>
  signatures(message).flatMap(
    (signature) => message.verified(signature, { resolve: lastWithId }) ?? message.verified(signature) ?? [],
  )

const lastWithId = (id: string, root: Element): Element | undefined =>
  everyElement(root).findLast((element) => attribute(element, 'ID') === id)

const localId = (element: Element): string[] => {
  const ids: string[] = []
  for (let at = 0; at < element.attributes.length; at += 1) {
    const one = element.attributes.item(at)
    if (one !== null && one.localName?.toLowerCase() === 'id' && one.name !== 'ID') ids.push(one.value)
  }
  return ids
}

export const wrappingDefects: readonly Defect[] = [
  misreading(
    'SAML-XSW-01',
    'A Signature is verified wherever it is, and the first Assertion of the document is read.',
    (message) => {
      const [first] = below(message.root, 'Assertion')
      // Of a message in which what is read is what was signed, it makes nothing else.
      const isOther = covered(message).some((element) => first !== undefined && !isInside(first, element))
      return isOther ? taken(first) : undefined
    },
    sameCarelessness(
      'SAML-XSW-10',
      'SAML-XSW-11',
      'SAML-XSW-12',
      'SAML-XSW-14',
      'SAML-XSW-15',
      'SAML-XSW-17',
      'SAML-ID-01',
      'SAML-ID-02',
      'SAML-SIG-13',
      'SAML-SIG-19',
      'SAML-SIG-20',
      'SAML-SIG-21',
      'SAML-PAR-06',
      'SAML-PAR-07',
      'SAML-COR-24',
    ),
  ),
  misreading(
    'SAML-XSW-09',
    'The last Assertion is read, whichever is signed.',
    (message) => {
      const last = message.assertions.at(-1)
      const isEarlier = covered(message).some((element) => message.assertions.includes(element) && element !== last)
      return isEarlier && own(last) === undefined ? taken(last) : undefined
    },
    sameCarelessness('SAML-XSW-15', 'SAML-ID-01'),
  ),
  misreading('SAML-XSW-10', 'An Assertion whose Signature verifies anything in the document is read.', (message) => {
    const found = message.assertions.find((assertion) => {
      const signature = own(assertion)
      const element = signature && (message.verified(signature) ?? message.verified(signature, { resolve: lastWithId }))
      return (
        element !== undefined &&
        element !== assertion &&
        message.assertions.includes(element) &&
        own(element) !== undefined
      )
    })
    return taken(found)
  }),
  misreading(
    'SAML-XSW-11',
    'The signed Assertion may be anywhere; the one in the usual place is read.',
    (message) => {
      const isHidden = covered(message).some(
        (element) =>
          element.localName === 'Assertion' &&
          !message.assertions.includes(element) &&
          ancestorNamed(element, 'Signature') === undefined,
      )
      return isHidden ? taken(message.assertions[0]) : undefined
    },
    sameCarelessness('SAML-XSW-01', 'SAML-SIG-12', 'SAML-SIG-21'),
  ),
  misreading(
    'SAML-XSW-12',
    'The signed Assertion may be inside a Signature; the one in the usual place is read.',
    (message) => {
      const isHidden = covered(message).some((element) => {
        const around = ancestorNamed(element, 'Signature')
        return element.localName === 'Assertion' && around !== undefined && named(around, 'SignedInfo').length === 0
      })
      return isHidden ? taken(message.assertions[0]) : undefined
    },
  ),
  misreading(
    'SAML-XSW-13',
    'Of two root elements one is verified, and the other is read.',
    ({ xml, certificates }) => {
      const roots = xml.split(/(?<=<\/[\w.-]+:Response>)(?=<)/).map(parseLoosely)
      if (roots.length !== 2) return undefined
      const assertions = roots.map((document) => named(document?.documentElement, 'Assertion')[0])
      const isGood = assertions.map((assertion) => {
        const signature = own(assertion)
        return signature !== undefined && verified(signature, certificates) !== undefined
      })
      return taken(assertions[isGood.indexOf(false)])
    },
    sameCarelessness('SAML-XSW-14'),
  ),
  misreading(
    'SAML-XSW-14',
    'A Response is looked for anywhere in the document.',
    (message) => {
      const responses = below(message.root, 'Response')
      const isElsewhere = message.root.localName !== 'Response' || responses.length > 1
      return isElsewhere && covered(message).length > 0 ? taken(below(message.root, 'Assertion')[0]) : undefined
    },
    sameCarelessness('SAML-XSW-17', 'SAML-SIG-20'),
  ),
  misreading(
    'SAML-XSW-15',
    'An Assertion is known by its local name.',
    (message) => {
      const genuine = covered(message)[0]
      const other = message.assertions.find(({ namespaceURI }) => namespaceURI !== genuine?.namespaceURI)
      return genuine?.localName === 'Assertion' ? taken(other) : undefined
    },
    sameCarelessness('SAML-PAR-06'),
  ),
  misreading(
    'SAML-XSW-16',
    'The e-mail address is read from the first attribute of that name in the document.',
    (message) => {
      const genuine = covered(message).find((element) => message.assertions.includes(element))
      const value = below(message.root, 'Attribute').find((one) => attribute(one, 'Name') === 'email')
      if (genuine === undefined || value === undefined || ancestorNamed(value, 'Assertion') !== undefined)
        return undefined
      return { assertion: genuine, nameId: textOf(named(value, 'AttributeValue')[0]) }
    },
  ),
  misreading(
    'SAML-XSW-17',
    'That the Signature of the Response covers some Response is enough.',
    (message) => {
      const signature = own(message.root)
      const element = signature && message.verified(signature)
      return element?.localName === 'Response' && element !== message.root && message.root.localName === 'Response'
        ? taken(message.assertions[0])
        : undefined
    },
    sameCarelessness('SAML-XSW-01', 'SAML-SIG-20'),
  ),
  misreading('SAML-ID-01', 'Where an ID is there twice, the first Assertion is read.', (message) =>
    message.refused.reason === 'DUPLICATE_ID' && covered(message).length > 0 ? taken(message.assertions[0]) : undefined,
  ),
  misreading('SAML-ID-02', 'A Reference is resolved by Id, id and xml:id too.', (message) => {
    const found = signedInPlace(message).find(({ element, signature }) => {
      const uri = (attribute(below(signature, 'Reference')[0], 'URI') ?? '').replace('#', '')
      return localId(element).includes(uri) && message.verified(signature) !== undefined
    })
    return taken(found?.element)
  }),
  misreading(
    'SAML-ID-03',
    'An ID with a quote in it breaks the XPath that it is put into; any other is taken.',
    (message) => {
      if (!message.refused.description.includes('NCName')) return undefined
      if (everyElement(message.root).some((element) => /['"]/.test(attribute(element, 'ID') ?? '')))
        throw new SyntaxError('the XPath cannot be parsed')
      const [signed] = signedInPlace(message).filter(({ signature }) => message.verified(signature) !== undefined)
      return signed === undefined ? undefined : taken(message.assertions[0])
    },
  ),
]
