import type { Requirement } from '../contract.ts'
import { area } from './requirement.ts'
import { core, profiles } from './sources.ts'

/** Single logout, of service providers that have it. */
export const logout: readonly Requirement[] = area('logout', {
  'SLO-01': {
    severity: 'medium',
    keyword: 'MUST',
    statement: 'A LogoutRequest that the identity provider has not signed ends no session.',
    violation: 'It is not verified, or something in it is verified and something else is read.',
    gain: 'Anybody can log any user out, as often as they like.',
    hint: 'Verify LogoutRequests as you verify Responses: signed by a trusted key, and what is read is what was signed.',
    source: profiles(
      '4.4.4.1',
      'The requester MUST authenticate itself to the responder and ensure message integrity, either by signing the message or using a binding-specific mechanism.',
    ),
    basis: 'stated',
  },
  'SLO-02': {
    severity: 'medium',
    statement:
      'A LogoutRequest for another service provider, of the past, of another issuer or for somebody else ends no session of the user.',
    violation: 'That it is signed is all that is looked at.',
    gain: 'A LogoutRequest that was seen once logs users out again and again.',
    hint: 'Compare Issuer, Destination, NotOnOrAfter and NameID, and end the sessions of that user only.',
    source: core(
      '3.7.1',
      'NotOnOrAfter: the time at which the request expires, after which the recipient may discard the message. NameID: the identifier and associated attributes that specify the principal.',
    ),
  },
  'SLO-03': {
    severity: 'medium',
    statement: 'A LogoutRequest of the identity provider ends the session of the user.',
    violation: 'It is answered, and the session goes on.',
    gain: 'Who sits down at the computer after a logout is still logged in.',
    hint: 'End every session that began with an Assertion for this NameID, and of these SessionIndex.',
    source: core(
      '3.7.3.1',
      "the session participant MUST invalidate the principal's session(s) referred to by the <saml:BaseID>, <saml:NameID>, or <saml:EncryptedID> element, and any <SessionIndex> elements supplied in the message.",
    ),
  },
  'SLO-04': {
    severity: 'medium',
    statement: 'A LogoutRequest is answered with a signed LogoutResponse that says what it answers.',
    violation: 'There is no answer, or one without InResponseTo, Status or Signature.',
    hint: 'Send a samlp:LogoutResponse with Success, InResponseTo and your Issuer to the single logout URL of the identity provider.',
    source: profiles(
      '4.4.4.2',
      'The responder MUST authenticate itself to the requester and ensure message integrity, either by signing the message or using a binding-specific mechanism.',
    ),
  },
  'SLO-05': {
    severity: 'medium',
    statement:
      'A logout at the service provider ends its session, and asks the identity provider with a signed LogoutRequest that names the user as the Assertion did.',
    violation: 'The session goes on, or the LogoutRequest names nobody that the identity provider knows.',
    gain: 'Who sits down at the computer after a logout is logged in again with a click.',
    hint: 'Keep the NameID and the SessionIndex of the login, end the session, and send them in a samlp:LogoutRequest.',
    source: profiles(
      '4.4.4.1',
      'The principal MUST be identified in the request using an identifier that strongly matches the identifier in the authentication assertion.',
    ),
    basis: 'stated',
  },
})
