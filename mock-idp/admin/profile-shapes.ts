/**
 * Profiles of applications, users and groups as data: what the Profile Editor of Okta shows, and its mappings. Shapes of
 * the control API, beside `schema.ts`.
 */
import { z } from 'zod'

export const attributeName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]{0,79}$/, 'letters, digits and _, and no digit first; 80 characters at most')

const profileAttribute = z.strictObject({
  /** Variable name: `user.<name>`, `appuser.<name>` in expressions. Never on the wire. */
  name: attributeName,
  title: z.string().max(200).optional(),
  description: z.string().max(1000).optional(),
  type: z.enum(['string', 'string-array', 'number', 'boolean']).default('string'),
  /** The only values that there may be; for an array, the only elements. */
  enum: z
    .array(
      z.strictObject({ value: z.union([z.string().max(1000), z.number()]), title: z.string().max(200).optional() }),
    )
    .min(1)
    .max(10_000)
    .optional(),
  required: z.boolean().default(false),
})

/** A custom attribute of the Okta user or the Okta group. */
export const oktaAttribute = profileAttribute

/** An attribute of an application's user profile. */
export const appAttribute = profileAttribute.extend({
  /**
   * Where the value stands in a SCIM resource: `role`, `name.givenName`, or in Okta's mini-language
   * `emails.^[type=='work'].value`. The variable name when left out.
   */
  externalName: z.string().min(1).max(200).optional(),
  /** URN of the schema that the external name belongs to. Without one the attribute is not sent. */
  externalNamespace: z.string().min(1).max(200).optional(),
  /** GROUP: a group that assigns the application may give the value. */
  scope: z.enum(['PERSONAL', 'GROUP']).default('PERSONAL'),
  /** Of several groups: that of the highest priority, or all together (arrays only). */
  groupValues: z.enum(['PRIORITY', 'COMBINE']).default('PRIORITY'),
})

/** `expression` gives the value of `attribute`: Okta user to application, or application to Okta user. */
export const mapping = z.strictObject({ attribute: attributeName, expression: z.string().min(1).max(10_000) })

export type OktaAttribute = z.infer<typeof oktaAttribute>
export type AppAttribute = z.infer<typeof appAttribute>
export type Mapping = z.infer<typeof mapping>
export type NewAppAttribute = z.input<typeof appAttribute>
export type NewOktaAttribute = z.input<typeof oktaAttribute>
export type ProfileValue = string | number | boolean | string[]
export type Profile = Readonly<Record<string, ProfileValue>>
