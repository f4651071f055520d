import { describe, expect, it } from 'vitest'
import { okta } from '../../../mock-idp/personas/okta.ts'
import type { DraftInput } from '../../../mock-idp/saml/draft-response.ts'
import { draftResponse } from '../../../mock-idp/saml/draft-response.ts'
import { renderMetadata } from '../../../mock-idp/saml/metadata.ts'
import { attributeNameFormatUri, nameIdFormatUri } from '../../../mock-idp/saml/names.ts'
import { renderResponse } from '../../../mock-idp/saml/render.ts'
import { planOf, testKey } from './support.ts'

/** Draws the bytes 0, 1, 2 … so that IDs are known. */
const counting = () => {
  let n = 0
  return (size: number): Uint8Array => Uint8Array.from({ length: size }, () => n++)
}

const input = (change: Partial<DraftInput> = {}): DraftInput => ({
  persona: okta,
  now: Date.UTC(2026, 0, 2, 3, 4, 5, 678),
  request: { id: '_a1b2c3' },
  acsUrl: 'https://sp.example.test/saml/consume',
  audience: 'https://sp.example.test/saml',
  issuer: 'http://www.okta.com/exkAbCdEfGhIjKlMnOp12',
  nameId: 'ada@example.test',
  nameIdFormat: nameIdFormatUri.unspecified,
  attributes: [
    { name: 'User.Email', nameFormat: attributeNameFormatUri.unspecified, values: ['ada@example.test'] },
    { name: 'Groups', nameFormat: attributeNameFormatUri.basic, values: ['Ops & Co', 'Everyone'] },
  ],
  authnInstant: Date.UTC(2026, 0, 2, 3, 0, 0, 1),
  random: counting(),
  ...change,
})

/** Digests, signatures and certificates change with the key: their shape is compared, not their value. */
const withoutKeyMaterial = (xml: string): string =>
  xml
    .replace(/<ds:DigestValue>[A-Za-z0-9+/]{43}=<\/ds:DigestValue>/g, '<ds:DigestValue>…</ds:DigestValue>')
    .replace(
      /<ds:SignatureValue>[A-Za-z0-9+/]{342}==<\/ds:SignatureValue>/g,
      '<ds:SignatureValue>…</ds:SignatureValue>',
    )
    .replace(
      /<ds:X509Certificate>([A-Za-z0-9+/]{76}\n)+[A-Za-z0-9+/=]{1,76}<\/ds:X509Certificate>/g,
      '<ds:X509Certificate>…</ds:X509Certificate>',
    )

const signature = (id: string, inclusive: boolean): string =>
  [
    '<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#">',
    '<ds:SignedInfo>',
    '<ds:CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/>',
    '<ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"/>',
    `<ds:Reference URI="#${id}">`,
    '<ds:Transforms>',
    '<ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/>',
    inclusive
      ? '<ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"><ec:InclusiveNamespaces PrefixList="xs" xmlns:ec="http://www.w3.org/2001/10/xml-exc-c14n#"/></ds:Transform>'
      : '<ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/>',
    '</ds:Transforms>',
    '<ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/>',
    '<ds:DigestValue>…</ds:DigestValue>',
    '</ds:Reference>',
    '</ds:SignedInfo>',
    '<ds:SignatureValue>…</ds:SignatureValue>',
    '<ds:KeyInfo><ds:X509Data><ds:X509Certificate>…</ds:X509Certificate></ds:X509Data></ds:KeyInfo>',
    '</ds:Signature>',
  ].join('')

const issuerElement =
  '<saml2:Issuer Format="urn:oasis:names:tc:SAML:2.0:nameid-format:entity" xmlns:saml2="urn:oasis:names:tc:SAML:2.0:assertion">http://www.okta.com/exkAbCdEfGhIjKlMnOp12</saml2:Issuer>'
const successElement =
  '<saml2p:Status xmlns:saml2p="urn:oasis:names:tc:SAML:2.0:protocol"><saml2p:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></saml2p:Status>'
const value = (text: string): string =>
  `<saml2:AttributeValue xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="xs:string">${text}</saml2:AttributeValue>`

