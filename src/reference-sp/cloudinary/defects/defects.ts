import type { Defect } from '../../defects/defect.ts'
import { accessDefects } from './access.ts'
import { accountDefects } from './accounts.ts'
import { attributeDefects } from './attributes.ts'
import { oauthDefects } from './oauth.ts'
import { provisioningDefects } from './provisioning.ts'
import { refusalDefects } from './refusal.ts'
import { scimDefects } from './scim.ts'
import { verificationDefects } from './verification.ts'

export const cloudinaryDefects: readonly Defect[] = [
  ...verificationDefects,
  ...refusalDefects,
  ...accessDefects,
  ...attributeDefects,
  ...provisioningDefects,
  ...accountDefects,
  ...oauthDefects,
  ...scimDefects,
]
