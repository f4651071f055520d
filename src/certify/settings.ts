/** Sets the SP for a phase: what is different from how it stands, and nothing that cannot be set. */
import type { SettingsChange, Target } from '../target/ports.ts'
import { type Settings, verbOfSetting } from './plan.ts'
import type { Surroundings } from './surroundings.ts'

/**
 * @param apply changes settings of the SP
 * @param mayChange whether anything may be changed at all: on this machine, or with consent
 * @returns a function that sets the SP; it remembers what it has set
 */
export const settingsOfPhases = (
  around: Pick<Surroundings, 'idp' | 'org' | 'plainOrg' | 'target' | 'journalSince' | 'idpMetadata'>,
  apply: (change: SettingsChange) => Promise<void>,
  mayChange: boolean,
): ((settings: Settings) => Promise<void>) => {
  const { idp, org, plainOrg, target } = around
  let standing: Settings = {}
  return async (settings) => {
    if (!mayChange) return
    around.journalSince = await journalEnd(idp, org)
    const changed = Object.keys(settings).filter((key) => settings[key] !== standing[key])
    const change = {
      ...switches(settings, changed, target),
      ...(changed.some((key) => key === 'metadata' || key === 'idp') && target.has('admin.metadata')
        ? { metadata: await metadataFor(settings, idp, settings['idp'] === 'plain' ? plainOrg : org, around) }
        : {}),
    }
    // `again`: what is on is turned off first, so that it is turned on just before the phase.
    const off = Object.keys(change).filter((key) => settings[key] === 'again')
    if (off.length > 0) await apply(Object.fromEntries(off.map((key) => [key, 'off'])))
    if (Object.keys(change).length > 0) await apply(change)
    standing = settings
  }
}

/** A user that nobody is keeps the entries themselves at home. */
const journalEnd = async (idp: Surroundings['idp'], org: string): Promise<number> =>
  (await idp.org(org).journal.read({ userId: 'nobody' })).next

const switches = (settings: Settings, changed: readonly string[], target: Target): SettingsChange =>
  Object.fromEntries(
    (['saml', 'provisioning', 'enforce', 'scim', 'groupSync'] as const)
      .filter((key) => changed.includes(key) && target.has(verbOfSetting(key)))
      .map((key) => [key, settings[key] === 'off' ? 'off' : 'on']),
  )

/**
 * Lets the second organisation of a target trust its own IdP, where idpact may set that; else its administrator has done so.
 *
 * @param apply changes settings of the second organisation
 */
export const introduceToSecond = async (
  { idp, orgOfB, target }: Pick<Surroundings, 'idp' | 'orgOfB' | 'target'>,
  apply: (change: SettingsChange) => Promise<void>,
  mayChange: boolean,
): Promise<void> => {
  if (!mayChange || target.b?.has('admin.metadata') !== true) return
  const metadata = { inline: await idp.org(orgOfB).metadata() }
  await apply({
    metadata,
    ...(target.b.has('admin.saml') ? { saml: 'on' } : {}),
    ...(target.b.has('admin.scim') && target.b.has('scim.call') ? { scim: 'on' } : {}),
  })
}

const metadataFor = async (
  settings: Settings,
  idp: Surroundings['idp'],
  orgId: string,
  { idpMetadata }: Pick<Surroundings, 'idpMetadata'>,
): Promise<NonNullable<SettingsChange['metadata']>> => {
  const org = idp.org(orgId)
  if (settings['metadata'] !== 'url') return { inline: await org.metadata(undefined, idpMetadata) }
  const [registration] = await org.registrations.list()
  return { url: registration?.metadataUrl ?? '' }
}
