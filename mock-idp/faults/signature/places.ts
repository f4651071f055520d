/** Where the Signature stands, and what its References point to: SIG-10 to SIG-14 and SIG-18. */
import { hash } from 'node:crypto'
import { ns } from '../../saml/names.ts'
import type { SigningPlan } from '../../saml/signing-plan.ts'
import { type Fault, type Severity, signingFault, tamperFault } from '../fault.ts'
import { forged, identityOf, identityParameter, inTheNameOf } from '../forge.ts'
import { appended, first, inner, outer, refilled } from '../text/nodes.ts'
import { assemble, partsOf, prefixOf, type ResponseParts, signatureOf, withoutSignature } from '../text/parts.ts'
import { makerOf, type RecipeChange, signatureXml, usualRecipe, withReference } from '../text/signature-xml.ts'
import { signedAgain } from '../text/signed-again.ts'

/** A Signature that differs in SignedInfo, and is genuine: the mock IdP signs just that. */
export const oddSignature = (
  id: string,
  title: string,
  requirement: string,
  severity: Severity,
  basis: readonly string[],
  change: RecipeChange,
): Fault =>
  signingFault({
    id,
    title,
    severity,
    expect: 'reject',
    signed: 'one',
    basis,
    requirement,
    apply: (plan: SigningPlan) => ({ ...plan, makeSignature: makerOf(change) }),
  })

const tamper = { expect: 'reject', signed: 'assertion' } as const

/** The Signature of the Assertion, moved to another place of the message. */
const elsewhere = (
  place: string,
  title: string,
  move: (parts: ResponseParts, bare: string, signature: string) => Partial<ResponseParts>,
): Fault =>
  tamperFault({
    ...tamper,
    id: `signature-in-${place}`,
    title,
    severity: 'high',
    basis: ['SAML Core 5.4.2', 'GHSA-5wrg-8fxp-cx9r'],
    requirement: 'SAML-SIG-10',
    apply: (xml) => {
      const parts = partsOf(xml)
      const [assertion = ''] = parts.assertions
      return assemble({ ...parts, ...move(parts, withoutSignature(assertion), signatureOf(assertion)) })
    },
  })

const moved = (place: string, title: string, put: (assertion: string, signature: string, p: string) => string): Fault =>
  elsewhere(place, title, (_parts, bare, signature) => ({ assertions: [put(bare, signature, prefixOf(bare))] }))

const inResponse = (place: string, title: string, wrap: (signature: string, p: string) => string): Fault =>
  elsewhere(place, title, ({ open, status }, bare, signature) => {
    const wrapped = wrap(signature, prefixOf(open))
    const isDetail = wrapped.includes('StatusDetail')
    return {
      status: isDetail ? appended(status, first(status, 'Status'), wrapped) : wrapped + status,
      assertions: [bare],
    }
  })

const places = [
  moved('subject', 'The Signature of the Assertion stands inside its Subject', (bare, signature) =>
    appended(bare, first(bare, 'Subject'), signature),
  ),
  moved('conditions', 'The Signature of the Assertion stands inside its Conditions', (bare, signature) =>
    appended(bare, first(bare, 'Conditions'), signature),
  ),
  moved('attribute-value', 'The Signature of the Assertion stands inside an AttributeValue', (bare, signature, p) =>
    bare.replace(
      `</${p}Assertion>`,
      () =>
        `<${p}AttributeStatement><${p}Attribute Name="note"><${p}AttributeValue>${signature}</${p}AttributeValue></${p}Attribute></${p}AttributeStatement></${p}Assertion>`,
    ),
  ),
  moved('advice', 'The Signature of the Assertion stands inside an Advice', (bare, signature, p) => {
    const { end } = first(bare, 'Conditions')
    return `${bare.slice(0, end)}<${p}Advice>${signature}</${p}Advice>${bare.slice(end)}`
  }),
  inResponse(
    'extensions',
    'The Signature of the Assertion stands in the Extensions of the Response',
    (signature, p) => `<${p}Extensions>${signature}</${p}Extensions>`,
  ),
  inResponse(
    'status-detail',
    'The Signature of the Assertion stands in a StatusDetail',
    (signature, p) => `<${p}StatusDetail>${signature}</${p}StatusDetail>`,
  ),
  inResponse('response', 'The Signature of the Assertion is a child of the Response', (signature) => signature),
]

