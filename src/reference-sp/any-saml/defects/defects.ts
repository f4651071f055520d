import type { Defect } from '../../defects/defect.ts'
import { algorithmDefects } from './algorithms.ts'
import { aroundDefects } from './around.ts'
import { correlationDefects } from './correlation.ts'
import { encryptionDefects } from './encryption.ts'
import { logoutDefects } from './logout.ts'
import { parsingDefects } from './parsing.ts'
import { requestDefects } from './requests.ts'
import { signatureDefects } from './signature.ts'
import { wrappingDefects } from './wrapping.ts'

/** One for each requirement of the contract `saml`. */
export const anySamlDefects: readonly Defect[] = [
  ...signatureDefects,
  ...wrappingDefects,
  ...parsingDefects,
  ...algorithmDefects,
  ...encryptionDefects,
  ...correlationDefects,
  ...aroundDefects,
  ...requestDefects,
  ...logoutDefects,
]
