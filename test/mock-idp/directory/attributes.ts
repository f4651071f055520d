import {
  appAttribute,
  type NewAppAttribute,
  type NewOktaAttribute,
  oktaAttribute,
} from '../../../mock-idp/admin/profile-shapes.ts'

export const app = (attribute: NewAppAttribute) => appAttribute.parse(attribute)
export const okta = (attribute: NewOktaAttribute) => oktaAttribute.parse(attribute)

const namespace = 'urn:ietf:params:scim:schemas:core:2.0:User'
const choices = (...values: string[]) => values.map((value) => ({ value }))

/** The two attributes that Cloudinary's guide has the administrator add. */
export const role = app({
  name: 'role',
  title: 'User role',
  externalName: 'role',
  externalNamespace: namespace,
  enum: choices('master_admin', 'admin', 'technical_admin', 'billing', 'reports', 'media_library_user'),
  required: true,
  scope: 'GROUP',
})
export const environments = app({
  name: 'environments',
  description: "Cloud names for user's allowed product environments",
  type: 'string-array',
  externalName: 'product_environments',
  externalNamespace: namespace,
  enum: choices('prod', 'staging', 'dev'),
  scope: 'GROUP',
  groupValues: 'COMBINE',
})
