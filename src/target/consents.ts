import { type Consent, consents } from '../config/schema.ts'
import { ConfigError } from '../core/errors.ts'
import type { Target } from './ports.ts'

/** Whether idpact may do this at the target: always on this machine, elsewhere only when idpact.yaml allows it. */
export const mayDo = ({ loopback }: Pick<Target, 'loopback'>, allow: readonly string[], what: Consent): boolean =>
  loopback || allow.includes(what)

/** How the user gives a consent, in a sentence. */
export const howToConsent = (what: Consent): string =>
  `Write "${what}" into the list "allow" of idpact.yaml, if idpact may ${consents[what]}.`

/**
 * @throws ConfigError `consent-missing` unless {@link mayDo}
 * @example requireConsent(target, config.allow, 'settings')
 */
export const requireConsent = (
  target: Pick<Target, 'loopback' | 'name'>,
  allow: readonly string[],
  what: Consent,
): void => {
  if (mayDo(target, allow, what)) return
  throw new ConfigError(`${target.name} is not on this machine, and idpact.yaml does not allow to ${consents[what]}`, {
    code: 'consent-missing',
    hint: howToConsent(what),
  })
}
