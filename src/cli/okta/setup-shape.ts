import { z } from 'zod'
import { appAttribute, mapping, oktaAttribute } from '../../../mock-idp/admin/profile-shapes.ts'
import { provisioningActions, provisioning as settings } from '../../../mock-idp/admin/provisioning-shapes.ts'

/** A file of `idpact okta setup`: what is added to an application and to the directory. What it does not name stays. */
export const setup = z.strictObject({
  provisioning: z
    .strictObject({
      persona: settings.shape.persona.removeDefault().optional(),
      uniqueField: settings.shape.uniqueField.removeDefault().optional(),
      userName: settings.shape.userName,
      actions: provisioningActions.optional(),
    })
    .optional(),
  /** Of the application; one of the same name is replaced, here and below. */
  appAttributes: z.array(appAttribute).max(500).default([]),
  /** Of the Okta user, with the mappings that bring them to the application. */
  userAttributes: z.array(oktaAttribute).max(500).default([]),
  mappings: z.array(mapping).max(500).default([]),
  /** Of the Okta group. */
  groupAttributes: z.array(oktaAttribute).max(500).default([]),
})

export type Setup = z.output<typeof setup>
