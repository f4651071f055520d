import type { Requirement } from '../contract.ts'
import { area, note } from './requirement.ts'
import { bindings, core, deployment, implementation, profiles } from './sources.ts'

const otherSp = 'An Assertion that a user gave to another service provider logs that provider in as the user.'
const stolen = 'An Assertion from a log or a browser history is of use for longer than it should be.'
const loginCsrf = "The victim's browser is logged in to the attacker's account, or the other way round."

const audience = core(
  '2.5.1.4',
  'The condition evaluates to Valid if and only if the relying party is a member of one or more of the audiences specified.',
)
const bearerMust = profiles(
  '4.1.4.2',
  'The set of one or more bearer assertions MUST contain an <AudienceRestriction> including the service provider’s unique identifier as an <Audience>.',
)
const recipient = profiles(
  '4.1.4.3',
  'Verify that the Recipient attribute in any bearer <SubjectConfirmationData> matches the assertion consumer service URL to which the <Response> or artifact was delivered',
)
const destination = core(
  '3.2.2',
  'If it is present, the actual recipient MUST check that the URI reference identifies the location at which the message was received. If it does not, the response MUST be discarded.',
)
const issuer = profiles(
  '4.1.4.2',
  'The <Issuer> element MUST contain the unique identifier of the issuing identity provider; the Format attribute MUST be omitted or have a value of urn:oasis:names:tc:SAML:2.0:nameid-format:entity.',
)
const inResponseTo = profiles(
  '4.1.4.3',
  'Verify that the InResponseTo attribute in the bearer <SubjectConfirmationData> equals the ID of its original <AuthnRequest> message, unless the response is unsolicited',
)
const expiry = profiles(
  '4.1.4.3',
  'Verify that the NotOnOrAfter attribute in any bearer <SubjectConfirmationData> has not passed, subject to allowable clock skew between the providers',
)
const replay = profiles(
  '4.1.4.5',
  'The service provider MUST ensure that bearer assertions are not replayed, by maintaining the set of used ID values for the length of time for which the assertion would be considered valid',
)
const confirmation = profiles(
  '4.1.4.2',
  'At least one assertion has a <Subject> with at least one <SubjectConfirmation> whose Method is urn:oasis:names:tc:SAML:2.0:cm:bearer.',
)
const status = core('3.2.2.2', 'A status other than Success says that the request was not fulfilled.')

