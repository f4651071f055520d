/** Writing a `ds:Signature` that differs from the usual one in just what a fault wants. */
import { hash } from 'node:crypto'
import { digestUri, ns, signatureUri, transformUri } from '../../saml/names.ts'
import { sign } from '../../saml/sign.ts'
import type { SignatureMaker, SigningKey, SigningPlan, ToSign } from '../../saml/signing-plan.ts'

/** A `ds:Reference`, before it is XML. */
export interface ReferenceRecipe {
  /** `undefined`: no URI attribute. */
  uri: string | undefined
  /** The Transform elements; empty: no Transforms element. */
  transforms: string
  /** URI; `undefined`: no DigestMethod. */
  digestMethod: string | undefined
  digestValue: string
}

/** A `ds:Signature`, before it is XML. */
export interface SignatureRecipe {
  prefix: string
  canonicalization: string
  /** URI; `undefined`: no SignatureMethod. */
  signatureMethod: string | undefined
  references: readonly ReferenceRecipe[]
  /** What SignedInfo has after its References. */
  more: string
  keyInfo: string
  sign(signedInfo: string): Promise<string>
}

const algorithm = (name: string, uri: string): string => `<${name} Algorithm="${uri}"></${name}>`

export const transform = (prefix: string, uri: string, content = ''): string =>
  `<${prefix}:Transform Algorithm="${uri}">${content}</${prefix}:Transform>`

/** The exclusive C14N transform of this element, with the prefix that must be inclusive. */
export const exclusive = ({ prefix, inclusiveXs }: Pick<ToSign, 'prefix' | 'inclusiveXs'>): string =>
  transform(
    prefix,
    transformUri.excC14n,
    inclusiveXs
      ? `<ec:InclusiveNamespaces xmlns:ec="${ns.excC14n}" PrefixList="xs"></ec:InclusiveNamespaces>`
      : undefined,
  )

export const enveloped = (prefix: string): string => transform(prefix, transformUri.enveloped)

export const x509KeyInfo = (prefix: string, key: SigningKey): string =>
  `<${prefix}:KeyInfo><${prefix}:X509Data><${prefix}:X509Certificate>${key.certificateBase64}</${prefix}:X509Certificate></${prefix}:X509Data></${prefix}:KeyInfo>`

/** What the mock IdP writes when nothing goes wrong. */
export const usualRecipe = (toSign: ToSign, plan: SigningPlan): SignatureRecipe => ({
  prefix: toSign.prefix,
  canonicalization: transformUri.excC14n,
  signatureMethod: signatureUri[plan.signatureAlgorithm],
  references: [
    {
      uri: `#${toSign.reference}`,
      transforms: enveloped(toSign.prefix) + exclusive(toSign),
      digestMethod: digestUri[plan.digestAlgorithm],
      digestValue: hash(plan.digestAlgorithm, toSign.element, 'base64'),
    },
  ],
  more: '',
  keyInfo: plan.includeKeyInfo ? x509KeyInfo(toSign.prefix, plan.key) : '',
  sign: (signedInfo) => sign(plan, signedInfo),
})

const referenceXml = (p: string, { uri, transforms, digestMethod, digestValue }: ReferenceRecipe): string =>
  `<${p}:Reference${uri === undefined ? '' : ` URI="${uri}"`}>` +
  (transforms === '' ? '' : `<${p}:Transforms>${transforms}</${p}:Transforms>`) +
  (digestMethod === undefined ? '' : algorithm(`${p}:DigestMethod`, digestMethod)) +
  `<${p}:DigestValue>${digestValue}</${p}:DigestValue></${p}:Reference>`

/** `ds:SignedInfo` in exclusive canonical form; `declared`: as it stands alone when it is signed. */
export const signedInfoXml = (recipe: SignatureRecipe, declared: boolean): string => {
  const { prefix: p } = recipe
  return (
    `<${p}:SignedInfo${declared ? ` xmlns:${p}="${ns.signature}"` : ''}>` +
    algorithm(`${p}:CanonicalizationMethod`, recipe.canonicalization) +
    (recipe.signatureMethod === undefined ? '' : algorithm(`${p}:SignatureMethod`, recipe.signatureMethod)) +
    recipe.references.map((one) => referenceXml(p, one)).join('') +
    `${recipe.more}</${p}:SignedInfo>`
  )
}

/** @param content what stands in the Signature after its SignatureValue and KeyInfo */
export const signatureXml = async (recipe: SignatureRecipe, content = ''): Promise<string> => {
  const { prefix: p } = recipe
  const value = await recipe.sign(signedInfoXml(recipe, true))
  return (
    `<${p}:Signature xmlns:${p}="${ns.signature}">${signedInfoXml(recipe, false)}` +
    `<${p}:SignatureValue>${value}</${p}:SignatureValue>${recipe.keyInfo}${content}</${p}:Signature>`
  )
}

export type RecipeChange = (recipe: SignatureRecipe, toSign: ToSign, plan: SigningPlan) => Partial<SignatureRecipe>

/** A maker of Signatures that are as usual, but for this. */
export const makerOf =
  (change: RecipeChange): SignatureMaker =>
  (toSign, plan) => {
    const usual = usualRecipe(toSign, plan)
    return signatureXml({ ...usual, ...change(usual, toSign, plan) })
  }

/** The usual Reference, but for this. */
export const withReference = (
  { references }: SignatureRecipe,
  change: Partial<ReferenceRecipe>,
): Pick<SignatureRecipe, 'references'> => ({ references: references.map((one) => ({ ...one, ...change })) })
