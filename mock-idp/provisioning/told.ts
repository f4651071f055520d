import type { Profile } from '../admin/profile-shapes.ts'

/**
 * What a service provider was told of a user, in a form that can be compared: two that are equal say the same.
 *
 * @example fingerprintOf({ userName: 'ada', role: 'admin' }) === fingerprintOf({ role: 'admin', userName: 'ada' }) // true
 */
export const fingerprintOf = (values: Profile): string =>
  JSON.stringify(Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1)))

/** The values back; empty where nothing was told yet. */
export const toldValues = (fingerprint: string): Profile =>
  fingerprint === '' ? {} : Object.fromEntries(JSON.parse(fingerprint) as [string, Profile[string]][])