/** Whether a message is for this service provider, here and now, and from whom it says it is. */
export const correlation: readonly Requirement[] = [
  ...area('correlation', {
    'COR-01': {
      severity: 'high',
      statement: 'An Assertion for another audience is refused.',
      violation: 'The audience is not compared.',
      gain: otherSp,
      hint: 'Compare Audience with your own entity ID.',
      source: audience,
    },
    'COR-02': {
      severity: 'high',
      statement: 'An Assertion without an audience is refused.',
      violation: 'No audience is taken for every audience.',
      gain: otherSp,
      hint: 'Require Conditions with an AudienceRestriction.',
      source: bearerMust,
    },
    'COR-03': {
      severity: 'high',
      statement: 'Every AudienceRestriction must hold.',
      violation: 'One of several restrictions is enough.',
      gain: otherSp,
      hint: 'Each restriction is a condition of its own: all of them must name you.',
      source: core('2.5.1.4', 'Several <AudienceRestriction> elements are conditions that must all be met.'),
    },
    'COR-04': {
      severity: 'high',
      statement: 'An audience that only resembles the entity ID is refused.',
      violation: 'Audiences are compared by prefix, substring, without case, or without a slash.',
      gain: otherSp,
      hint: 'Compare the whole text, exactly.',
      source: audience,
    },
    'COR-05': {
      severity: 'high',
      statement: 'A SubjectConfirmationData for another URL, or for none, is refused.',
      violation: 'The Recipient is not compared.',
      gain: otherSp,
      hint: 'Compare Recipient with the URL of the assertion consumer service.',
      source: recipient,
      basis: 'stated',
    },
    'COR-06': {
      severity: 'high',
      statement: 'A Response for another URL is refused, and a signed one without a Destination is too.',
      violation: 'The Destination is not compared.',
      gain: otherSp,
      hint: 'Compare Destination with the URL at which the message arrived.',
      source: destination,
      basis: 'stated',
    },
    'COR-07': {
      severity: 'high',
      statement: 'A message whose Issuers are not the identity provider, or differ, is refused.',
      violation: 'The Issuer is not compared with the one whose key verified.',
      gain: 'One identity provider speaks for another.',
      hint: 'Compare both Issuers with the entity ID whose metadata the key is from.',
      source: issuer,
    },
    'COR-08': {
      severity: 'high',
      statement: 'A Response to a request that this browser did not send is refused.',
      violation: 'InResponseTo is not compared with the request of the session.',
      gain: loginCsrf,
      hint: 'Keep the ID of the AuthnRequest with the browser, and compare it in both places.',
      source: inResponseTo,
      basis: 'stated',
    },
    'COR-09': {
      severity: 'medium',
      statement: 'A Response that nobody asked for is handled as the service provider declares.',
      violation: 'Unsolicited Responses are declared to be refused, and are taken.',
      gain: loginCsrf,
      hint: 'Refuse a Response without InResponseTo where logins begin at the service provider only.',
      source: profiles(
        '4.1.5',
        'An identity provider MAY initiate this profile by delivering an unsolicited <Response> message to a service provider.',
      ),
      expect: 'saml.unsolicited',
    },
    'COR-10': {
      severity: 'high',
      statement: 'An unsolicited Response that says it answers a request is refused.',
      violation: 'InResponseTo is not looked at when there is no request.',
      gain: loginCsrf,
      hint: 'Without a request of this browser, InResponseTo must not be there.',
      source: profiles(
        '4.1.5',
        'An unsolicited <Response> MUST NOT contain an InResponseTo attribute, nor should any bearer <SubjectConfirmationData> elements contain one.',
      ),
      basis: 'stated',
    },
    'COR-11': {
      severity: 'high',
      statement: 'An Assertion that has expired is refused, by its Conditions and by its confirmation.',
      violation: 'NotOnOrAfter is not compared in one of the two places.',
      gain: stolen,
      hint: 'Compare NotOnOrAfter of Conditions and of SubjectConfirmationData with your clock.',
      source: expiry,
      basis: 'stated',
    },
    'COR-12': {
      severity: 'medium',
      statement: 'An Assertion that is not valid yet is refused.',
      violation: 'NotBefore is not compared.',
      gain: 'Messages can be made for a later time, and kept.',
      hint: 'Compare NotBefore of Conditions with your clock.',
      source: core('2.5.1.2', 'NotBefore: the earliest time instant at which the assertion is valid.'),
    },
    'COR-13': {
      severity: 'medium',
      statement: 'No more than five minutes of clock skew are allowed for.',
      violation: 'The times are compared with hours of tolerance.',
      gain: stolen,
      hint: 'Allow for three to five minutes in either direction.',
      source: deployment(
        'SDP-G01',
        'Deployments MUST allow between three (3) and five (5) minutes of clock skew -- in either direction',
      ),
      basis: 'stated',
    },
    'COR-14': {
      severity: 'medium',
      statement: 'A bearer confirmation without an end, or with a begin, is refused.',
      violation: 'A missing NotOnOrAfter is taken for no end.',
      gain: stolen,
      hint: 'Require NotOnOrAfter, and refuse NotBefore, in a bearer SubjectConfirmationData.',
      source: profiles(
        '4.1.4.2',
        'The <SubjectConfirmationData> element MUST contain a NotOnOrAfter attribute that limits the window; it MUST NOT contain a NotBefore attribute.',
      ),
    },
    'COR-15': {
      severity: 'medium',
      statement: 'A time that is no UTC time of xs:dateTime is refused.',
      violation: 'What cannot be read compares as valid.',
      gain: 'An Assertion that never expires.',
      hint: 'Parse strictly, and refuse what does not parse; NaN compares as neither past nor future.',
      source: core(
        '1.3.3',
        'All SAML time values have the type xs:dateTime and MUST be expressed in UTC form, with no time zone component.',
      ),
    },
    'COR-16': {
      severity: 'low',
      statement: 'A message that was issued a day ago, or will be, is handled as the service provider declares.',
      violation: 'Such messages are declared to be refused, and are taken.',
      gain: stolen,
      hint: 'Compare IssueInstant with your clock, with some hours of tolerance.',
      source: core('2.3.3', 'IssueInstant: the time instant of issue in UTC.'),
      expect: 'saml.issueInstant',
    },
    'COR-17': {
      severity: 'high',
      statement: 'A subject that is not confirmed as the bearer is refused.',
      violation: 'Any SubjectConfirmation, or none, is enough.',
      gain: 'Assertions that were made for another use log their holder in.',
      hint: 'Require a SubjectConfirmation with the method bearer that holds.',
      source: confirmation,
    },
    'COR-18': {
      severity: 'medium',
      statement: 'A confirmation that holds for another service provider does not stand in for the one for us.',
      violation: 'The parts of several confirmations are mixed.',
      gain: otherSp,
      hint: 'One confirmation must have all: method, Recipient, time and InResponseTo.',
      source: recipient,
    },
    'COR-19': {
      severity: 'high',
      statement: 'An Assertion that was used is not taken again, in whichever browser and Response.',
      violation: 'Used Assertion IDs are not kept, or are kept with one browser.',
      gain: 'A copied Response logs in whoever has it.',
      hint: 'Keep the IDs of used Assertions, for all browsers, as long as they would be valid.',
      source: replay,
      basis: 'stated',
    },
    'COR-20': {
      severity: 'medium',
      statement: 'An Assertion with OneTimeUse is not taken again.',
      violation: 'OneTimeUse is ignored.',
      gain: 'A copied Response logs in whoever has it.',
      hint: 'Keep the IDs of used Assertions.',
      source: core('2.5.1.5', 'The assertion SHOULD be used immediately and MUST NOT be retained for future use.'),
    },
    'COR-21': {
      severity: 'medium',
      statement: 'An Assertion with a Condition that the service provider does not know is refused.',
      violation: 'Unknown conditions are skipped.',
      gain: 'A limit that the identity provider has set does not hold.',
      hint: 'Refuse Conditions with an element that you cannot evaluate.',
      source: core(
        '2.5.1.1',
        'An unknown condition makes the validity of the assertion Indeterminate; only a Valid one is to be relied on.',
      ),
    },
    'COR-22': {
      severity: 'high',
      statement: 'A Response whose Status is no Success lets nobody in.',
      violation: 'The Status is not looked at when there is an Assertion.',
      gain: 'A login that the identity provider denied succeeds.',
      hint: 'Check the top-level StatusCode first.',
      source: status,
    },
    'COR-23': {
      severity: 'high',
      statement: 'An Assertion without Subject, NameID or AuthnStatement logs nobody in.',
      violation: 'What is missing is made up, or an old session goes on.',
      gain: 'A login as nobody in particular, often with default rights.',
      hint: 'Require the parts that say who signed in, and that they did.',
      source: profiles(
        '4.1.4.2',
        'The set of one or more bearer assertions MUST contain at least one <AuthnStatement>.',
      ),
    },
    'COR-24': {
      severity: 'medium',
      statement: 'Of two signed Assertions about two users, the second never decides alone.',
      violation: 'The user is read from one Assertion, what was checked is of the other.',
      gain: 'Who gets two Assertions signed chooses between two users.',
      hint: 'Refuse a Response with more than one Assertion.',
      source: deployment('SDP-IDP10', 'Successful responses MUST contain exactly one SAML assertion.'),
    },
    'COR-25': {
      severity: 'medium',
      statement: 'A message of another version than 2.0, or of none, is refused.',
      violation: 'The Version is not looked at.',
      gain: 'A message is read by rules that it was not made by.',
      hint: 'Compare Version of Response and Assertion with 2.0.',
      source: core('4.1', 'A message of a major version that is not supported must not be processed.'),
    },
    'COR-26': {
      severity: 'medium',
      statement: 'A way of signing in other than the usual one is handled as the service provider declares.',
      violation: 'A class that was asked for is not compared.',
      gain: 'A login with a password where a second factor was asked for.',
      hint: 'Compare AuthnContextClassRef with what the request asked for.',
      source: implementation(
        'IIP-SP07',
        'Service Providers MUST support the acceptance or rejection of assertions based on the content of the <saml:AuthnContext> element.',
      ),
      expect: 'saml.authnContext',
    },
    'COR-27': {
      severity: 'medium',
      statement: 'No session outlives SessionNotOnOrAfter.',
      violation: 'A session begins although the one at the identity provider has ended.',
      gain: stolen,
      hint: 'End the session at SessionNotOnOrAfter; begin none when that has passed.',
      source: profiles(
        '4.1.4.3',
        'If an <AuthnStatement> contains a SessionNotOnOrAfter attribute, the security context SHOULD be discarded once this time is reached',
      ),
    },
    'COR-28': {
      severity: 'medium',
      statement: 'A NameID that is empty, too long or of another service provider is refused.',
      violation: 'The NameID is cut off, or its qualifiers are not looked at.',
      gain: 'A name that is cut off is that of another user.',
      hint: 'Require a NameID that is not blank; refuse a foreign SPNameQualifier; never truncate.',
      source: core(
        '2.2.2',
        'SPNameQualifier further qualifies a name identifier with the name of a service provider or affiliation of providers.',
      ),
      expect: 'saml.nameIdFormat',
    },
    'COR-30': {
      severity: 'low',
      statement: 'An Address, a Consent or a FriendlyName is no reason to refuse.',
      violation: 'The login is refused for a part that says nothing about its validity here.',
      hint: 'Ignore what you do not use.',
      source: implementation(
        'IIP-SP10',
        'Service Providers MUST NOT fail or reject responses due to the presence of unrecognized <saml:Attribute> elements.',
      ),
    },
    'COR-32': {
      severity: 'medium',
      statement: 'Another kind of message than a login Response is refused at the assertion consumer service.',
      violation: 'Any signed SAML message is enough.',
      gain: 'A logout or query message logs somebody in.',
      hint: 'Check the root element, and require an AuthnStatement.',
      source: bindings('3.5', 'The assertion consumer service takes <samlp:Response> messages.'),
    },
  }),
  ...area('correlation', {
    'COR-31': {
      severity: 'critical',
      statement: 'An identity provider speaks for users of the organisation that trusts it, and for no others.',
      violation: 'The identity provider is found by what the message says, and the user by the name alone.',
      gain: 'The administrator of any customer logs in as any user of any other customer.',
      hint: 'Look users up by identity provider and name, and verify with the key of the organisation whose ACS it is.',
      source: core(
        '2.2.5',
        'Issuer: provides information about the issuer of a SAML assertion. A name means something together with who issued it.',
      ),
    },
  }),
  note('COR-29', 'correlation', {
    severity: 'medium',
    statement: 'A scoped attribute is taken only with a scope that its identity provider may assert.',
    source: deployment(
      'SDP-SP17',
      'SPs MUST associate identifier scopes with IdPs such that only authorized IdPs may assert identifiers with particular scopes for particular purposes.',
    ),
    hint: 'Compare the scope with the scopes of the metadata.',
    notTestedBecause:
      'Which attributes are scoped, and which scopes an identity provider may assert, is said by the metadata of a federation; an SP that trusts one identity provider has none.',
  }),
]
