export const ns = {
  protocol: 'urn:oasis:names:tc:SAML:2.0:protocol',
  assertion: 'urn:oasis:names:tc:SAML:2.0:assertion',
  metadata: 'urn:oasis:names:tc:SAML:2.0:metadata',
  signature: 'http://www.w3.org/2000/09/xmldsig#',
  encryption: 'http://www.w3.org/2001/04/xmlenc#',
  encryption11: 'http://www.w3.org/2009/xmlenc11#',
  exclusiveC14n: 'http://www.w3.org/2001/10/xml-exc-c14n#',
} as const

export const bindings = {
  redirect: 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect',
  post: 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST',
} as const

export const statusSuccess = 'urn:oasis:names:tc:SAML:2.0:status:Success'
export const entityFormat = 'urn:oasis:names:tc:SAML:2.0:nameid-format:entity'
export const bearer = 'urn:oasis:names:tc:SAML:2.0:cm:bearer'

export const nameIdFormats = {
  emailAddress: 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress',
  unspecified: 'urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified',
  persistent: 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent',
} as const

export const nameFormats = {
  unspecified: 'urn:oasis:names:tc:SAML:2.0:attrname-format:unspecified',
  basic: 'urn:oasis:names:tc:SAML:2.0:attrname-format:basic',
} as const