const uri = (name: string, title: string, value: string | undefined): Fault =>
  oddSignature(`reference-${name}`, title, 'SAML-SIG-11', 'high', ['SAML Core 5.4.2', 'XMLDSig 4.4.3.1'], (recipe) =>
    withReference(recipe, { uri: value }),
  )

/** A Reference with an empty URI is to the whole document: its digest is that of the document, so it would verify. */
const wholeDocument = (name: string, title: string, value: string): Fault =>
  tamperFault({
    id: `reference-${name}`,
    title,
    severity: 'high',
    expect: 'reject',
    signed: 'response',
    basis: ['SAML Core 5.4.2', 'XMLDSig 4.4.3.1'],
    requirement: 'SAML-SIG-11',
    apply: async (_xml, { message }) => {
      const maker = makerOf((recipe) => withReference(recipe, { uri: value }))
      return signedAgain(message, maker)
    },
  })

const externalUri = signingFault({
  id: 'reference-external',
  title: 'The Reference is to a URL of the identity provider',
  severity: 'high',
  expect: 'reject',
  signed: 'one',
  basis: ['SAML Core 5.4.2', 'XMLDSig 4.4.3.1', 'CWE-918'],
  requirement: 'SAML-SIG-11',
  parameters: { canary: { title: 'The URL that nobody must call', type: 'string', required: true } },
  apply: (plan, _context, params) => ({
    ...plan,
    makeSignature: makerOf((recipe) => withReference(recipe, { uri: String(params['canary']) })),
  }),
})

/** Two References: the first covers the signed element, the second the forged one. */
const secondReference = (name: string, title: string, own: 'first' | 'second'): Fault =>
  tamperFault({
    ...tamper,
    id: `two-references-${name}`,
    title,
    expect: 'reject-or-true-identity',
    severity: 'critical',
    basis: ['SAML Core 5.4.2'],
    requirement: 'SAML-SIG-13',
    parameters: identityParameter,
    apply: async (xml, { message }, params) => {
      const other = forged(partsOf(xml).assertions[0] ?? '', identityOf(params))
      const id = / ID="([^"]*)"/.exec(other)?.[1] ?? ''
      // Its digest is of no use: the IdP never saw the forged element. Who looks at the first alone lets it in.
      const maker = makerOf((recipe) => {
        const [usual] = recipe.references
        if (!usual) return {}
        const second = { ...usual, uri: `#${id}`, digestValue: hash('sha256', other, 'base64') }
        return { references: own === 'first' ? [usual, second] : [second, usual] }
      })
      const signed = await signedAgain(message, maker)
      const parts = partsOf(signed)
      return assemble({ ...parts, assertions: [other, ...parts.assertions] })
    },
  })

const otherElementInExtensions = tamperFault({
  ...tamper,
  id: 'reference-to-an-element-in-extensions',
  expect: 'reject-or-true-identity',
  title: 'The Signature of a forged Assertion is a genuine one, whose Reference is to an Assertion in the Extensions',
  severity: 'critical',
  basis: ['SAML Core 5.4.2', 'CVE-2025-23369'],
  requirement: 'SAML-SIG-12',
  parameters: identityParameter,
  apply: (xml, _context, params) => {
    const parts = partsOf(xml)
    const p = prefixOf(parts.open)
    const [assertion = ''] = parts.assertions
    const other = forged(assertion, identityOf(params))
    const { end } = first(other, 'Issuer')
    const carrying = other.slice(0, end) + signatureOf(assertion) + other.slice(end)
    const hidden = `<${p}Extensions>${withoutSignature(assertion)}</${p}Extensions>`
    return assemble({ ...parts, status: hidden + parts.status, assertions: [carrying] })
  },
})

