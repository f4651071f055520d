/** Genuine Signatures of this identity provider over something that grants nothing: SIG-19 to SIG-21. */
import { bindingUri, ns, status } from '../../saml/names.ts'
import { renderResponse } from '../../saml/render.ts'
import type { ToSign } from '../../saml/signing-plan.ts'
import { editAssertions } from '../edit.ts'
import { type Fault, type FaultContext, type TamperContext, tamperFault } from '../fault.ts'
import { forged, identityOf, identityParameter, newId } from '../forge.ts'
import { appended, first } from '../text/nodes.ts'
import { assemble, partsOf, prefixOf, signatureOf, withoutSignature, withSignature } from '../text/parts.ts'
import { signatureXml, usualRecipe } from '../text/signature-xml.ts'

const donorFault = (value: Pick<Fault, 'id' | 'title' | 'basis' | 'requirement' | 'signed'>, apply: Apply): Fault =>
  tamperFault({
    ...value,
    severity: 'critical',
    expect: 'reject-or-true-identity',
    parameters: identityParameter,
    apply: (xml, context, params) => apply(xml, context, identityOf(params)),
  })
type Apply = (xml: string, context: TamperContext, identity: string) => string | Promise<string>

/** The Signature with an Object at its end: no part of what it covers. */
const withObject = (signature: string, content: string): string => {
  const p = prefixOf(signature)
  return appended(signature, first(signature, 'Signature'), `<${p}Object>${content}</${p}Object>`)
}

const objectInOwn = donorFault(
  {
    id: 'object-in-signature',
    title: 'The genuine Signature of the Assertion has an Object with a forged Assertion',
    basis: ['SAML Core 5.4.2', 'XMLDSig 4.5'],
    requirement: 'SAML-SIG-19',
    signed: 'assertion',
  },
  (xml, _context, identity) => {
    const parts = partsOf(xml)
    const [assertion = ''] = parts.assertions
    const signature = withObject(signatureOf(assertion), forged(assertion, identity))
    return assemble({ ...parts, assertions: [withSignature(assertion, signature)] })
  },
)

const objectInCopy = donorFault(
  {
    id: 'object-in-copied-signature',
    title: 'A copy of the genuine Signature stands in the Response, and has an Object with a forged Assertion',
    basis: ['SAML Core 5.4.2', 'XMLDSig 4.5'],
    requirement: 'SAML-SIG-19',
    signed: 'assertion',
  },
  (xml, _context, identity) => {
    const parts = partsOf(xml)
    const [assertion = ''] = parts.assertions
    return assemble({ ...parts, signature: withObject(signatureOf(assertion), forged(assertion, identity)) })
  },
)

const errorResponse = ({ draft, plan, style }: TamperContext['message']): Promise<string> =>
  renderResponse(
    { ...draft, assertions: [], status: { code: status.responder, subCode: status.requestDenied } },
    { ...plan, signResponse: true },
    style,
  )

const onError = (id: string, title: string, put: (error: string, assertion: string) => string): Fault =>
  donorFault(
    { id, title, basis: ['SAML Profiles 4.1.4.2', 'SAML Core 5.4.2'], requirement: 'SAML-SIG-20' },
    async (xml, { message }, identity) =>
      put(await errorResponse(message), forged(partsOf(xml).assertions[0] ?? '', identity)),
  )

const onErrors = [
  onError(
    'object-in-signature-of-error',
    'A genuine signed error Response has an Object with a forged Assertion in its Signature',
    (error, assertion) => {
      const parts = partsOf(error)
      return assemble({ ...parts, signature: withObject(parts.signature, assertion) })
    },
  ),
  onError(
    'object-in-signature-of-error-made-success',
    'The same in a Response that says Success, with the genuine error Response in the Object too',
    (error, assertion) => {
      const parts = partsOf(error)
      const p = prefixOf(parts.open)
      const success = `<${p}Status><${p}StatusCode Value="${status.success}"></${p}StatusCode></${p}Status>`
      const signature = withObject(parts.signature, withoutSignature(error.slice(parts.prolog.length)) + assertion)
      return assemble({
        ...parts,
        open: parts.open.replace(/ ID="[^"]*"/, ` ID="${newId()}"`),
        signature,
        status: success,
        assertions: [assertion],
      })
    },
  ),
]