describe('the shape of Okta', () => {
  it('answers an AuthnRequest with attributes, both signed', async () => {
    const xml = await renderResponse(draftResponse(input()), planOf(await testKey()), okta.style)

    const responseId = 'id01234567890123456789012345'
    const assertionId = 'id01234567867890123456789012'
    expect(withoutKeyMaterial(xml)).toBe(
      [
        '<?xml version="1.0" encoding="UTF-8"?>',
        `<saml2p:Response Destination="https://sp.example.test/saml/consume" ID="${responseId}" InResponseTo="_a1b2c3" IssueInstant="2026-01-02T03:04:05.678Z" Version="2.0" xmlns:saml2p="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:xs="http://www.w3.org/2001/XMLSchema">`,
        issuerElement,
        signature(responseId, true),
        successElement,
        `<saml2:Assertion ID="${assertionId}" IssueInstant="2026-01-02T03:04:05.678Z" Version="2.0" xmlns:saml2="urn:oasis:names:tc:SAML:2.0:assertion" xmlns:xs="http://www.w3.org/2001/XMLSchema">`,
        issuerElement,
        signature(assertionId, true),
        '<saml2:Subject xmlns:saml2="urn:oasis:names:tc:SAML:2.0:assertion">',
        '<saml2:NameID Format="urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified">ada@example.test</saml2:NameID>',
        '<saml2:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml2:SubjectConfirmationData InResponseTo="_a1b2c3" NotOnOrAfter="2026-01-02T03:09:05.678Z" Recipient="https://sp.example.test/saml/consume"/></saml2:SubjectConfirmation>',
        '</saml2:Subject>',
        '<saml2:Conditions NotBefore="2026-01-02T02:59:05.678Z" NotOnOrAfter="2026-01-02T03:09:05.678Z" xmlns:saml2="urn:oasis:names:tc:SAML:2.0:assertion">',
        '<saml2:AudienceRestriction><saml2:Audience>https://sp.example.test/saml</saml2:Audience></saml2:AudienceRestriction>',
        '</saml2:Conditions>',
        '<saml2:AuthnStatement AuthnInstant="2026-01-02T03:00:00.001Z" SessionIndex="_a1b2c3" xmlns:saml2="urn:oasis:names:tc:SAML:2.0:assertion">',
        '<saml2:AuthnContext><saml2:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport</saml2:AuthnContextClassRef></saml2:AuthnContext>',
        '</saml2:AuthnStatement>',
        '<saml2:AttributeStatement xmlns:saml2="urn:oasis:names:tc:SAML:2.0:assertion">',
        `<saml2:Attribute Name="User.Email" NameFormat="urn:oasis:names:tc:SAML:2.0:attrname-format:unspecified">${value('ada@example.test')}</saml2:Attribute>`,
        `<saml2:Attribute Name="Groups" NameFormat="urn:oasis:names:tc:SAML:2.0:attrname-format:basic">${value('Ops &amp; Co')}${value('Everyone')}</saml2:Attribute>`,
        '</saml2:AttributeStatement>',
        '</saml2:Assertion>',
        '</saml2p:Response>',
      ].join(''),
    )
  })

  it('starts a login itself: no InResponseTo, another SessionIndex; without attributes no trace of xs', async () => {
    const draft = draftResponse(input({ request: undefined, attributes: [] }))
    const xml = await renderResponse(draft, planOf(await testKey()), okta.style)

    const responseId = 'id01234567890123456789012345'
    const assertionId = 'id01234567867890123456789012'
    expect(withoutKeyMaterial(xml)).toBe(
      [
        '<?xml version="1.0" encoding="UTF-8"?>',
        `<saml2p:Response Destination="https://sp.example.test/saml/consume" ID="${responseId}" IssueInstant="2026-01-02T03:04:05.678Z" Version="2.0" xmlns:saml2p="urn:oasis:names:tc:SAML:2.0:protocol">`,
        issuerElement,
        signature(responseId, false),
        successElement,
        `<saml2:Assertion ID="${assertionId}" IssueInstant="2026-01-02T03:04:05.678Z" Version="2.0" xmlns:saml2="urn:oasis:names:tc:SAML:2.0:assertion">`,
        issuerElement,
        signature(assertionId, false),
        '<saml2:Subject xmlns:saml2="urn:oasis:names:tc:SAML:2.0:assertion">',
        '<saml2:NameID Format="urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified">ada@example.test</saml2:NameID>',
        '<saml2:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml2:SubjectConfirmationData NotOnOrAfter="2026-01-02T03:09:05.678Z" Recipient="https://sp.example.test/saml/consume"/></saml2:SubjectConfirmation>',
        '</saml2:Subject>',
        '<saml2:Conditions NotBefore="2026-01-02T02:59:05.678Z" NotOnOrAfter="2026-01-02T03:09:05.678Z" xmlns:saml2="urn:oasis:names:tc:SAML:2.0:assertion">',
        '<saml2:AudienceRestriction><saml2:Audience>https://sp.example.test/saml</saml2:Audience></saml2:AudienceRestriction>',
        '</saml2:Conditions>',
        '<saml2:AuthnStatement AuthnInstant="2026-01-02T03:00:00.001Z" SessionIndex="id1767323045678.345678901" xmlns:saml2="urn:oasis:names:tc:SAML:2.0:assertion">',
        '<saml2:AuthnContext><saml2:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport</saml2:AuthnContextClassRef></saml2:AuthnContext>',
        '</saml2:AuthnStatement>',
        '</saml2:Assertion>',
        '</saml2p:Response>',
      ].join(''),
    )
  })

  it('publishes metadata', async () => {
    const key = await testKey()
    const xml = renderMetadata({
      persona: okta,
      entityId: 'http://www.okta.com/exkAbCdEfGhIjKlMnOp12',
      ssoUrl: 'https://idp.example.test/default/app/shop/exkAbCdEfGhIjKlMnOp12/sso/saml',
      certificates: [key.certificateBase64],
      nameIdFormat: nameIdFormatUri.unspecified,
      wantAuthnRequestsSigned: false,
    })
    expect(withoutKeyMaterial(xml)).toBe(
      [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<md:EntityDescriptor entityID="http://www.okta.com/exkAbCdEfGhIjKlMnOp12" xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata">',
        '<md:IDPSSODescriptor WantAuthnRequestsSigned="false" protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">',
        '<md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data><ds:X509Certificate>…</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>',
        '<md:NameIDFormat>urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified</md:NameIDFormat>',
        '<md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://idp.example.test/default/app/shop/exkAbCdEfGhIjKlMnOp12/sso/saml"/>',
        '<md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="https://idp.example.test/default/app/shop/exkAbCdEfGhIjKlMnOp12/sso/saml"/>',
        '</md:IDPSSODescriptor>',
        '</md:EntityDescriptor>',
      ].join(''),
    )
  })
})
