import { anySamlRules } from '../any-saml/rules.ts'
import { inviteIfDue } from '../invitations.ts'
import { LoginRefused, refuse } from '../login-refused.ts'
import { readAssertion, type VerifiedAssertion } from '../saml/assertion.ts'
import type { Acs } from '../saml/authn-request.ts'
import { type Checked, checkMessage } from '../saml/checks.ts'
import { decrypted } from '../saml/decryption.ts'
import { type Envelope, openAssertion, openDocument, openEnvelope } from '../saml/gate.ts'
import type { TrustedIdp } from '../saml/trust.ts'
import type { Sp } from '../sp.ts'
import type { SessionOfIdp } from '../store/logins.ts'
import type { Settings } from '../store/settings.ts'
import type { User } from '../store/users.ts'

/** The browser that a Response comes from. */
export interface Arrival {
  /** What binds requests to it; undefined when it never started a login here. */
  browser: string | undefined
  /** Whether somebody is logged in in it. */
  loggedIn: boolean
}

export interface SamlLogin {
  user: User
  session: SessionOfIdp
}

/**
 * One SAML login, from the posted form to the account that is logged in:
 * gate → Status → signatures (node-saml) → is it for us, here and now → account.
 *
 * Everything that is written is written in one transaction at the end: a login that is refused changes nothing.
 *
 * @param samlResponse the form field, base64
 * @param arrival the browser that posts it
 * @throws LoginRefused
 */
export const samlLogin = async (sp: Sp, acs: Acs, samlResponse: unknown, arrival: Arrival): Promise<SamlLogin> => {
  const { browser } = arrival
  const settings = sp.store.settings.read()
  const rules = sp.rules()
  if (!rules.samlIsOn(settings, sp.store.settings.samlWasOff())) refuse('SAML_DISABLED')
  const trusted = await sp.trust.current()
  if (!rules.supportsIdp(trusted.idp)) refuse('IDP_NOT_SUPPORTED')
  if (!rules.acceptsAcs(acs, sp.acs)) refuse('ACS_NOT_ACCEPTED')
  if (typeof samlResponse !== 'string' || samlResponse === '') return refuse('MESSAGE_MISSING')

  const message = await readMessage(sp, samlResponse, trusted, browser)
  if ('name' in message) return enteredAs(sp, message.name)
  const { envelope, assertion, idp } = message
  const objection = rules.objectsTo({ envelope, assertion })
  if (objection !== undefined) refuse('MESSAGE_STRUCTURE', objection)
  sp.profile.beforeChecks?.(sp, assertion)
  const isChecked = envelope.encryption === undefined || rules.checksDecrypted()
  const checkRules = isChecked ? rules : { ...rules, overlooks: () => true, audienceIsOurs: () => true }
  const checked = checkMessage(envelope, assertion, {
    acs,
    allAcs: sp.acs,
    idp,
    rules: checkRules,
    now: sp.clock.now(),
  })
  return await enter(sp, settings, assertion, checked, arrival)
}

interface Message {
  envelope: Envelope
  assertion: VerifiedAssertion
  idp: TrustedIdp['idp']
}

/** Through the gate and the verifier. A message that they refuse is refused, but for defects that misread it. */
const readMessage = async (
  sp: Sp,
  field: string,
  trusted: TrustedIdp,
  browser: string | undefined,
): Promise<Message | { name: string }> => {
  try {
    return await readDocument(sp, openEnvelope(field, { decrypts: sp.decryptionKey !== undefined }), trusted, browser)
  } catch (error) {
    const { misreads } = sp.rules()
    if (!(error instanceof LoginRefused) || misreads === anySamlRules.misreads) throw error
    return (await misread(sp, field, error, trusted, browser)) ?? rethrow(error)
  }
}

const rethrow = (error: Error): never => {
  throw error
}

const readDocument = async (
  sp: Sp,
  envelope: Envelope,
  trusted: TrustedIdp,
  browser: string | undefined,
): Promise<Message> => {
  const isThere = envelope.assertionId !== undefined || envelope.encryption !== undefined
  if (!sp.rules().statusAllowsLogin(envelope.status, isThere)) return denied(sp, envelope, browser)
  if (!isThere) refuse('ASSERTION_MISSING')
  if (envelope.encryption !== undefined) return readEncrypted(sp, envelope, trusted)
  return { envelope, ...(await verify(sp, envelope, trusted)) }
}

/** An encrypted Assertion is decrypted first, and then verified as if it had come in the clear. */
const readEncrypted = async (sp: Sp, envelope: Envelope, { idp }: TrustedIdp): Promise<Message> => {
  const { decryptionKey } = sp
  const rules = sp.rules()
  if (decryptionKey === undefined || envelope.encryption === undefined || !rules.acceptsEncryption(envelope.encryption))
    return refuse('ASSERTION_UNREADABLE')
  const { verifyRootSignature } = await import('../saml/inner-signature.ts')
  const mustVerify = (xml: string): void => {
    try {
      verifyRootSignature(xml, idp.certificates)
    } catch (cause) {
      refuse('SIGNATURE_INVALID', undefined, cause)
    }
  }
  if (envelope.signed.response) mustVerify(envelope.xml)
  const { read, verified } = rules.assertionIn(await decrypted(envelope.xml, decryptionKey))
  // What is wrong inside is told like what could not be decrypted: the one must not tell of the other.
  const { signed } = unreadable(() => openAssertion(verified))
  if (signed) mustVerify(verified)
  else if (!envelope.signed.response && rules.needsSignatureInside()) refuse('SIGNATURE_MISSING')
  const { id } = unreadable(() => openAssertion(read))
  return {
    envelope: { ...envelope, assertionId: id, signed: { ...envelope.signed, assertion: signed } },
    assertion: readAssertion(read, id),
    idp,
  }
}

