import { canonical, type Escaper, type Form } from './markup.ts'
import { digestUri, ns, signatureUri, transformUri } from './names.ts'
import { digest, sign } from './sign.ts'
import type { SigningPlan } from './signing-plan.ts'

/** What a `ds:Signature` says, before it is XML. */
export interface Signature {
  reference: string
  digestValue: string
  signatureValue: string
  /** Whether `xs` is an inclusive prefix of the exclusive C14N (xml-exc-c14n 3). */
  inclusiveXs: boolean
}

export interface SignatureStyle {
  prefix: string
  certificateLine: number | undefined
}

const wrap = (text: string, length: number | undefined): string =>
  length === undefined ? text : text.replace(new RegExp(`.{${length}}(?=.)`, 'g'), '$&\n')

const wrapped = new WeakMap<object, Map<number | undefined, string>>()

/** Breaking a certificate into lines is done once for each key. */
const certificateText = (plan: SigningPlan, line: number | undefined): string => {
  const cache = wrapped.get(plan.key) ?? new Map<number | undefined, string>()
  wrapped.set(plan.key, cache)
  const text = cache.get(line) ?? wrap(plan.key.certificateBase64, line)
  cache.set(line, text)
  return text
}

/** `declared`: the namespace declaration when SignedInfo stands alone, as it is signed; empty inside its Signature. */
const writeSignedInfo = (
  form: Form,
  esc: Escaper,
  plan: SigningPlan,
  prefix: string,
  signature: Omit<Signature, 'signatureValue'>,
  declared: string,
): string => {
  const method = (name: string, uri: string): string => form.empty(`${prefix}:${name}`, ` Algorithm="${uri}"`)
  const transform = `${prefix}:Transform`
  const excC14n = ` Algorithm="${transformUri.excC14n}"`
  return (
    form.open(`${prefix}:SignedInfo`, '', declared) +
    method('CanonicalizationMethod', transformUri.excC14n) +
    method('SignatureMethod', signatureUri[plan.signatureAlgorithm]) +
    form.open(`${prefix}:Reference`, esc.attribute('URI', `#${signature.reference}`)) +
    `<${prefix}:Transforms>` +
    method('Transform', transformUri.enveloped) +
    (signature.inclusiveXs
      ? form.open(transform, excC14n) +
        form.empty('ec:InclusiveNamespaces', ' PrefixList="xs"', ` xmlns:ec="${ns.excC14n}"`) +
        `</${transform}>`
      : form.empty(transform, excC14n)) +
    `</${prefix}:Transforms>` +
    method('DigestMethod', digestUri[plan.digestAlgorithm]) +
    `<${prefix}:DigestValue>${signature.digestValue}</${prefix}:DigestValue>` +
    `</${prefix}:Reference></${prefix}:SignedInfo>`
  )
}

/**
 * Signs an element.
 *
 * @param element Its exclusive canonical form without the Signature: what the two transforms leave (XMLDSig 6.6.4).
 */
export const makeSignature = async (
  element: string,
  options: { plan: SigningPlan; esc: Escaper; prefix: string; reference: string; inclusiveXs: boolean },
): Promise<Signature> => {
  const { plan, esc, prefix, reference, inclusiveXs } = options
  const unsigned = { reference, inclusiveXs, digestValue: digest(plan.digestAlgorithm, element) }
  const declared = ` xmlns:${prefix}="${ns.signature}"`
  const signedInfo = writeSignedInfo(canonical, esc, plan, prefix, unsigned, declared)
  return { ...unsigned, signatureValue: await sign(plan, signedInfo) }
}

/** Writes a `ds:Signature` in one of the two forms. */
export const writeSignature = (
  form: Form,
  esc: Escaper,
  plan: SigningPlan,
  style: SignatureStyle,
  signature: Signature,
): string => {
  const ds = style.prefix
  const keyInfo = plan.includeKeyInfo
    ? `<${ds}:KeyInfo><${ds}:X509Data><${ds}:X509Certificate>${certificateText(plan, style.certificateLine)}` +
      `</${ds}:X509Certificate></${ds}:X509Data></${ds}:KeyInfo>`
    : ''
  return (
    form.open(`${ds}:Signature`, '', ` xmlns:${ds}="${ns.signature}"`) +
    writeSignedInfo(form, esc, plan, ds, signature, '') +
    `<${ds}:SignatureValue>${signature.signatureValue}</${ds}:SignatureValue>` +
    `${keyInfo}</${ds}:Signature>`
  )
}
