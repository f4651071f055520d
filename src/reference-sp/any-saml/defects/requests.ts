/** What the service provider writes wrong itself. */
import { generateKeyPairSync } from 'node:crypto'
import { type Defect, defect } from '../../defects/defect.ts'

const writing = (id: string, title: string, change: (xml: string) => string): Defect =>
  defect(id, { title, rules: (rules) => ({ writesRequest: (xml) => change(rules.writesRequest(xml)) }) })

const publishing = (id: string, title: string, change: (xml: string) => string): Defect =>
  defect(id, { title, rules: (rules) => ({ writesMetadata: (xml) => change(rules.writesMetadata(xml)) }) })

/** The number of the last request; a defect that counts has to count somewhere. */
let counted = 0

/** A text in place of a certificate; there is no such thing as one of a key alone. */
const noCertificate = (): string =>
  generateKeyPairSync('rsa', { modulusLength: 1024 })
    .publicKey.export({ type: 'spki', format: 'der' })
    .toString('base64')

export const requestDefects: readonly Defect[] = [
  writing('SAML-REQ-01', 'The IssueInstant of requests has no time zone.', (xml) =>
    xml.replace(/( IssueInstant="[^"]*)Z"/, '$1"'),
  ),
  writing('SAML-REQ-02', 'The Issuer of requests is a name, and not the entity ID.', (xml) =>
    xml.replace(/(<saml:Issuer[^>]*>)[^<]*/, '$1our application'),
  ),
  writing('SAML-REQ-03', 'Requests have an index of the ACS beside its URL.', (xml) =>
    xml.replace(' ProtocolBinding=', ' AssertionConsumerServiceIndex="0" ProtocolBinding='),
  ),
  writing('SAML-REQ-04', 'The Destination of requests is the entity ID of somebody.', (xml) =>
    xml.replace(/ Destination="[^"]*"/, ' Destination="https://idp.example.test/"'),
  ),
  writing('SAML-REQ-05', 'The IDs of requests are counted.', (xml) => {
    counted += 1
    return xml.replace(/ ID="[^"]*"/, ` ID="_${counted}"`)
  }),
  writing('SAML-REQ-06', 'Requests confirm their subject themselves.', (xml) =>
    xml.replace(
      '</samlp:AuthnRequest>',
      '<saml:Subject xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"><saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"/></saml:Subject></samlp:AuthnRequest>',
    ),
  ),
  defect('SAML-REQ-07', {
    title: 'The RelayState of requests has more than a hundred bytes.',
    rules: () => ({ sendsRelayState: () => `/${'x'.repeat(120)}` }),
  }),
  publishing('SAML-MD-01', 'The metadata have another entity ID.', (xml) =>
    xml.replace(/ entityID="[^"]*"/, ' entityID="https://another.example.test"'),
  ),
  publishing('SAML-MD-02', 'The metadata say nothing of the protocol.', (xml) =>
    xml.replace(
      / protocolSupportEnumeration="[^"]*"/,
      ' protocolSupportEnumeration="urn:oasis:names:tc:SAML:1.1:protocol"',
    ),
  ),
  publishing('SAML-MD-03', 'The ACS in the metadata have no index.', (xml) => xml.replaceAll(/ index="[^"]*"/g, '')),
  publishing('SAML-MD-04', 'The metadata have a bare key where a certificate belongs.', (xml) =>
    xml.replace(
      /<ds:KeyValue>.*<\/ds:KeyValue>/,
      `<ds:X509Data><ds:X509Certificate>${noCertificate()}</ds:X509Certificate></ds:X509Data>`,
    ),
  ),
  publishing('SAML-MD-05', 'The metadata have expired.', (xml) =>
    xml.replace(' entityID=', ' validUntil="2020-01-01T00:00:00Z" entityID='),
  ),
]
