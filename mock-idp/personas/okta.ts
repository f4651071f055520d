import { entityFormat } from '../saml/names.ts'
import type { Persona } from './persona.ts'

/**
 * An application made with Okta's "App Integration Wizard".
 *
 * Not written by Okta either, and so not here: NameQualifier, SPNameQualifier, FriendlyName, Address, OneTimeUse.
 */
export const okta: Persona = {
  id: 'okta',
  title: 'Okta (SAML 2.0 application of the wizard)',
  source: 'Messages in public test data of ssoready and gosaml2, help.okta.com, okta-developer-docs',
  asOf: '2024-04',
  style: {
    prefixes: { protocol: 'saml2p', assertion: 'saml2', signature: 'ds' },
    markup: 'sorted',
    xmlDeclaration: '<?xml version="1.0" encoding="UTF-8"?>',
    issuerFormat: entityFormat,
    attributeType: 'xs:string',
    inclusiveXs: true,
    certificateLine: 76,
  },
  ids: { prefix: 'id', alphabet: '0123456789', length: 26, sharedLength: 9 },
  sessionIndex: { spInitiated: 'request-id', idpInitiated: 'time-and-number' },
  window: { notBeforeMs: -300_000, notOnOrAfterMs: 300_000, confirmationMs: 300_000 },
  metadata: {
    xmlDeclaration: '<?xml version="1.0" encoding="UTF-8"?>',
    prefix: 'md',
    singleSignOnBindings: ['HTTP-POST', 'HTTP-Redirect'],
    certificateLine: 76,
  },
}
