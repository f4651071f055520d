import { z } from 'zod'
import { oktaAttribute } from '../admin/profile-shapes.ts'
import { provisioning } from '../admin/provisioning-shapes.ts'
import { groupProfile, profileValue, samlSettings, userProfile, userStatus } from '../admin/schema.ts'

/** The file of `idpact idp --directory`: users by login, groups by name, applications by label. */
export const directoryFile = z.strictObject({
  attributes: z
    .strictObject({
      users: z.array(oktaAttribute).max(500).optional(),
      groups: z.array(oktaAttribute).max(500).optional(),
    })
    .default({})
    .describe('Custom attributes of the Okta user and of the Okta group: types, enumerations, required ones.'),
  users: z
    .array(
      z
        .object({
          ...userProfile.shape,
          email: userProfile.shape.email.optional(),
          status: userStatus.default('ACTIVE'),
        })
        .catchall(profileValue)
        .describe('A user: base and custom attributes of the profile. email is the login unless given.'),
    )
    .default([]),
  groups: z
    .array(
      z
        .object({
          ...groupProfile.shape,
          members: z.array(z.string()).default([]).describe('Logins of users of this file.'),
        })
        .catchall(profileValue),
    )
    .default([]),
  applications: z
    .array(
      z.strictObject({
        label: z.string().min(1).max(100),
        status: z.enum(['ACTIVE', 'INACTIVE']).default('ACTIVE'),
        saml: samlSettings,
        provisioning: provisioning
          .optional()
          .describe('SCIM: persona, actions, attributes, mappings. The connection has secrets and is set elsewhere.'),
        assign: z
          .union([
            z.literal('everyone'),
            z.strictObject({
              users: z.array(z.string()).default([]).describe('Logins of users of this file.'),
              groups: z.array(z.string()).default([]).describe('Names of groups of this file.'),
            }),
          ])
          .default('everyone'),
      }),
    )
    .default([]),
})

export type DirectoryFile = z.output<typeof directoryFile>

/** JSON Schema of the directory file, for editors. */
export const directoryJsonSchema = (): Record<string, unknown> => ({
  ...z.toJSONSchema(directoryFile, { io: 'input' }),
  title: 'Directory of the idpact mock IdP',
})
