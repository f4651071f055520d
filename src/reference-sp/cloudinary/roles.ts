/** The seven roles of a Cloudinary account, as the documentation's table lists them. Compared exactly. */
export const roles = [
  'master_admin',
  'admin',
  'technical_admin',
  'billing',
  'reports',
  'media_library_admin',
  'media_library_user',
] as const
export type Role = (typeof roles)[number]

export const isRole = (value: string): value is Role => (roles as readonly string[]).includes(value)

/** Who may open the console's settings and user management. */
export const isAdministrator = (role: string): boolean => role === 'master_admin' || role === 'admin'
