import { okta } from '../personas/okta.ts'
import type { Persona } from '../personas/persona.ts'
import { plain } from '../personas/plain.ts'
import type { ApplicationRecord } from '../store/applications.ts'
import type { KeyType } from '../store/keys.ts'
import type { OrgRecord } from '../store/orgs.ts'

export const personaOf = (org: OrgRecord): Persona => (org.shape === 'okta' ? okta : plain)

export const keyTypeOf = ({ saml }: ApplicationRecord): KeyType =>
  saml.signatureAlgorithm.startsWith('ecdsa') ? 'ec-p256' : 'rsa-2048'
