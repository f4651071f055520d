import type { NewAppAttribute } from '../../mock-idp/admin/profile-shapes.ts'
import type { NewProvisioning } from '../../mock-idp/admin/provisioning-shapes.ts'

/** The Profile Editor of the scenario's application, beyond what Cloudinary's guide says. */

/** Attributes that every person has with the same value, beside those of the guide. */
export interface SentToo {
  /** Variable name in Okta. */
  name: string
  /** External name: `nickName`, `phoneNumbers.^[type=='work'].value`. */
  as: string
  /** URN of the schema that the external name belongs to. */
  namespace: string
  value: string
}

export const withAlsoSent =
  (also: readonly SentToo[]) =>
  (before: NewProvisioning): NewProvisioning => ({
    ...before,
    attributes: [
      ...(before.attributes ?? []),
      ...also.map(
        ({ name, as, namespace }): NewAppAttribute => ({
          name,
          externalName: as,
          externalNamespace: namespace,
        }),
      ),
    ],
    mappings: [
      ...(before.mappings ?? []),
      ...also.map(({ name, value }) => ({ attribute: name, expression: JSON.stringify(value) })),
    ],
  })
