import { randomBytes } from 'node:crypto'
import { SignedXml } from 'xml-crypto'
import { type Identity, makeIdentity } from './certificate.ts'

/** A minter of Responses that has nothing to do with the mock IdP: string templates, signed by xml-crypto. */
const p = 'urn:oasis:names:tc:SAML:2.0:protocol'
const a = 'urn:oasis:names:tc:SAML:2.0:assertion'
export const emailAddress = 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress'
export const success = 'urn:oasis:names:tc:SAML:2.0:status:Success'

export interface TestIdp extends Identity {
  entityId: string
  ssoUrl: string
}

export const makeIdp = (entityId = 'https://idp.example.test/saml'): TestIdp => ({
  ...makeIdentity(),
  entityId,
  ssoUrl: 'https://idp.example.test/sso?tenant=1',
})

export const metadataOf = (idp: TestIdp, certificates = [idp.certificate], binding = 'HTTP-Redirect'): string =>
  `<?xml version="1.0" encoding="UTF-8"?><md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="${idp.entityId}"><md:IDPSSODescriptor protocolSupportEnumeration="${p}">${certificates
    .map(
      (certificate) =>
        `<md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data><ds:X509Certificate>${certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>`,
    )
    .join(
      '',
    )}<md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:${binding}" Location="${idp.ssoUrl.replace('&', '&amp;')}"/></md:IDPSSODescriptor></md:EntityDescriptor>`

export type Attributes = Record<string, string | readonly string[]>

export interface ResponseOptions {
  idp: TestIdp
  acsUrl: string
  audience: string
  nameId?: string | null
  nameIdFormat?: string
  attributes?: Attributes
  /** null leaves it out. */
  nameFormat?: string | null
  destination?: string | null
  recipient?: string
  responseIssuer?: string
  assertionIssuer?: string
  status?: string
  statusDetail?: string
  inResponseTo?: string | undefined
  subjectInResponseTo?: string | undefined
  assertionId?: string
  /** Milliseconds from now. */
  notBefore?: number
  notOnOrAfter?: number
  confirmationNotOnOrAfter?: number
  sessionNotOnOrAfter?: number
  /** Replaces the content of Conditions. */
  conditions?: string
  withAssertion?: boolean
  withAuthnStatement?: boolean
  sign?: 'assertion' | 'response' | 'both' | 'none'
  key?: Identity
  signatureAlgorithm?: string
  /** Before anything is signed. */
  edit?: (xml: string) => string
}

const escapeXml = (text: string): string =>
  text.replace(/[&<>"\r\n\t]/g, (character) => `&#${character.charCodeAt(0)};`)
const instant = (offset: number): string => new Date(Date.now() + offset).toISOString()
const optional = (name: string, value: string | null | undefined): string =>
  value === undefined || value === null ? '' : ` ${name}="${escapeXml(value)}"`
const minutes = 60_000
export const newId = (): string => `_${randomBytes(12).toString('hex')}`

const attributeXml = ([name, value]: [string, string | readonly string[]], nameFormat: string | null): string =>
  `<saml:Attribute Name="${escapeXml(name)}"${optional('NameFormat', nameFormat)}>${[value]
    .flat()
    .map(
      (one) =>
        `<saml:AttributeValue xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="xs:string">${escapeXml(one)}</saml:AttributeValue>`,
    )
    .join('')}</saml:Attribute>`

const assertionXml = (options: ResponseOptions): string => {
  const { nameId = 'someone@example.test', nameIdFormat = emailAddress } = options
  const nameFormat =
    options.nameFormat === undefined ? 'urn:oasis:names:tc:SAML:2.0:attrname-format:unspecified' : options.nameFormat
  const end = options.notOnOrAfter ?? 5 * minutes
  const attributes = Object.entries(options.attributes ?? {})
  return (
    `<saml:Assertion xmlns:saml="${a}" ID="${options.assertionId ?? newId()}" Version="2.0" IssueInstant="${instant(0)}">` +
    `<saml:Issuer>${escapeXml(options.assertionIssuer ?? options.idp.entityId)}</saml:Issuer>` +
    `<saml:Subject>${nameId === null ? '' : `<saml:NameID Format="${nameIdFormat}">${escapeXml(nameId)}</saml:NameID>`}` +
    `<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData` +
    `${optional('InResponseTo', 'subjectInResponseTo' in options ? options.subjectInResponseTo : options.inResponseTo)}` +
    ` NotOnOrAfter="${instant(options.confirmationNotOnOrAfter ?? end)}" Recipient="${escapeXml(options.recipient ?? options.acsUrl)}"/>` +
    `</saml:SubjectConfirmation></saml:Subject>` +
    `<saml:Conditions NotBefore="${instant(options.notBefore ?? -5 * minutes)}" NotOnOrAfter="${instant(end)}">` +
    `${options.conditions ?? `<saml:AudienceRestriction><saml:Audience>${escapeXml(options.audience)}</saml:Audience></saml:AudienceRestriction>`}</saml:Conditions>` +
    (options.withAuthnStatement === false
      ? ''
      : `<saml:AuthnStatement AuthnInstant="${instant(0)}"${
          options.sessionNotOnOrAfter === undefined
            ? ''
            : ` SessionNotOnOrAfter="${instant(options.sessionNotOnOrAfter)}"`
        }><saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>`) +
    (attributes.length === 0
      ? ''
      : `<saml:AttributeStatement>${attributes.map((one) => attributeXml(one, nameFormat)).join('')}</saml:AttributeStatement>`) +
    `</saml:Assertion>`
  )
}

/** A Response as XML, signed as asked for: the Assertion unless said otherwise. */
export const mint = (options: ResponseOptions): string => {
  const { sign = 'assertion', edit = (xml: string) => xml, key = options.idp } = options
  const status = options.status ?? success
  const unsigned = edit(
    `<samlp:Response xmlns:samlp="${p}" ID="${newId()}" Version="2.0" IssueInstant="${instant(0)}"` +
      `${optional('Destination', options.destination === undefined ? options.acsUrl : options.destination)}` +
      `${optional('InResponseTo', options.inResponseTo)}>` +
      `<saml:Issuer xmlns:saml="${a}">${escapeXml(options.responseIssuer ?? options.idp.entityId)}</saml:Issuer>` +
      `<samlp:Status><samlp:StatusCode Value="${status}">${
        options.statusDetail === undefined ? '' : `<samlp:StatusCode Value="${options.statusDetail}"/>`
      }</samlp:StatusCode></samlp:Status>` +
      `${options.withAssertion === false ? '' : assertionXml(options)}</samlp:Response>`,
  )
  const inner = sign === 'assertion' || sign === 'both' ? signElement(unsigned, 'Assertion', key, options) : unsigned
  return sign === 'response' || sign === 'both' ? signElement(inner, 'Response', key, options) : inner
}

const signElement = (xml: string, name: string, key: Identity, { signatureAlgorithm }: ResponseOptions): string => {
  const path = name === 'Response' ? "/*[local-name(.)='Response']" : "//*[local-name(.)='Assertion']"
  const c14n = 'http://www.w3.org/2001/10/xml-exc-c14n#'
  const sha1 = signatureAlgorithm?.endsWith('sha1') === true
  const signed = new SignedXml({
    privateKey: key.privateKey,
    signatureAlgorithm: signatureAlgorithm ?? 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
    canonicalizationAlgorithm: c14n,
  })
  signed.addReference({
    xpath: path,
    transforms: ['http://www.w3.org/2000/09/xmldsig#enveloped-signature', c14n],
    digestAlgorithm: sha1 ? 'http://www.w3.org/2000/09/xmldsig#sha1' : 'http://www.w3.org/2001/04/xmlenc#sha256',
  })
  signed.computeSignature(xml, {
    prefix: 'ds',
    location: { reference: `${path}/*[local-name(.)='Issuer']`, action: 'after' },
  })
  return signed.getSignedXml()
}
