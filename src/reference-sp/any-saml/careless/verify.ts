import {
  constants,
  createHmac,
  createPublicKey,
  createVerify,
  hash,
  type KeyObject,
  verify as verifyWith,
} from 'node:crypto'
import { ExclusiveCanonicalization, ExclusiveCanonicalizationWithComments } from 'xml-crypto'
import { attribute, below, isInside, named, textOf } from './dom.ts'

/** What a careless verification makes of a Signature, in place of what is right. */
export interface Carelessness {
  /** PEM; in place of the trusted certificates. */
  keys?: readonly string[]
  /** Which element a Reference is to. */
  resolve?: (id: string, root: Element) => Element | undefined
  /** Which SignedInfo the value is verified over, and which the digest is taken from. */
  signedInfo?: (signature: Element) => Element | undefined
  digestFrom?: (signature: Element) => string
  /** The digest, or the value, is not looked at. */
  anyDigest?: boolean
  anyValue?: boolean
  /** What is left out of the element before it is digested. */
  leaveOut?: (copy: Element) => void
  /** What else is taken for a good value. */
  otherValue?: (signedInfo: string, value: string, algorithm: string) => boolean
  comments?: boolean
}

const hashes: readonly [RegExp, string][] = [
  [/sha256/i, 'sha256'],
  [/sha384/i, 'sha384'],
  [/sha512/i, 'sha512'],
  [/md5/i, 'md5'],
  [/sha1/i, 'sha1'],
]
export const hashOf = (uri: string): string | undefined => hashes.find(([pattern]) => pattern.test(uri))?.[1]

const squeezed = (text: string): string => text.replace(/\s/g, '')

const canonical = (element: Element, prefixes: string, comments: boolean): string => {
  const algorithm = comments ? new ExclusiveCanonicalizationWithComments() : new ExclusiveCanonicalization()
  return algorithm.process(element, { inclusiveNamespacesPrefixList: prefixes.split(' ').filter(Boolean) }).toString()
}

const byId = (id: string, root: Element): Element | undefined =>
  everyElement(root).find((element) => attribute(element, 'ID') === id)

export const everyElement = (root: Element): Element[] => {
  const found: Element[] = [root]
  for (let node = root.firstChild; node !== null; node = node.nextSibling)
    if (node.nodeType === 1) found.push(...everyElement(node as Element))
  return found
}

/** The element without this Signature, wherever in it that stands; else without the one that it has. */
const without = (element: Element, signature: Element): Element => {
  const copy = element.cloneNode(true) as Element
  const at = below(element, 'Signature').indexOf(signature)
  const same = isInside(signature, element) ? below(copy, 'Signature')[at] : named(copy, 'Signature')[0]
  same?.parentNode?.removeChild(same)
  return copy
}

const isGoodValue = (signedInfo: string, value: string, algorithm: string, keys: readonly string[]): boolean => {
  const name = hashOf(algorithm)
  if (name === undefined || /hmac|MGF1/i.test(algorithm) || !/rsa/i.test(algorithm)) return false
  return keys.some((key) => {
    try {
      return createVerify(name).update(signedInfo).verify(key, value, 'base64')
    } catch {
      return false
    }
  })
}

/**
 * The element that a Signature covers, as a service provider with this carelessness sees it; undefined where it does not
 * verify.
 */
export const verified = (
  signature: Element,
  certificates: readonly string[],
  carelessness: Carelessness = {},
): Element | undefined => {
  const root = signature.ownerDocument.documentElement
  const { keys = certificates, resolve = byId, comments = false } = carelessness
  const signedInfo = (carelessness.signedInfo ?? ((one) => named(one, 'SignedInfo')[0]))(signature)
  if (signedInfo === undefined) return undefined
  const [reference] = named(signedInfo, 'Reference')
  const value = squeezed(textOf(named(signature, 'SignatureValue')[0]))
  const algorithm = attribute(named(signedInfo, 'SignatureMethod')[0], 'Algorithm') ?? ''
  const bytes = canonical(signedInfo, '', comments)
  const good =
    carelessness.anyValue === true ||
    isGoodValue(bytes, value, algorithm, keys) ||
    carelessness.otherValue?.(bytes, value, algorithm) === true
  if (!good) return undefined
  const id = (attribute(reference, 'URI') ?? '').replace(/^#/, '')
  const element = resolve(id, root)
  if (element === undefined || carelessness.anyDigest === true) return element
  const prefixes = below(reference as Element, 'InclusiveNamespaces').map((one) => attribute(one, 'PrefixList') ?? '')
  const copy = without(element, signature)
  carelessness.leaveOut?.(copy)
  const digest = (carelessness.digestFrom ?? (() => textOf(named(reference, 'DigestValue')[0])))(signature)
  const name = hashOf(attribute(named(reference, 'DigestMethod')[0], 'Algorithm') ?? 'sha256') ?? 'sha256'
  return hash(name, canonical(copy, prefixes.join(' '), comments), 'base64') === squeezed(digest) ? element : undefined
}

/** Values that are taken for good where the kind of the key is not looked at. */
export const hmacWith =
  (secrets: readonly (string | Buffer)[]) =>
  (signedInfo: string, value: string, algorithm: string): boolean =>
    /hmac/i.test(algorithm) &&
    secrets.some(
      (secret) =>
        createHmac(hashOf(algorithm) ?? 'sha1', secret)
          .update(signedInfo)
          .digest('base64') === value,
    )

export const pssWith =
  (keys: readonly string[]) =>
  (signedInfo: string, value: string, algorithm: string): boolean =>
    /MGF1/.test(algorithm) &&
    keys.some((pem) => {
      const key: KeyObject = createPublicKey(pem)
      const padding = constants.RSA_PKCS1_PSS_PADDING
      return verifyWith(
        'sha256',
        Buffer.from(signedInfo),
        { key, padding, saltLength: constants.RSA_PSS_SALTLEN_AUTO },
        Buffer.from(value, 'base64'),
      )
    })