const unreadable = <T>(read: () => T): T => {
  try {
    return read()
  } catch (cause) {
    return refuse('ASSERTION_UNREADABLE', undefined, cause)
  }
}

/** Verifies with the keys that we have, and once more where the IdP has changed them in the meantime. */
const verify = async (
  sp: Sp,
  envelope: Envelope,
  trusted: TrustedIdp,
): Promise<{ assertion: VerifiedAssertion; idp: TrustedIdp['idp'] }> => {
  const read = async ({ verify, idp }: TrustedIdp) => ({
    assertion: readAssertion(await verify(envelope), envelope.assertionId),
    idp,
  })
  try {
    return await read(trusted)
  } catch (error) {
    if (!(error instanceof LoginRefused) || error.reason !== 'SIGNATURE_INVALID') throw error
    const renewed = await sp.trust.renewed(trusted)
    if (renewed === undefined) throw error
    return await read(renewed)
  }
}

const enter = async (
  sp: Sp,
  settings: Settings,
  assertion: VerifiedAssertion,
  checked: Checked,
  { browser, loggedIn }: Arrival,
): Promise<SamlLogin> => {
  const rules = sp.rules()
  const { logins, users } = sp.store
  const { user, created } = sp.store.transaction(() => {
    if (checked.inResponseTo !== undefined && rules.checksRequest(browser)) {
      if (logins.pendingRequest(checked.inResponseTo, browser) === undefined) refuse('UNKNOWN_REQUEST')
      logins.closeRequest(checked.inResponseTo)
    }
    const isNew = logins.useAssertion(`${assertion.issuer} ${assertion.id}`, checked.usableUntil)
    if (!isNew && !rules.acceptsReplay(loggedIn, assertion.conditions.oneTimeUse)) refuse('ASSERTION_REPLAYED')
    if (!rules.acceptsNameIdFormat(assertion.nameId?.format, rules.provisioningIsOn(settings))) refuse('NAME_ID_FORMAT')
    const entered = sp.profile.enter(sp, assertion, checked)
    const now = sp.clock.now()
    const user = users.update(entered.user.id, {
      lastLoginAt: now,
      lastSamlLoginAt: now,
      twoFactor: rules.twoFactorAfterSaml(entered.user),
    })
    return { user, created: entered.created }
  })
  if (created) await inviteIfDue(sp, user, 'saml')
  if (created && !rules.logsInAtCreation(user)) refuse('FIRST_LOGIN_UNFINISHED')
  return {
    user,
    session: {
      notAfter: checked.sessionNotOnOrAfter,
      index: assertion.authnStatements[0]?.sessionIndex,
      nameFormat: assertion.nameId?.format,
    },
  }
}

/** A Response that is not a success. Nobody is logged in, and nothing changes. */
const denied = (sp: Sp, envelope: Envelope, browser: string | undefined): never => {
  const rules = sp.rules()
  if (envelope.assertionId === undefined) {
    if (rules.expectsAssertionOfDenied()) throw new TypeError('the Assertion of a denied Response cannot be read')
    if (rules.deletesDeniedAccount()) deleteDenied(sp, envelope, browser)
  }
  return refuse('STATUS_NOT_SUCCESS', `It said: ${envelope.status.code}.`)
}

// What follows happens only with a defect that says so.

/** What a defect reads in a message that was refused. */
const misread = async (
  sp: Sp,
  field: string,
  error: LoginRefused,
  trusted: TrustedIdp,
  browser: string | undefined,
): Promise<Message | { name: string } | undefined> => {
  // With DOM and XML Signature once more: not for those who have no such defect.
  const { refusedMessage } = await import('../any-saml/careless/message.ts')
  const { envelopeOf, readLoosely } = await import('../any-saml/careless/read.ts')
  const refused = refusedMessage(field, error, trusted.idp.certificates)
  const misreading = refused && (await sp.rules().misreads(refused))
  if (refused === undefined || misreading === undefined) return undefined
  if ('name' in misreading) return misreading
  if ('xml' in misreading) {
    const message = await readDocument(sp, openDocument(misreading.xml), trusted, browser)
    return { ...message, assertion: misreading.edit?.(message.assertion) ?? message.assertion }
  }
  const { assertion: element, nameId } = misreading
  const envelope = envelopeOf(refused.root, refused.xml, element)
  if (!sp.rules().statusAllowsLogin(envelope.status, true)) return undefined
  const assertion = readLoosely(element)
  const named =
    nameId === undefined ? assertion.nameId : { value: nameId, format: undefined, spNameQualifier: undefined }
  return { envelope, assertion: { ...assertion, nameId: named }, idp: trusted.idp }
}

const enteredAs = (sp: Sp, name: string): SamlLogin => {
  const { users } = sp.store
  const user =
    users.findByEmail(name) ??
    users.create({ email: name, firstName: name, lastName: '', role: 'user', source: 'saml' })
  return { user, session: {} }
}

const deleteDenied = (sp: Sp, envelope: Envelope, browser: string | undefined): void => {
  const { logins, users } = sp.store
  const asked = logins.pendingRequest(envelope.inResponseTo ?? '', browser)?.email
  for (const user of asked === undefined ? [] : users.findAllByEmail(asked)) users.delete(user.id)
}