/** A SignedInfo without a Reference is signed by the IdP: it says nothing about any element. */
const noReference = tamperFault({
  ...tamper,
  id: 'no-reference',
  title: 'SignedInfo has no Reference, and is signed: the Signature covers nothing',
  signed: 'one',
  severity: 'critical',
  basis: ['XMLDSig 4.4.3', 'SAML Core 5.4.2'],
  requirement: 'SAML-SIG-14',
  parameters: identityParameter,
  apply: async (_xml, { message }, params) => {
    const maker = makerOf(() => ({ references: [] }))
    const signed = await signedAgain(message, maker)
    return inTheNameOf(signed, identityOf(params))
  },
})

const emptyManifest = tamperFault({
  ...tamper,
  id: 'reference-to-an-empty-object',
  title: 'The only Reference is to an Object inside the Signature, and not to the element',
  signed: 'one',
  severity: 'critical',
  basis: ['SAML Core 5.4.2'],
  requirement: 'SAML-SIG-12',
  parameters: identityParameter,
  apply: async (_xml, { message }, params) => {
    const maker: NonNullable<SigningPlan['makeSignature']> = (toSign, plan) => {
      const usual = usualRecipe(toSign, plan)
      const p = toSign.prefix
      const object = `<${p}:Object xmlns:${p}="${ns.signature}" Id="nothing"></${p}:Object>`
      const digestValue = hash(plan.digestAlgorithm, object, 'base64')
      const recipe = {
        ...usual,
        ...withReference(usual, {
          uri: '#nothing',
          digestValue,
          transforms: `<${p}:Transform Algorithm="${ns.excC14n}"></${p}:Transform>`,
        }),
      }
      return signatureXml(recipe, `<${p}:Object Id="nothing"></${p}:Object>`)
    }
    const signed = await signedAgain(message, maker)
    return inTheNameOf(signed, identityOf(params))
  },
})

/** A second element beside the one of the genuine Signature: which of the two is looked at? */
const doubled = (local: 'SignatureValue' | 'DigestValue', at: 'before' | 'after'): Fault =>
  tamperFault({
    id: `second-${local === 'DigestValue' ? 'digest' : 'signature'}-value-${at}`,
    title: `There is a second ${local}, ${at} the genuine one`,
    severity: 'critical',
    expect: 'reject',
    signed: 'one',
    basis: ['XMLDSig 4.1', 'XMLDSig 4.4.3'],
    requirement: 'SAML-SIG-18',
    apply: (xml) => {
      const node = first(xml, local)
      const genuine = outer(xml, node)
      const digest = hash('sha256', 'another', 'base64')
      const other = refilled(
        genuine,
        first(genuine, local),
        local === 'DigestValue' ? digest : inner(xml, node).slice(4),
      )
      return at === 'before'
        ? xml.slice(0, node.start) + other + xml.slice(node.start)
        : xml.slice(0, node.end) + other + xml.slice(node.end)
    },
  })

export const placeFaults: readonly Fault[] = [
  ...places,
  uri('missing-uri', 'The Reference has no URI', undefined),
  wholeDocument('empty-uri', 'The URI of the Reference is empty: it is to the whole document', ''),
  wholeDocument('xpointer-root', 'The URI of the Reference is an XPointer to the root', '#xpointer(/)'),
  uri('relative', 'The URI of the Reference is that of another document', 'assertion.xml'),
  externalUri,
  otherElementInExtensions,
  emptyManifest,
  secondReference('own-first', 'There are two References, to the signed Assertion and to a forged one', 'first'),
  secondReference('own-second', 'There are two References, to a forged Assertion and to the signed one', 'second'),
  noReference,
  doubled('SignatureValue', 'before'),
  doubled('SignatureValue', 'after'),
  doubled('DigestValue', 'before'),
  doubled('DigestValue', 'after'),
]
