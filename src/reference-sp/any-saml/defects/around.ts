/** What goes on around a message, and what is refused though it is good. */
import { also, type Defect, defect } from '../../defects/defect.ts'
import type { AnySamlRules } from '../rules.ts'

const objecting = (id: string, title: string, objectsTo: AnySamlRules['objectsTo']): Defect =>
  defect(id, { title, rules: () => ({ objectsTo }) })

const known = new Set(['email', 'firstName', 'lastName'])

export const aroundDefects: readonly Defect[] = [
  defect('SAML-REL-01', {
    title: 'The browser is redirected to whatever the RelayState says.',
    rules: () => ({
      relayTarget: (relayState) =>
        typeof relayState === 'string' && !/[\r\n]/.test(relayState) ? relayState : undefined,
    }),
  }),
  defect('SAML-REL-02', {
    title: 'The RelayState is written into a page as it is.',
    rules: () => ({ showsRelayState: () => true }),
  }),
  defect('SAML-SES-01', {
    title: 'The session that a browser brings goes on after the login.',
    rules: () => ({ keepsSession: () => true }),
  }),
  defect('SAML-ERR-01', {
    title: 'The page of a refusal shows where in the code it came from.',
    alsoFails: [also('SAML-ENC-03', 'where in the code tells one decryption error from another')],
    rules: (rules) => ({
      refusalBody: (refused) => ({
        ...rules.refusalBody(refused),
        description: `${refused.description}\n${refused.stack ?? ''}`,
      }),
    }),
  }),
  objecting('SAML-ACC-01', 'Attributes that are not known are a reason to refuse.', ({ assertion }) =>
    assertion.attributes.some(({ name }) => /shoe-size|nothing|empty/.test(name) && !known.has(name))
      ? 'There is an unknown attribute.'
      : undefined,
  ),
  objecting('SAML-ACC-02', 'There may be one Audience only.', ({ assertion }) =>
    assertion.conditions.audiences.flat().length > 1 ? 'There are several audiences.' : undefined,
  ),
  objecting('SAML-ACC-03', 'Times must have three digits after the second.', ({ assertion, envelope }) =>
    [assertion.issueInstant, envelope.issueInstant].every((time) => /\.\d{3}Z$/.test(time))
      ? undefined
      : 'A time is not in milliseconds.',
  ),
  objecting('SAML-ACC-04', 'Attributes must have the NameFormat basic or unspecified.', ({ assertion }) =>
    assertion.attributes.every(({ nameFormat }) => /:(basic|unspecified)$/.test(nameFormat ?? ''))
      ? undefined
      : 'A NameFormat is missing.',
  ),
  defect('SAML-ACC-05', { title: 'No clock skew is allowed for.', rules: () => ({ clockSkew: () => 0 }) }),
  objecting('SAML-ACC-06', 'Elements are found by the prefix saml2.', ({ envelope }) =>
    /<saml2:(?:Encrypted)?Assertion/.test(envelope.xml) ? undefined : 'There is no saml2:Assertion.',
  ),
  objecting('SAML-ACC-07', 'Values must be short, and in Latin letters.', ({ assertion }) =>
    assertion.attributes.flatMap(({ values }) => values).every((value) => /^[\x20-\x7e]{0,300}$/.test(value))
      ? undefined
      : 'A value cannot be stored.',
  ),
  objecting('SAML-ACC-08', 'An attribute may have one value only.', ({ assertion }) =>
    assertion.attributes.some(({ values }) => values.length > 1) ? 'An attribute has several values.' : undefined,
  ),
  defect('SAML-ACC-09', {
    title: 'Of several certificates in the metadata the first is trusted, although all are declared to be.',
    rules: () => ({ trustedCertificates: ({ certificates }) => certificates.slice(0, 1) }),
  }),
  objecting('SAML-ACC-10', 'There must be a certificate in KeyInfo.', ({ envelope }) =>
    envelope.xml.includes(':X509Certificate>') ? undefined : 'There is no certificate.',
  ),
  objecting('SAML-ACC-11', 'A SessionIndex is required.', ({ assertion }) =>
    assertion.authnStatements.some(({ sessionIndex }) => sessionIndex !== undefined)
      ? undefined
      : 'There is no SessionIndex.',
  ),
]