/** A signed element of SAML that is no Assertion for this SP. */
const signed = async (element: string, reference: string, { message }: TamperContext): Promise<string> => {
  const toSign: ToSign = { element, reference, inclusiveXs: false, prefix: message.style.prefixes.signature }
  const signature = await signatureXml(usualRecipe(toSign, message.plan))
  const at = /^[^>]*>(?:<(?:[\w-]+:)?Issuer\b[^>]*>[^<]*<\/[^>]*>)?/.exec(element)?.[0].length ?? 0
  return element.slice(0, at) + signature + element.slice(at)
}

const metadataOf = (id: string, issuer: string): string =>
  `<md:EntityDescriptor xmlns:md="${ns.metadata}" ID="${id}" entityID="${issuer}">` +
  `<md:IDPSSODescriptor protocolSupportEnumeration="${ns.protocol}"><md:SingleSignOnService Binding="${bindingUri['HTTP-POST']}" Location="https://idp.example.test/sso"></md:SingleSignOnService></md:IDPSSODescriptor></md:EntityDescriptor>`

const logoutResponse = (id: string, issuer: string, now: number): string =>
  `<samlp:LogoutResponse xmlns:samlp="${ns.protocol}" ID="${id}" IssueInstant="${new Date(now).toISOString()}" Version="2.0">` +
  `<saml:Issuer xmlns:saml="${ns.assertion}">${issuer}</saml:Issuer>` +
  `<samlp:Status><samlp:StatusCode Value="${status.success}"></samlp:StatusCode></samlp:Status></samlp:LogoutResponse>`

const assertionForOther = async ({ message, other }: FaultContext & TamperContext): Promise<string> => {
  const { draft, plan, style } = message
  const elsewhere = editAssertions(draft, ({ conditions, ...assertion }) => ({
    ...assertion,
    id: newId(),
    conditions: conditions && { ...conditions, audienceRestrictions: [[other.spEntityId]] },
  }))
  const xml = await renderResponse(elsewhere, { ...plan, signAssertion: true, signResponse: false }, style)
  return partsOf(xml).assertions[0] ?? ''
}

const donors: readonly [name: string, what: string, make: (context: TamperContext) => Promise<string>][] = [
  [
    'metadata',
    'the signed metadata of the identity provider',
    (context) => {
      const id = newId()
      return signed(metadataOf(id, context.message.draft.issuer ?? ''), id, context)
    },
  ],
  [
    'logout-response',
    'a signed LogoutResponse',
    (context) => {
      const id = newId()
      return signed(logoutResponse(id, context.message.draft.issuer ?? '', context.now), id, context)
    },
  ],
  ['assertion-for-another-sp', 'a signed Assertion for another service provider', assertionForOther],
]

const donorFaults = donors.flatMap(([name, what, make]) => [
  donorFault(
    {
      id: `donor-${name}-in-extensions`,
      title: `The Extensions hold ${what}, and a forged Assertion stands in its place without a Signature`,
      basis: ['SAML Core 5.4.2', 'CVE-2025-47949', 'CVE-2022-39299'],
      requirement: 'SAML-SIG-21',
    },
    async (xml, context, identity) => {
      const parts = partsOf(xml)
      const p = prefixOf(parts.open)
      const extensions = `<${p}Extensions>${await make(context)}</${p}Extensions>`
      const assertion = forged(parts.assertions[0] ?? '', identity)
      return assemble({ ...parts, signature: '', status: extensions + parts.status, assertions: [assertion] })
    },
  ),
  donorFault(
    {
      id: `donor-${name}-beside`,
      title: `A forged Assertion without a Signature stands in the Response beside ${what}`,
      basis: ['SAML Core 5.4.2', 'CVE-2025-47949', 'CVE-2022-39299'],
      requirement: 'SAML-SIG-21',
    },
    async (xml, context, identity) => {
      const parts = partsOf(xml)
      const assertion = forged(parts.assertions[0] ?? '', identity)
      return assemble({ ...parts, signature: '', assertions: [assertion, await make(context)] })
    },
  ),
])

export const donorsFaults: readonly Fault[] = [objectInOwn, objectInCopy, ...onErrors, ...donorFaults]
