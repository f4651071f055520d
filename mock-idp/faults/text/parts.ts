/** A Response in its parts, and an element with and without its Signature. */
import { all, first, inner, outer, scan, tagOf } from './nodes.ts'

export interface ResponseParts {
  /** What stands before the root element. */
  prolog: string
  open: string
  issuer: string
  /** Of the Response itself; empty where it has none. */
  signature: string
  status: string
  assertions: string[]
  close: string
}

/** The Signature of an element is its child: nothing but the Issuer stands before it. */
const isOwn = (xml: string, at: number): boolean => {
  const [, second, third] = scan(xml)
  return second?.start === at || (third?.start === at && second !== undefined && second.end <= at)
}

/** The Signature that is a child of the root element of this text; empty where it has none. */
export const signatureOf = (element: string): string => {
  const [found] = all(element, 'Signature')
  return found && isOwn(element, found.start) ? outer(element, found) : ''
}

export const withoutSignature = (element: string): string => {
  const signature = signatureOf(element)
  return signature === '' ? element : element.replace(signature, () => '')
}

/** The element with this Signature where its own belongs: after the Issuer (SAML Core 2.3.3, 3.2.2). */
export const withSignature = (element: string, signature: string): string => {
  const bare = withoutSignature(element)
  const { end } = first(bare, 'Issuer')
  return bare.slice(0, end) + signature + bare.slice(end)
}

export const partsOf = (xml: string): ResponseParts => {
  const root = first(xml, 'Response')
  const content = outer(xml, root)
  const signature = signatureOf(content)
  const bare = withoutSignature(content)
  const children = topLevel(inner(bare, first(bare, 'Response')))
  const named = (local: string): string[] => children.filter((text) => scan(text)[0]?.local === local)
  return {
    prolog: xml.slice(0, root.start),
    open: tagOf(xml, root),
    issuer: named('Issuer').join(''),
    signature,
    status: named('Status').join(''),
    assertions: [...named('Assertion'), ...named('EncryptedAssertion')],
    close: `</${root.name}>`,
  }
}

/** The elements of a text that stand side by side in it. */
const topLevel = (xml: string): string[] => {
  const found: string[] = []
  let end = 0
  for (const node of scan(xml)) {
    if (node.start < end) continue
    found.push(outer(xml, node))
    end = node.end
  }
  return found
}

/** A Response of these parts; `content` in place of Status and Assertions. */
export const assemble = (
  { prolog, open, issuer, signature, status, assertions, close }: ResponseParts,
  content = status + assertions.join(''),
): string => prolog + open + issuer + signature + content + close

/** The prefix of an element's name: `saml2:`, or nothing. */
export const prefixOf = (element: string): string => /^<([\w.-]+:)?/.exec(element)?.[1] ?? ''
