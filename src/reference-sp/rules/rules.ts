import { type AnySamlRules, anySamlRules } from '../any-saml/rules.ts'
import { type AttributeRules, attributeRules } from '../cloudinary/rules/attributes.ts'
import { type ProvisioningRules, provisioningRules } from '../cloudinary/rules/provisioning.ts'
import { type CloudsmithRules, cloudsmithRules } from '../cloudsmith/rules.ts'
import { type ImagekitRules, imagekitRules } from '../imagekit/rules.ts'
import { type AccessRules, accessRules } from './access.ts'
import { type AccountRules, accountRules } from './accounts.ts'
import { type OauthRules, oauthRules } from './oauth.ts'
import { type RefusalRules, refusalRules } from './refusal.ts'
import { type ScimRules, scimRules } from './scim.ts'
import { type VerificationRules, verificationRules } from './verification.ts'

/**
 * Every decision that a requirement rests on, by name. The rest of the reference SP asks here, so a defect is one entry
 * that replaces one of these functions (`defects/`).
 */
export interface Rules
  extends VerificationRules,
    RefusalRules,
    AccessRules,
    AttributeRules,
    ProvisioningRules,
    AccountRules,
    OauthRules,
    ScimRules,
    ImagekitRules,
    CloudsmithRules,
    AnySamlRules {}

/** All requirements kept. */
export const goodRules: Rules = {
  ...verificationRules,
  ...refusalRules,
  ...accessRules,
  ...attributeRules,
  ...provisioningRules,
  ...accountRules,
  ...oauthRules,
  ...scimRules,
  ...imagekitRules,
  ...cloudsmithRules,
  ...anySamlRules,
}
