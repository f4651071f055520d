/** Messages for others, from others, of other times. */
import { also, alsoEach, type Defect, defect } from '../../defects/defect.ts'
import { attribute, below, textOf } from '../careless/dom.ts'
import type { RefusedMessage } from '../careless/message.ts'
import type { CheckName } from '../rules.ts'
import { misreading } from './misreadings.ts'
import { own, signedInPlace, taken } from './signature.ts'

const overlooking = (
  id: string,
  title: string,
  checks: readonly CheckName[],
  alsoFails: NonNullable<Defect['alsoFails']> = [],
): Defect =>
  defect(id, {
    title,
    alsoFails,
    rules: (rules) => ({ overlooks: (check) => checks.includes(check) || rules.overlooks(check) }),
  })

/** Each Signature verifies, and covers the element that it is a child of. */
const isSignedInPlace = (message: RefusedMessage): boolean => {
  const signed = signedInPlace(message)
  return signed.length > 0 && signed.every(({ element, signature }) => message.verified(signature) === element)
}

export const correlationDefects: readonly Defect[] = [
  defect('SAML-COR-01', {
    title: 'The audience is not compared.',
    alsoFails: alsoEach(
      'an audience of somebody else is not seen',
      'SAML-COR-02',
      'SAML-COR-03',
      'SAML-COR-04',
      'SAML-ENC-02',
    ),
    rules: () => ({ audienceIsOurs: () => true }),
  }),
  overlooking('SAML-COR-02', 'An Assertion without an audience is for everybody.', ['audience-missing']),
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
    alsoFails: alsoEach('the confirmation for another service provider holds', 'SAML-COR-18', 'SAML-ENC-02'),
    rules: (rules) => ({ overlooks: (check) => check === 'recipient' || rules.overlooks(check) }),
  }),
  defect('SAML-COR-06', {
    title: 'The Destination is not compared.',
    rules: (rules) => ({
      destinationIsOurs: () => true,
      overlooks: (check) => check === 'destination-missing' || rules.overlooks(check),
    }),
  }),
  overlooking('SAML-COR-07', 'The Issuers are not compared.', ['issuer', 'issuer-format']),
  defect('SAML-COR-08', {
    title: 'InResponseTo is not compared where the browser has asked for a login.',
    alsoFails: [also('SAML-COR-10', 'that Response and Assertion answer the same is not looked at')],
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
  overlooking(
    'SAML-COR-11',
    'The end of an Assertion is not looked at.',
    ['conditions-end', 'confirmation-end'],
    alsoEach('what has ended is not seen there either', 'SAML-COR-13', 'SAML-COR-18', 'SAML-ENC-02'),
  ),
  overlooking(
    'SAML-COR-12',
    'The begin of an Assertion is not looked at.',
    ['conditions-begin'],
    [also('SAML-COR-13', 'what has not begun is not seen there either')],
  ),
  defect('SAML-COR-13', {
    title: 'Half an hour of clock skew is allowed for.',
    rules: () => ({ clockSkew: () => 1_800_000 }),
  }),
  overlooking('SAML-COR-14', 'A confirmation may have no end, and a begin.', ['confirmation-times']),
  overlooking('SAML-COR-15', 'A time that cannot be read compares as valid.', ['time-format']),
  defect('SAML-COR-16', {
    title: 'IssueInstant is not looked at, although it is declared to be.',
    rules: (rules) => ({
      checksIssueInstant: () => false,
      overlooks: (check) => check === 'issued-in-future' || rules.overlooks(check),
    }),
  }),
  overlooking(
    'SAML-COR-17',
    'Any SubjectConfirmation is taken for that of a bearer.',
    ['confirmation-method'],
    [also('SAML-COR-18', 'a confirmation of another method holds')],
  ),
  misreading('SAML-COR-18', 'Any one confirmation is enough for a part of what is checked.', (message) => {
    const [assertion] = message.assertions
    const confirmations = below(message.root, 'SubjectConfirmationData')
    const isGenuine = below(message.root, 'Assertion').length === 1 && isSignedInPlace(message)
    return isGenuine && confirmations.length > 1
      ? { name: textOf(below(assertion ?? message.root, 'NameID')[0]) }
      : undefined
  }),
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
  overlooking(
    'SAML-COR-23',
    'An Assertion need not say that anybody signed in.',
    ['authn-statement'],
    [also('SAML-COR-32', 'the answer to an AttributeQuery says of no sign-in')],
  ),
  misreading('SAML-COR-24', 'Of two Assertions the last decides who is logged in.', (message) => {
    const { assertions, root } = message
    const isSigned = own(root) !== undefined || assertions.every((one) => own(one) !== undefined)
    return assertions.length === 2 && isSigned && isSignedInPlace(message) ? taken(assertions[1]) : undefined
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
  overlooking('SAML-COR-27', 'A session begins although that at the identity provider has ended.', ['session-end']),
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
  defect('SAML-COR-31', {
    title: 'The identity provider is found by the Issuer of the message, among those of all organisations.',
    rules: () => ({
      verifiesFor: async (sp, issuer, organisations) => {
        for (const one of organisations)
          if ((await one.trust.current().catch(() => undefined))?.idp.entityId === issuer) return one
        return sp
      },
    }),
  }),
  misreading('SAML-COR-32', 'Any signed message with a NameID logs somebody in.', (message) => {
    const signature = own(message.root)
    const [nameId] = below(message.root, 'NameID')
    const isOther = /^(AuthnRequest|LogoutRequest)$/.test(message.root.localName ?? '')
    return isOther && signature && nameId && message.verified(signature) ? { name: textOf(nameId) } : undefined
  }),
]
