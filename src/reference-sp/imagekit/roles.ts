/** The roles of an ImageKit user, as its set-up guides list them. Compared exactly. */
export const roles = [
  'account_administrator',
  'developer',
  'media_library_full_access',
  'media_library_restricted_access',
  'media_library_view_only_access',
  'finance',
] as const
type Role = (typeof roles)[number]

export const isRole = (value: string): value is Role => (roles as readonly string[]).includes(value)
