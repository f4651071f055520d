import type { ApplicationRecord } from '../store/applications.ts'
import { type Endpoint, endpointFor, type WantedEndpoint } from './endpoints.ts'

/** An AuthnRequest, as far as it decides which application answers. */
export interface Wanted extends WantedEndpoint {
  registrationId: string
  issuer: string
  /** The certificates of service providers with which its signature was verified; empty when it has none. */
  verifiedWith: readonly string[]
  signed: boolean
}

export type Choice =
  | { kind: 'application'; application: ApplicationRecord; endpoint: Endpoint }
  /** No application has this Issuer. */
  | { kind: 'unknown-sp' }
  /** The Issuer is known, the ACS is not. */
  | { kind: 'acs-not-registered'; application: ApplicationRecord }
  | { kind: 'signature-missing' | 'signature-wrong'; application: ApplicationRecord }
  | { kind: 'inactive'; application: ApplicationRecord }

/**
 * The application that a request means, of those that could answer it: the first whose Issuer matches, that is active,
 * lists the ACS, and whose certificate verified the signature. When there is none, the nearest miss says why.
 */
export const chooseApplication = (wanted: Wanted, candidates: readonly ApplicationRecord[]): Choice => {
  const judged = candidates
    .filter(({ registrationId, saml }) => registrationId === wanted.registrationId && answersTo(saml, wanted.issuer))
    .map((application) => judge(wanted, application))
  const best = judged.reduce<Choice | undefined>(
    (a, b) => (a && closeness[a.kind] >= closeness[b.kind] ? a : b),
    undefined,
  )
  return best ?? { kind: 'unknown-sp' }
}

const closeness: Record<Choice['kind'], number> = {
  application: 4,
  'signature-wrong': 3,
  'signature-missing': 2,
  'acs-not-registered': 1,
  inactive: 0,
  'unknown-sp': -1,
}

const answersTo = (saml: ApplicationRecord['saml'], issuer: string): boolean =>
  saml.audience === issuer || (saml.spEntityIds?.includes(issuer) ?? false)

const judge = (wanted: Wanted, application: ApplicationRecord): Choice => {
  if (application.status !== 'ACTIVE') return { kind: 'inactive', application }
  const { saml } = application
  const endpoint = endpointFor(saml, wanted)
  if (!endpoint) return { kind: 'acs-not-registered', application }
  if (wanted.signed && saml.spCertificate !== undefined && !wanted.verifiedWith.includes(saml.spCertificate))
    return { kind: 'signature-wrong', application }
  if (saml.requireSignedRequests && (saml.spCertificate === undefined || !wanted.signed))
    return { kind: 'signature-missing', application }
  return { kind: 'application', application, endpoint }
}
