import type { Persona } from './persona.ts'

/** An identity provider of no vendor's shape: what SAML 2.0 asks for and nothing else, sent as it was signed. */
export const plain: Persona = {
  id: 'plain',
  title: 'Plain SAML 2.0',
  source: 'SAML Core, Profiles and Metadata 2.0 (OASIS, 2005)',
  asOf: '2005-03',
  style: {
    prefixes: { protocol: 'samlp', assertion: 'saml', signature: 'ds' },
    markup: 'canonical',
    xmlDeclaration: '',
    issuerFormat: undefined,
    attributeType: undefined,
    inclusiveXs: false,
    certificateLine: undefined,
  },
  ids: { prefix: '_', alphabet: '0123456789abcdef', length: 32, sharedLength: 0 },
  sessionIndex: { spInitiated: 'random', idpInitiated: 'random' },
  window: { notBeforeMs: -120_000, notOnOrAfterMs: 300_000, confirmationMs: 300_000 },
  metadata: {
    xmlDeclaration: '',
    prefix: 'md',
    singleSignOnBindings: ['HTTP-Redirect', 'HTTP-POST'],
    certificateLine: undefined,
  },
}
