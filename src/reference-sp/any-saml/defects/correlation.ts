/** Messages for others, from others, of other times. */
import { type Defect, defect } from '../../defects/defect.ts'
import { attribute, below, textOf } from '../careless/dom.ts'
import type { CheckName } from '../rules.ts'
import { misreading } from './misreadings.ts'
import { own, signedInPlace, taken } from './signature.ts'

const overlooking = (id: string, title: string, ...checks: CheckName[]): Defect =>
  defect(id, { title, rules: (rules) => ({ overlooks: (check) => checks.includes(check) || rules.overlooks(check) }) })

export const correlationDefects: readonly Defect[] = [
  defect('SAML-COR-01', {
    title: 'The audience is not compared.',
    rules: () => ({ audienceIsOurs: () => true }),
  }),
  overlooking('SAML-COR-02', 'An Assertion without an audience is for everybody.', 'audience-missing'),
  defect('SAML-COR-03', {
    title: 'One of several AudienceRestrictions is enough.',
    rules: () => ({ everyRestriction: () => false }),
  }),
  defect('SAML-COR-04', {
    title: 'Audiences that contain the entity ID, in whatever case, are taken.',
    rules: () => ({
      audienceIsOurs: (audience, all) => all.some((acs) => audience.toLowerCase().includes(acs.audience.toLowerCase())),
    }),
  }),
  defect('SAML-COR-05', {
    title: 'The Recipient is not compared.',
    rules: (rules) => ({ overlooks: (check) => check === 'recipient' || rules.overlooks(check) }),
  }),
  defect('SAML-COR-06', {
    title: 'The Destination is not compared.',
    rules: (rules) => ({
      destinationIsOurs: () => true,
      overlooks: (check) => check === 'destination-missing' || rules.overlooks(check),
    }),
  }),
  overlooking('SAML-COR-07', 'The Issuers are not compared.', 'issuer', 'issuer-format'),
  defect('SAML-COR-08', {
    title: 'InResponseTo is not compared where the browser has asked for a login.',
    rules: (rules) => ({
      checksRequest: (browser) => browser === undefined,
      overlooks: (check) => check === 'request-agreement' || rules.overlooks(check),
    }),
  }),
  defect('SAML-COR-09', {
    title: 'Responses that nobody asked for are refused, although they are declared to be accepted.',
    rules: () => ({
      objectsTo: ({ envelope }) => (envelope.inResponseTo === undefined ? 'Nobody asked for it.' : undefined),
    }),
  }),
  defect('SAML-COR-10', {
    title: 'InResponseTo is not looked at in a browser that has not asked for a login.',
    rules: () => ({ checksRequest: (browser) => browser !== undefined }),
  }),
  overlooking('SAML-COR-11', 'The end of an Assertion is not looked at.', 'conditions-end', 'confirmation-end'),
  overlooking('SAML-COR-12', 'The begin of an Assertion is not looked at.', 'conditions-begin'),
  defect('SAML-COR-13', {
    title: 'Half an hour of clock skew is allowed for.',
    rules: () => ({ clockSkew: () => 1_800_000 }),
  }),
  overlooking('SAML-COR-14', 'A confirmation may have no end, and a begin.', 'confirmation-times'),
  overlooking('SAML-COR-15', 'A time that cannot be read compares as valid.', 'time-format'),
  defect('SAML-COR-16', {
    title: 'IssueInstant is not looked at, although it is declared to be.',
    rules: (rules) => ({
      checksIssueInstant: () => false,
      overlooks: (check) => check === 'issued-in-future' || rules.overlooks(check),
    }),
  }),
  overlooking('SAML-COR-17', 'Any SubjectConfirmation is taken for that of a bearer.', 'confirmation-method'),
  misreading(
    'SAML-COR-18',
    'Any one confirmation is enough for a part of what is checked.',
    ({ refused, assertions, ...message }) => {
      const [assertion] = assertions
      const confirmations = below(message.root, 'SubjectConfirmationData')
      const [signed] = signedInPlace({ refused, assertions, ...message })
      if (confirmations.length < 2 || assertion === undefined || signed === undefined) return undefined
      return message.verified(signed.signature) === undefined
        ? undefined
        : { name: textOf(below(assertion, 'NameID')[0]) }
    },
  ),
  defect('SAML-COR-19', {
    title: 'Assertions that were used are taken again.',
    rules: () => ({ acceptsReplay: (_loggedIn, oneTimeUse) => !oneTimeUse }),
  }),
  defect('SAML-COR-20', {
    title: 'Assertions for one use are taken again.',
    rules: () => ({ acceptsReplay: (_loggedIn, oneTimeUse) => oneTimeUse }),
  }),
  misreading('SAML-COR-21', 'Conditions that are not known are skipped.', (message) => {
    const unknown = below(message.root, 'OnMondays').length + below(message.root, 'Condition').length > 0
    return unknown && signedInPlace(message).every(({ signature }) => message.verified(signature))
      ? taken(message.assertions[0])
      : undefined
  }),
  defect('SAML-COR-22', {
    title: 'The Status is not looked at where there is an Assertion.',
    rules: () => ({ statusAllowsLogin: (status, hasAssertion) => status.success || hasAssertion }),
  }),
  overlooking('SAML-COR-23', 'An Assertion need not say that anybody signed in.', 'authn-statement'),
  misreading('SAML-COR-24', 'Of two Assertions the last decides who is logged in.', (message) => {
    const { assertions, root } = message
    const all = [own(root), ...assertions.map(own)].filter((one) => one !== undefined)
    return assertions.length === 2 && all.length > 0 && all.every((one) => message.verified(one) !== undefined)
      ? taken(assertions[1])
      : undefined
  }),
  misreading('SAML-COR-25', 'The Version is not looked at.', (message) => {
    const [assertion] = message.assertions
    const versions = [message.root, assertion].map((element) => attribute(element, 'Version'))
    const signed = signedInPlace(message)
    return versions.some((version) => version !== '2.0') &&
      signed.length > 0 &&
      signed.every(({ signature }) => message.verified(signature))
      ? taken(assertion)
      : undefined
  }),
  defect('SAML-COR-26', {
    title: 'A sign-in in an unspecified way is refused, although it is declared to be accepted.',
    rules: () => ({
      objectsTo: ({ assertion }) =>
        assertion.authnStatements.some(({ classRef }) => !/PasswordProtectedTransport$/.test(classRef))
          ? 'The way of signing in is not enough.'
          : undefined,
    }),
  }),
  overlooking('SAML-COR-27', 'A session begins although that at the identity provider has ended.', 'session-end'),
  defect('SAML-COR-28', {
    title: 'Names of another service provider are taken.',
    rules: () => ({ acceptsForeignName: () => true }),
  }),
  defect('SAML-COR-30', {
    title: 'An Address that is not that of the browser is a reason to refuse.',
    rules: () => ({
      objectsTo: ({ envelope }) =>
        / Address="/.test(envelope.xml.replace(/<[\w.-]+:SubjectLocality[^>]*>/g, ''))
          ? 'The Address is another.'
          : undefined,
    }),
  }),
  misreading('SAML-COR-32', 'Any signed message with a NameID logs somebody in.', (message) => {
    const signature = own(message.root)
    const [nameId] = below(message.root, 'NameID')
    const isOther = /^(AuthnRequest|LogoutRequest)$/.test(message.root.localName ?? '')
    return isOther && signature && nameId && message.verified(signature) ? { name: textOf(nameId) } : undefined
  }),
]
