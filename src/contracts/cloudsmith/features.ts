import { ruleOf } from '../rule-of.ts'
import type { TemplateData } from '../template.ts'
import { cloudsmith } from './contract.ts'

const rule = ruleOf(cloudsmith)

/** The features of Cloudsmith that are made from a template. What it has of its own stands beside them. */
export const cloudsmithFeatures: readonly { template: string; data: TemplateData }[] = [
  {
    template: 'scim-users',
    data: {
      title: 'Cloudsmith',
      loginToo: {},
      rules: {
        scimSpeaks: rule('CSM-SCIM-01'),
        scimCreates: rule('CSM-SCIM-02'),
        scimDeactivates: rule('CSM-SCIM-03'),
        scimUpdates: rule('CSM-SCIM-04'),
        scimUnique: rule('CSM-SCIM-09'),
        scimReactivates: rule('CSM-SCIM-18'),
        scimLinks: rule('CSM-SCIM-19'),
      },
    },
  },
]
