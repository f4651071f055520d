/**
 * Minting a signed Response, against one bare RSA-2048 signature, xml-crypto and samlify, in one run.
 * `node bench/minting.ts` prints the table.
 */
import { sign } from 'node:crypto'
import samlify from 'samlify'
import { SignedXml } from 'xml-crypto'
import { okta } from '../mock-idp/personas/okta.ts'
import type { Persona } from '../mock-idp/personas/persona.ts'
import { plain } from '../mock-idp/personas/plain.ts'
import { draftResponse } from '../mock-idp/saml/draft-response.ts'
import { generateSigningKey, type StoredSigningKey } from '../mock-idp/saml/keys.ts'
import { renderMetadata } from '../mock-idp/saml/metadata.ts'
import {
  attributeNameFormatUri,
  digestUri,
  nameIdFormatUri,
  signatureUri,
  transformUri,
} from '../mock-idp/saml/names.ts'
import { renderResponse } from '../mock-idp/saml/render.ts'
import type { SigningPlan } from '../mock-idp/saml/signing-plan.ts'
import { type Contestant, formatResults, interleave, type Result } from './rounds.ts'

const acsUrl = 'https://sp.example.test/saml/consume'
const audience = 'https://sp.example.test/saml'
const issuer = 'http://www.okta.com/exkAbCdEfGhIjKlMnOp12'

/** What a login carries: eight attributes. */
const values = ['ada@example.test', 'Ada', 'Lovelace', 'Ada Lovelace', 'admin', 'Ops & Co', 'prod', '0042']
const attributes = values.map((value, i) => ({
  name: `User.Attribute${i}`,
  nameFormat: attributeNameFormatUri.unspecified,
  values: [value],
}))

const draft = (persona: Persona) =>
  draftResponse({
    persona,
    now: Date.now(),
    request: { id: '_request1' },
    acsUrl,
    audience,
    issuer,
    nameId: 'ada@example.test',
    nameIdFormat: nameIdFormatUri.unspecified,
    attributes,
    authnInstant: Date.now(),
  })

const oneByOne = (name: string, once: () => unknown): Contestant => ({
  name,
  run: async (operations) => {
    for (let i = 0; i < operations; i++) await once()
  },
})

const atOnce = (name: string, lanes: number, once: () => Promise<unknown>): Contestant => ({
  name,
  run: async (operations) => {
    let left = operations
    const lane = async (): Promise<void> => {
      while (left-- > 0) await once()
    }
    await Promise.all(Array.from({ length: lanes }, lane))
  },
})

const both = { signResponse: true, signAssertion: true }
const assertionOnly = { signResponse: false, signAssertion: true }

const mint = (key: StoredSigningKey, persona: Persona, placement: Partial<SigningPlan>) => {
  const plan: SigningPlan = {
    ...both,
    key,
    signatureAlgorithm: 'rsa-sha256',
    digestAlgorithm: 'sha256',
    includeKeyInfo: true,
    ...placement,
  }
  // The draft is made anew each time: it is part of answering a login.
  return () => renderResponse(draft(persona), plan, persona.style)
}

/** xml-crypto over a document that is written already: its part of the work alone. */
const signByXmlCrypto = (key: StoredSigningKey, unsigned: string) => (): string => {
  const signature = new SignedXml({
    privateKey: key.privateKey,
    publicCert: key.certificatePem,
    signatureAlgorithm: signatureUri['rsa-sha256'],
    canonicalizationAlgorithm: transformUri.excC14n,
  })
  signature.addReference({
    xpath: "/*/*[local-name(.)='Assertion']",
    transforms: [transformUri.enveloped, transformUri.excC14n],
    digestAlgorithm: digestUri.sha256,
  })
  const location = { reference: "/*/*[local-name(.)='Assertion']/*[local-name(.)='Issuer']", action: 'after' } as const
  signature.computeSignature(unsigned, { prefix: 'ds', location })
  return signature.getSignedXml()
}

/** samlify as an identity provider, with a template that carries the same attributes; the key is a KeyObject. */
const mintBySamlify = (key: StoredSigningKey, wantMessageSigned: boolean) => {
  const { post } = samlify.Constants.namespace.binding
  const metadata = renderMetadata({
    persona: plain,
    entityId: issuer,
    ssoUrl: 'https://idp.example.test/sso',
    certificates: [key.certificateBase64],
    nameIdFormat: nameIdFormatUri.unspecified,
    wantAuthnRequestsSigned: false,
  })
  const statement = attributes.map(({ name }, i) => ({
    name,
    valueTag: `a${i}`,
    nameFormat: attributeNameFormatUri.unspecified,
    valueXsiType: 'xs:string',
  }))
  const idp = samlify.IdentityProvider({
    metadata,
    // Without a passphrase samlify hands the key on as it is; its types know text only.
    privateKey: key.privateKey as unknown as string,
    loginResponseTemplate: { context: samlify.SamlLib.defaultLoginResponseTemplate.context, attributes: statement },
  })
  const sp = samlify.ServiceProvider({
    entityID: audience,
    assertionConsumerService: [{ Binding: post, Location: acsUrl }],
    singleLogoutService: [{ Binding: post, Location: acsUrl }],
    wantAssertionsSigned: true,
    wantMessageSigned,
  })
  const fill = (template: string) => {
    const now = Date.now()
    const [from, to] = [new Date(now).toISOString(), new Date(now + 300_000).toISOString()]
    const id = `_${crypto.randomUUID()}`
    const tags: Record<string, string> = {
      ID: id,
      AssertionID: `_${crypto.randomUUID()}`,
      Destination: acsUrl,
      Audience: audience,
      SubjectRecipient: acsUrl,
      Issuer: issuer,
      IssueInstant: from,
      StatusCode: 'urn:oasis:names:tc:SAML:2.0:status:Success',
      ConditionsNotBefore: from,
      ConditionsNotOnOrAfter: to,
      SubjectConfirmationDataNotOnOrAfter: to,
      NameIDFormat: nameIdFormatUri.unspecified,
      NameID: 'ada@example.test',
      InResponseTo: '_request1',
      AuthnStatement: `<saml:AuthnStatement AuthnInstant="${from}" SessionIndex="_request1"><saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>`,
    }
    values.forEach((value, i) => {
      tags[`attrA${i}`] = value
    })
    return { id, context: samlify.SamlLib.replaceTagsByValue(template, tags) }
  }
  return async (): Promise<string> => {
    const answer = await idp.createLoginResponse(sp, { extract: { request: { id: '_request1' } } }, 'post', {}, fill)
    return Buffer.from(answer.context, 'base64').toString('utf8')
  }
}

