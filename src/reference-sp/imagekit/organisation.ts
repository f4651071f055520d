import { refuse } from '../login-refused.ts'
import { openEnvelope } from '../saml/gate.ts'
import type { Service } from '../service.ts'
import type { Sp } from '../sp.ts'

/**
 * The organisation whose identity provider a Response names as its Issuer. Nothing is verified yet: the login then verifies
 * with the keys of just this organisation.
 *
 * @throws LoginRefused when no organisation trusts it
 */
export const organisationOfResponse = async ({ organisations }: Service, samlResponse: unknown): Promise<Sp> => {
  const [first] = organisations
  if (typeof samlResponse !== 'string' || samlResponse === '') return refuse('MESSAGE_MISSING')
  const { issuer } = openEnvelope(samlResponse)
  for (const sp of organisations) if ((await entityIdOf(sp)) === issuer) return sp
  // Of one organisation it is clear what is wrong; of several it is only clear that none trusts this issuer.
  return organisations.length === 1 ? first : refuse('ISSUER_MISMATCH')
}

const entityIdOf = async (sp: Sp): Promise<string | undefined> => {
  const { saml } = sp.store.settings.read()
  if (!sp.rules().samlIsOn(sp.store.settings.read(), sp.store.settings.samlWasOff()) || saml.metadata === null)
    return undefined
  return (await sp.trust.current()).idp.entityId
}

/** Organisations that somebody with this e-mail address is registered in. */
export const organisationsOfEmail = ({ organisations }: Service, email: string): Sp[] =>
  organisations.filter((sp) => sp.store.users.findByEmail(email) !== undefined)
