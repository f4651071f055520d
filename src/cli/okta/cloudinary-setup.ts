/**
 * What Cloudinary's guide to SCIM with Okta has an administrator set up, as data (Cloudinary documentation, "SCIM
 * provisioning setup for Cloudinary with IdP (Okta)", 2025-01-17).
 */
import type { Setup } from './setup-shape.ts'

const coreUser = 'urn:ietf:params:scim:schemas:core:2.0:User'

const roles = [
  { value: 'master_admin', title: 'Master admin' },
  { value: 'admin', title: 'Admin' },
  { value: 'technical_admin', title: 'Technical admin' },
  { value: 'billing', title: 'Billing' },
  { value: 'reports', title: 'Reports' },
  { value: 'media_library_admin', title: 'Media Library admin' },
  { value: 'media_library_user', title: 'Media Library user' },
]

/** @param environments cloud names of the product environments of the account */
export const cloudinarySetup = (environments: readonly string[]): Setup => {
  const clouds = environments.map((value) => ({ value }))
  const list = { type: 'string-array', title: 'Product environments', enum: clouds, required: true } as const
  const role = { type: 'string', enum: roles, required: true } as const
  return {
    provisioning: {
      persona: 'okta',
      uniqueField: 'userName',
      actions: {
        createUsers: true,
        updateUsers: true,
        deactivateUsers: true,
        syncPassword: false,
        pushGroups: true,
        importUsers: true,
      },
    },
    appAttributes: [
      {
        ...list,
        name: 'product_environments',
        description: "Cloud names for user's allowed product environments",
        externalName: 'product_environments',
        externalNamespace: coreUser,
        scope: 'GROUP',
        groupValues: 'COMBINE',
      },
      {
        ...role,
        name: 'role',
        title: 'User role',
        description: "User's Cloudinary role",
        externalName: 'role',
        externalNamespace: coreUser,
        scope: 'GROUP',
        groupValues: 'PRIORITY',
      },
    ],
    userAttributes: [
      { ...list, name: 'product_environments', description: "Cloud names for user's allowed product environments" },
      { ...role, name: 'cld_role', title: 'Cloudinary role', description: "User's Cloudinary role" },
    ],
    mappings: [
      { attribute: 'product_environments', expression: 'user.product_environments' },
      { attribute: 'role', expression: 'user.cld_role' },
    ],
    groupAttributes: [
      {
        ...list,
        name: 'product_environments',
        description: 'Allowed product environments for all users in the group',
      },
      // The guide names it and does not say that it is required.
      {
        ...role,
        name: 'cld_role',
        title: 'Cloudinary role',
        description: 'Cloudinary role of all users in the group',
        required: false,
      },
    ],
  }
}
