import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { saml } from '../../src/contracts/saml/contract.ts'
import { selfSignedCertificate } from '../../src/core/certificate.ts'
import { authnRequestRules, lintAuthnRequest, type SentRequest } from '../../src/saml-lint/authn-request.ts'
import { lintMetadata, metadataRules } from '../../src/saml-lint/metadata.ts'

const now = Date.parse('2026-06-01T12:00:00Z')
const good =
  '<samlp:AuthnRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_0123456789abcdef0123456789abcdef" Version="2.0"' +
  ' IssueInstant="2026-06-01T12:00:00Z" Destination="https://idp.example.test/sso" AssertionConsumerServiceURL="https://sp.example.test/acs">' +
  '<saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">https://sp.example.test</saml:Issuer></samlp:AuthnRequest>'

const sent = (xml: string, change: Partial<SentRequest> = {}): SentRequest => ({
  xml,
  signed: false,
  sentTo: 'https://idp.example.test/sso',
  entityIds: ['https://sp.example.test'],
  acs: ['https://sp.example.test/acs'],
  earlierIds: [],
  now,
  ...change,
})
const rulesOf = (request: SentRequest): string[] => [...new Set(lintAuthnRequest(request).map(({ rule }) => rule))]

describe('an AuthnRequest', () => {
  it('that is good has nothing wrong', () => expect(lintAuthnRequest(sent(good))).toEqual([]))

  it.each<[string, string, SentRequest]>([
    ['no XML', 'REQ-01', sent('<a>')],
    ['a DOCTYPE', 'REQ-01', sent(`<!DOCTYPE a>${good}`)],
    ['another root', 'REQ-01', sent(good.replaceAll('AuthnRequest', 'LogoutRequest'))],
    ['another version', 'REQ-01', sent(good.replace('"2.0"', '"1.1"'))],
    ['no time', 'REQ-01', sent(good.replace(/ IssueInstant="[^"]*"/, ''))],
    ['a local time', 'REQ-01', sent(good.replace('00Z"', '00+02:00"'))],
    ['an old time', 'REQ-01', sent(good, { now: now + 3_600_000 })],
    ['no Issuer', 'REQ-02', sent(good.replace(/<saml:Issuer.*<\/saml:Issuer>/, ''))],
    ['another Issuer', 'REQ-02', sent(good, { entityIds: ['https://other.example.test'] })],
    [
      'an Issuer of another Format',
      'REQ-02',
      sent(
        good.replace('<saml:Issuer', '<saml:Issuer Format="urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"'),
      ),
    ],
    ['another ACS', 'REQ-03', sent(good, { acs: ['https://sp.example.test/acs/'] })],
    ['two ways to say the ACS', 'REQ-03', sent(good.replace(' Version', ' AssertionConsumerServiceIndex="1" Version'))],
    [
      'a binding that brings no Response',
      'REQ-03',
      sent(good.replace(' Version', ' ProtocolBinding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Version')),
    ],
    ['another Destination', 'REQ-04', sent(good, { sentTo: 'https://idp.example.test/other' })],
    ['no Destination, though signed', 'REQ-04', sent(good.replace(/ Destination="[^"]*"/, ''), { signed: true })],
    ['an ID that is none', 'REQ-05', sent(good.replace('ID="_', 'ID="1'))],
    ['an ID twice', 'REQ-05', sent(good, { earlierIds: ['_0123456789abcdef0123456789abcdef'] })],
    ['a short ID', 'REQ-05', sent(good.replace(/ID="[^"]*"/, 'ID="_12"'))],
    [
      'a confirmed subject',
      'REQ-06',
      sent(
        good.replace(
          '</samlp',
          '<saml:Subject xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"><saml:SubjectConfirmation Method="x"/></saml:Subject></samlp',
        ),
      ),
    ],
    ['a long RelayState', 'REQ-07', sent(good, { relayState: 'é'.repeat(41) })],
  ])('with %s breaks %s, and nothing else', (_what, rule, request) => expect(rulesOf(request)).toEqual([rule]))
})

const certificate = (bits: number): string => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: bits })
  return selfSignedCertificate({ privateKey, publicKey, commonName: 'sp', subject: 'plain', now, years: 1 }).toString(
    'base64',
  )
}
const keyDescriptor = (text: string): string =>
  `<md:KeyDescriptor><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data><ds:X509Certificate>${text}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>`
const metadata = (key = '') =>
  '<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://sp.example.test"><md:SPSSODescriptor' +
  ` protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">${key}<md:AssertionConsumerService` +
  ' Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://sp.example.test/acs" index="0"/></md:SPSSODescriptor></md:EntityDescriptor>'
const of = (xml: string, change = {}) => lintMetadata({ xml, now, ...change })

describe('metadata', () => {
  it('that are good have nothing wrong', () => {
    expect(
      of(metadata(keyDescriptor(certificate(2048))), {
        entityId: 'https://sp.example.test',
        acs: ['https://sp.example.test/acs'],
      }),
    ).toEqual([])
    expect(of(metadata().replace('https://sp.example.test/acs', 'http://127.0.0.1:8080/acs'))).toEqual([])
  })

  it.each<[string, string, ReturnType<typeof of>]>([
    ['no XML', 'MD-01', of('nothing')],
    ['a DOCTYPE', 'MD-01', of(`<!DOCTYPE a>${metadata()}`)],
    ['another entity ID', 'MD-01', of(metadata(), { entityId: 'https://other.example.test' })],
    ['no entity ID', 'MD-01', of(metadata().replace(/ entityID="[^"]*"/, ''))],
    ['another protocol', 'MD-02', of(metadata().replace('SAML:2.0:protocol', 'SAML:1.1:protocol'))],
    ['no POST', 'MD-03', of(metadata().replace('HTTP-POST', 'HTTP-Artifact'))],
    [
      'an ACS without TLS',
      'MD-03',
      of(metadata().replace('https://sp.example.test/acs', 'http://sp.example.test/acs')),
    ],
    ['a relative ACS', 'MD-03', of(metadata().replace('https://sp.example.test/acs', '/acs'))],
    ['no index', 'MD-03', of(metadata().replace(' index="0"', ''))],
    ['an ACS that is missing', 'MD-03', of(metadata(), { acs: ['https://sp.example.test/second'] })],
    ['a short key', 'MD-04', of(metadata(keyDescriptor(certificate(1024))))],
    ['no certificate', 'MD-04', of(metadata(keyDescriptor('AAAA')))],
    [
      'a time that is past',
      'MD-05',
      of(metadata().replace(' entityID', ' validUntil="2020-01-01T00:00:00Z" entityID')),
    ],
    ['no time', 'MD-05', of(metadata().replace(' entityID', ' validUntil="soon" entityID'))],
  ])('with %s break %s, and nothing else', (_what, rule, findings) =>
    expect([...new Set(findings.map((one) => one.rule))]).toEqual([rule]),
  )

  it('without a service provider', () =>
    expect(of(metadata().replaceAll('SPSSO', 'IDPSSO')).map(({ rule }) => rule)).toContain('MD-02'))
})

it('every rule is a requirement of the contract, and the other way round', () => {
  const rules = [...authnRequestRules, ...metadataRules].map(({ rule }) => `SAML-${rule}`)
  expect(saml.requirements.filter(({ area }) => area === 'requests').map(({ id }) => id)).toEqual(rules)
})

it('says of a document that cannot be read that nothing else is known of it', () => {
  const metadata = lintMetadata({ xml: '<html><p>Not found', now: Date.now() })
  expect(metadata).toMatchObject([{ rule: 'MD-01', unreadable: true }])
  const request = lintAuthnRequest({
    ...{ xml: 'none', signed: false, sentTo: '', entityIds: [], acs: [], earlierIds: [], now: Date.now() },
  })
  expect(request.every(({ rule, unreadable }) => rule === 'REQ-01' && unreadable === true)).toBe(true)
  expect(request.length).toBeGreaterThan(0)
})
