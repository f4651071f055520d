import type { Source } from '../contract.ts'

const of =
  (document: string) =>
  (clause: string, quote: string): Source => ({ document: `${document} ${clause}`, quote })

/** The documents that the requirements rest on, each with the clause and its words, or their sense. */
export const core = of('SAML V2.0 Core (OASIS, 2005)')
export const profiles = of('SAML V2.0 Profiles (OASIS, 2005)')
export const bindings = of('SAML V2.0 Bindings (OASIS, 2005)')
export const metadata = of('SAML V2.0 Metadata (OASIS, 2005)')
export const xmldsig = of('XML Signature Syntax and Processing (W3C)')
export const xml = of('XML 1.0 (W3C)')
export const implementation = of('SAML V2.0 Implementation Profile for Federation Interoperability (Kantara)')
export const deployment = of('SAML V2.0 Deployment Profile for Federation Interoperability (Kantara)')
export const weakness = of('Common Weakness Enumeration')
export const advisory = of('Published advisory')
