/** What stands in the Signature beside what was signed: SIG-15, SIG-16, SIG-17 and SIG-22. */
import { ns } from '../../saml/names.ts'
import { type Fault, type TamperContext, tamperFault } from '../fault.ts'
import { identityOf, identityParameter } from '../forge.ts'
import { first, inner, outer, prepended, refilled, replaced } from '../text/nodes.ts'
import { assemble, partsOf, prefixOf } from '../text/parts.ts'
import { signedFor } from '../text/signed-again.ts'

interface Forgery {
  /** The forged message: its Signature fits what it says, and is taken out of it. */
  message: string
  /** `SignedInfo` of the genuine message, and of the forged one. */
  genuine: string
  forged: string
  signatureValue: string
  digest: { genuine: string; forged: string }
}

/** A message for another user, with the one thing in it that cannot be made: the genuine SignatureValue. */
const forge = async (xml: string, message: TamperContext['message'], identity: string): Promise<Forgery> => {
  const other = await signedFor(message, identity)
  const signatureValue = outer(xml, first(xml, 'SignatureValue'))
  return {
    message: replaced(other, first(other, 'SignatureValue'), signatureValue),
    genuine: outer(xml, first(xml, 'SignedInfo')),
    forged: outer(other, first(other, 'SignedInfo')),
    signatureValue,
    digest: { genuine: inner(xml, first(xml, 'DigestValue')), forged: inner(other, first(other, 'DigestValue')) },
  }
}

const forgery = (
  id: string,
  title: string,
  requirement: string,
  basis: readonly string[],
  change: (forgery: Forgery) => string,
): Fault =>
  tamperFault({
    id,
    title,
    severity: 'critical',
    expect: 'reject',
    signed: 'one',
    basis,
    requirement,
    parameters: identityParameter,
    apply: async (xml, { message }, params) => change(await forge(xml, message, identityOf(params))),
  })

const twoSignedInfos = (at: 'before' | 'after'): Fault =>
  forgery(
    `second-signed-info-${at}`,
    `A SignedInfo that fits a forged Assertion stands ${at} the one that was signed`,
    'SAML-SIG-15',
    ['XMLDSig 4.1', 'CVE-2025-29774'],
    ({ message, genuine, forged }) =>
      replaced(message, first(message, 'SignedInfo'), at === 'before' ? forged + genuine : genuine + forged),
  )

const digestInComment = (at: 'before' | 'after'): Fault =>
  forgery(
    `digest-in-comment-${at}`,
    `A comment ${at} the digest that was signed has the digest of a forged Assertion`,
    'SAML-SIG-16',
    ['XMLDSig 4.4.3.6', 'CVE-2025-29775'],
    ({ message, genuine, digest }) => {
      const comment = `<!--${digest.forged}-->`
      const value = first(genuine, 'DigestValue')
      const content = at === 'before' ? comment + digest.genuine : digest.genuine + comment
      return replaced(message, first(message, 'SignedInfo'), refilled(genuine, value, content))
    },
  )

const digestElsewhere = (place: 'status-detail' | 'extensions'): Fault =>
  forgery(
    `digest-in-${place}`,
    `The digest of a forged Assertion stands in ${place === 'extensions' ? 'the Extensions' : 'a StatusDetail'}, before that which was signed`,
    'SAML-SIG-22',
    ['XMLDSig 4.4.3', 'CVE-2024-45409'],
    ({ message, genuine, digest }) => {
      const signed = replaced(message, first(message, 'SignedInfo'), genuine)
      const parts = partsOf(signed)
      const p = prefixOf(parts.open)
      const value = `<ds:DigestValue xmlns:ds="${ns.signature}">${digest.forged}</ds:DigestValue>`
      // In front of the Signature, wherever that stands: what looks for the first DigestValue finds this one.
      if (place === 'extensions')
        return prepended(signed, first(signed, 'Response'), `<${p}Extensions>${value}</${p}Extensions>`)
      const status = prepended(
        parts.status,
        first(parts.status, 'Status'),
        `<${p}StatusDetail>${value}</${p}StatusDetail>`,
      )
      return assemble({ ...parts, signature: '', status: status + parts.signature })
    },
  )

/** The same value, with something in it that a careless reader trips over. */
const noise = (
  id: string,
  title: string,
  local: 'SignatureValue' | 'DigestValue',
  put: (value: string) => string,
): Fault =>
  tamperFault({
    id,
    title,
    severity: 'high',
    expect: 'reject-or-true-identity',
    signed: 'one',
    basis: ['XMLDSig 4.3', 'XML 1.0 2.5'],
    requirement: 'SAML-SIG-17',
    apply: (xml) => refilled(xml, first(xml, local), put(inner(xml, first(xml, local)))),
  })

const half = (value: string, between: string): string => value.slice(0, 10) + between + value.slice(10)

const noises = [
  noise('comment-in-signature-value', 'There is a comment inside the SignatureValue', 'SignatureValue', (value) =>
    half(value, '<!-- -->'),
  ),
  noise(
    'pi-in-signature-value',
    'There is a processing instruction inside the SignatureValue',
    'SignatureValue',
    (value) => half(value, '<?x?>'),
  ),
  noise(
    'cdata-in-signature-value',
    'The SignatureValue is a CDATA section',
    'SignatureValue',
    (value) => `<![CDATA[${value}]]>`,
  ),
  noise(
    'white-space-in-signature-value',
    'The SignatureValue is broken into lines',
    'SignatureValue',
    (value) => `\n${value.replace(/.{64}/g, '$&\n')}\n`,
  ),
  noise('comment-in-digest-value', 'There is a comment inside the DigestValue', 'DigestValue', (value) =>
    half(value, '<!-- -->'),
  ),
  noise(
    'cdata-in-digest-value',
    'The DigestValue is a CDATA section',
    'DigestValue',
    (value) => `<![CDATA[${value}]]>`,
  ),
]

export const valueFaults: readonly Fault[] = [
  twoSignedInfos('before'),
  twoSignedInfos('after'),
  digestInComment('before'),
  digestInComment('after'),
  ...noises,
  digestElsewhere('status-detail'),
  digestElsewhere('extensions'),
]
