import { SAML } from '@node-saml/node-saml'
import { SaxesParser } from 'saxes'
import { SignedXml } from 'xml-crypto'
import type { Persona } from '../../../mock-idp/personas/persona.ts'
import { encodeMessage } from '../../../mock-idp/saml/bindings.ts'
import type { ResponseDraft } from '../../../mock-idp/saml/draft.ts'
import { type DraftInput, draftResponse } from '../../../mock-idp/saml/draft-response.ts'
import { generateSigningKey, type StoredSigningKey } from '../../../mock-idp/saml/keys.ts'
import { attributeNameFormatUri, nameIdFormatUri } from '../../../mock-idp/saml/names.ts'
import type { SigningKey, SigningPlan } from '../../../mock-idp/saml/signing-plan.ts'

export const acsUrl = 'https://sp.example.test/saml/consume'
export const audience = 'https://sp.example.test/saml'
export const issuer = 'http://www.okta.com/exkAbCdEfGhIjKlMnOp12'

/** A key costs as much as some hundred signatures: one of a kind for all tests of a file. */
const keys = new Map<string, Promise<StoredSigningKey>>()
export const testKey = (name = 'idp', keyType: 'rsa-2048' | 'ec-p256' = 'rsa-2048'): Promise<StoredSigningKey> => {
  const id = `${name} ${keyType}`
  const key = keys.get(id) ?? generateSigningKey({ commonName: name, now: Date.now(), keyType })
  keys.set(id, key)
  return key
}

export const planOf = (key: SigningKey, change: Partial<SigningPlan> = {}): SigningPlan => ({
  signResponse: true,
  signAssertion: true,
  key,
  signatureAlgorithm: key.privateKey.asymmetricKeyType === 'ec' ? 'ecdsa-sha256' : 'rsa-sha256',
  digestAlgorithm: 'sha256',
  includeKeyInfo: true,
  ...change,
})

export const draftOf = (persona: Persona, change: Partial<DraftInput> = {}): ResponseDraft =>
  draftResponse({
    persona,
    now: Date.now(),
    request: { id: '_request1' },
    acsUrl,
    audience,
    issuer,
    nameId: 'ada@example.test',
    nameIdFormat: nameIdFormatUri.unspecified,
    attributes: [
      { name: 'User.Email', nameFormat: attributeNameFormatUri.unspecified, values: ['ada@example.test'] },
      { name: 'User.Role', nameFormat: attributeNameFormatUri.unspecified, values: ['admin', 'reports'] },
    ],
    authnInstant: Date.now(),
    ...change,
  })

/** `undefined` on success; else what xml-crypto says. Signed elements come back in *its* canonical form. */
export interface Verified {
  ok: boolean
  canonical: string
}

/** Every Signature of the document, as xml-crypto judges it. */
export const verifyAll = (xml: string, certificatePem: string, prepare?: (sig: SignedXml) => void): Verified[] =>
  [...xml.matchAll(/<ds:Signature .*?<\/ds:Signature>/gs)].map(([signature]) => {
    const verifier = new SignedXml({ publicCert: certificatePem })
    prepare?.(verifier)
    verifier.loadSignature(signature)
    try {
      const ok = verifier.checkSignature(xml)
      return { ok, canonical: verifier.getSignedReferences()[0] ?? '' }
    } catch {
      return { ok: false, canonical: '' }
    }
  })

/** What node-saml makes of the Response: the profile, or its refusal as a rejected promise. */
export const judgeByNodeSaml = async (
  xml: string,
  key: StoredSigningKey,
  wants: { assertionSigned?: boolean; responseSigned?: boolean } = {},
): Promise<Record<string, unknown>> => {
  const saml = new SAML({
    callbackUrl: acsUrl,
    issuer: audience,
    audience,
    idpCert: key.certificatePem,
    idpIssuer: issuer,
    wantAssertionsSigned: wants.assertionSigned ?? true,
    wantAuthnResponseSigned: wants.responseSigned ?? true,
  })
  const { profile } = await saml.validatePostResponseAsync({ SAMLResponse: encodeMessage(xml) })
  if (!profile) throw new Error('node-saml returned no profile')
  return profile as unknown as Record<string, unknown>
}

/**
 * Every attribute and text of the document by its path, Signatures left out: what a reader that knows nothing of the
 * mock IdP sees. Repeated elements are numbered; an Attribute is called by its place, so that a changed Name is seen.
 */
export const readFields = (xml: string): Map<string, string> => {
  const fields = new Map<string, string>()
  const parser = new SaxesParser({ xmlns: true })
  const path: string[] = []
  const counts: Map<string, number>[] = [new Map()]
  const texts: string[] = []
  let inSignature = 0
  parser.on('error', (error) => {
    throw error
  })
  parser.on('opentag', (tag) => {
    const siblings = counts.at(-1) ?? new Map<string, number>()
    const n = (siblings.get(tag.local) ?? 0) + 1
    siblings.set(tag.local, n)
    path.push(n === 1 ? tag.local : `${tag.local}[${n}]`)
    counts.push(new Map())
    texts.push('')
    if (tag.local === 'Signature') inSignature += 1
    if (inSignature > 0) return
    fields.set(path.join('/'), '')
    for (const attribute of Object.values(tag.attributes))
      if (attribute.prefix !== 'xmlns') fields.set(`${path.join('/')}@${attribute.local}`, attribute.value)
  })
  const text = (value: string): void => {
    texts[texts.length - 1] += value
  }
  parser.on('text', text)
  parser.on('cdata', text)
  parser.on('closetag', (tag) => {
    const own = texts.pop() ?? ''
    if (inSignature === 0 && own !== '') fields.set(path.join('/'), own)
    if (tag.local === 'Signature') inSignature -= 1
    counts.pop()
    path.pop()
  })
  parser.write(xml).close()
  return fields
}

/** Paths at which two documents differ, each with both values. */
export const difference = (a: string, b: string): Record<string, [string | undefined, string | undefined]> => {
  const [left, right] = [readFields(a), readFields(b)]
  const paths = [...new Set([...left.keys(), ...right.keys()])].filter((path) => left.get(path) !== right.get(path))
  return Object.fromEntries(paths.map((path) => [path, [left.get(path), right.get(path)]]))
}