/** A contestant that leaves out the work would win: each must have signed what it was to sign. */
const checkWork = async (name: string, signatures: number, once: () => string | Promise<string>): Promise<void> => {
  const xml = await once()
  const found = xml.split('<ds:SignatureValue>').length - 1
  const carried = xml.split(/:AttributeValue[ >]/).length - 1
  if (found !== signatures || carried < values.length)
    throw new Error(
      `${name}: expected ${signatures} signatures and ${values.length} values, found ${found} and ${carried}`,
    )
}

export interface MintingReport {
  results: Result[]
  /** What was aimed at, and whether this run reached it. */
  targets: { name: string; target: number; value: number; reached: boolean }[]
}

export const mintingBench = async (options: { rounds?: number; msPerTurn?: number } = {}): Promise<MintingReport> => {
  const key = await generateSigningKey({ commonName: 'bench', now: Date.now() })
  const ec = await generateSigningKey({ commonName: 'bench', now: Date.now(), keyType: 'ec-p256' })
  const message = Buffer.alloc(700, 'x')
  const nothing = { signResponse: false, signAssertion: false }
  const unsigned = await mint(key, plain, nothing)()
  const work = {
    oneOkta: mint(key, okta, assertionOnly),
    twoOkta: mint(key, okta, both),
    xmlCrypto: signByXmlCrypto(key, unsigned),
    samlify: mintBySamlify(key, false),
    samlifyBoth: mintBySamlify(key, true),
  }
  await checkWork('idpact, one signature', 1, work.oneOkta)
  await checkWork('idpact, two signatures', 2, work.twoOkta)
  await checkWork('xml-crypto', 1, work.xmlCrypto)
  await checkWork('samlify, one signature', 1, work.samlify)
  await checkWork('samlify, two signatures', 2, work.samlifyBoth)

  const names = {
    raw: 'bare RSA-2048 signature (= 1)',
    one: 'idpact, one signature',
    two: 'idpact, two signatures',
    samlify: 'samlify, one signature',
    samlifyBoth: 'samlify, two signatures',
  }
  const results = await interleave(
    [
      oneByOne(names.raw, () => sign('sha256', message, key.privateKey)),
      oneByOne(names.one, work.oneOkta),
      oneByOne(names.two, work.twoOkta),
      oneByOne('idpact, plain persona, one signature', mint(key, plain, assertionOnly)),
      oneByOne('idpact, no signature', mint(key, okta, nothing)),
      oneByOne(
        'idpact, ECDSA P-256, one signature',
        mint(ec, okta, { ...assertionOnly, signatureAlgorithm: 'ecdsa-sha256' }),
      ),
      atOnce('idpact, one signature, 8 at once', 8, work.oneOkta),
      oneByOne('xml-crypto, one signature', work.xmlCrypto),
      oneByOne(names.samlify, work.samlify),
      oneByOne(names.samlifyBoth, work.samlifyBoth),
    ],
    { rounds: options.rounds ?? 61, msPerTurn: options.msPerTurn ?? 20 },
  )
  const ratio = (name: string): number => results.find((result) => result.name === name)?.ratio ?? Number.NaN
  const target = (name: string, aim: number, value: number) => ({ name, target: aim, value, reached: value >= aim })
  return {
    results,
    targets: [
      target('one signature, of a bare one', 0.9, ratio(names.one)),
      target('two signatures, of a bare one', 0.45, ratio(names.two)),
      target('one signature, times samlify', 5, ratio(names.one) / ratio(names.samlify)),
      target('two signatures, times samlify', 5, ratio(names.two) / ratio(names.samlifyBoth)),
    ],
  }
}

if (import.meta.main) {
  const { results, targets } = await mintingBench()
  console.log('Minting a Response (median rate, range over the rounds; interleaved in one process)\n')
  console.log(formatResults(results))
  console.log()
  for (const { name, target, value, reached } of targets)
    console.log(`${reached ? 'reached' : 'MISSED '}  ${name}: ${value.toFixed(2)}, aimed at ${target}`)
}
