import type { PersonaStyle } from '../personas/persona.ts'
import type { LogoutRequestDraft } from '../saml/logout.ts'
import { renderLogoutRequest, signMessage } from '../saml/logout.ts'
import { type RedirectParameters, redirectParameters, signedParameters } from '../saml/redirect.ts'
import type { SigningPlan } from '../saml/signing-plan.ts'
import type { FaultBase, FaultContext } from './fault.ts'

/** A LogoutRequest that is about to be sent, and how. */
export interface LogoutMessage {
  draft: LogoutRequestDraft
  plan: SigningPlan
  style: PersonaStyle
  binding: LogoutBinding
  relayState: string | undefined
}
export type LogoutBinding = 'HTTP-POST' | 'HTTP-Redirect'

/** What goes out: the document that is posted, or the parameters of the URL. */
export type LogoutWire = { xml: string; parameters?: undefined } | { xml: string; parameters: RedirectParameters }

/** A mistake in a LogoutRequest. */
export interface LogoutFault extends FaultBase {
  stage: 'logout'
  bindings: readonly LogoutBinding[]
  make(message: LogoutMessage, context: FaultContext): Promise<LogoutWire>
}

/** As it ought to be. */
export const honestLogout = async (message: LogoutMessage): Promise<LogoutWire> => {
  const { draft, plan, style, relayState } = message
  const xml = renderLogoutRequest(draft, style)
  return message.binding === 'HTTP-POST'
    ? { xml: await signMessage(xml, draft.id, plan, style) }
    : { xml, parameters: await signedParameters(redirectParameters('SAMLRequest', xml, relayState), plan) }
}

const both: readonly LogoutBinding[] = ['HTTP-POST', 'HTTP-Redirect']
const signatureRule = 'SAML Profiles 4.4.4.1'

const logoutFault = (
  value: Omit<LogoutFault, 'stage' | 'expect' | 'severity'> & Partial<LogoutFault>,
): LogoutFault => ({
  stage: 'logout',
  expect: 'reject',
  severity: 'high',
  ...value,
})

/** One that is signed as it ought to be, over something that it ought not to say. */
const saying = (
  value: Pick<LogoutFault, 'id' | 'title' | 'requirement' | 'basis'> & Partial<LogoutFault>,
  change: (draft: LogoutRequestDraft, context: FaultContext) => LogoutRequestDraft,
): LogoutFault =>
  logoutFault({
    bindings: both,
    make: (message, context) => honestLogout({ ...message, draft: change(message.draft, context) }),
    ...value,
  })

/** Somebody whom no session is of. */
const nobody = { value: 'nobody@another.example.test', format: undefined }

const firstAssertion = (xml: string): string => /<([\w-]+:)?Assertion\b[\s\S]*?<\/\1?Assertion>/.exec(xml)?.[0] ?? ''
const firstSignature = (xml: string): string => /<([\w-]+:)?Signature\b[\s\S]*?<\/\1?Signature>/.exec(xml)?.[0] ?? ''

const inExtensions = (xml: string, style: PersonaStyle, content: string): string => {
  const p = style.prefixes.protocol
  return xml.replace(/<\/[\w-]+:Issuer>/, (end) => `${end}<${p}:Extensions>${content}</${p}:Extensions>`)
}

export const logoutFaults: readonly LogoutFault[] = [
  logoutFault({
    id: 'logout-unsigned',
    title: 'The LogoutRequest is not signed',
    requirement: 'SAML-SLO-01',
    basis: [signatureRule],
    bindings: both,
    make: async ({ draft, style, binding, relayState }) => {
      const xml = renderLogoutRequest(draft, style)
      return binding === 'HTTP-POST' ? { xml } : { xml, parameters: redirectParameters('SAMLRequest', xml, relayState) }
    },
  }),
  logoutFault({
    id: 'logout-foreign-key',
    title: 'The LogoutRequest is signed by a key that nobody trusts',
    requirement: 'SAML-SLO-01',
    basis: [signatureRule, 'CWE-347'],
    bindings: both,
    make: (message, { foreignKey }) => honestLogout({ ...message, plan: { ...message.plan, key: foreignKey } }),
  }),
  logoutFault({
    id: 'logout-altered',
    title: 'The LogoutRequest names another user than when it was signed',
    requirement: 'SAML-SLO-01',
    basis: [signatureRule, 'XMLDSig 3.2'],
    bindings: both,
    make: async (message) => {
      const { draft, style, relayState } = message
      const { xml, parameters } = await honestLogout({ ...message, draft: { ...draft, nameId: nobody } })
      if (parameters === undefined) return { xml: xml.replace(nobody.value, draft.nameId.value) }
      const wanted = renderLogoutRequest(draft, style)
      const [first] = redirectParameters('SAMLRequest', wanted, relayState)
      return { xml: wanted, parameters: parameters.map((one) => (one[0] === first?.[0] ? first : one)) }
    },
  }),
  logoutFault({
    id: 'logout-holds-assertion',
    title: 'The LogoutRequest is not signed, and holds the signed Assertion of the login',
    requirement: 'SAML-SLO-01',
    basis: [signatureRule, 'CVE-2023-40178'],
    bindings: ['HTTP-POST'],
    make: async ({ draft, style }, { previousXml = '' }) => ({
      xml: inExtensions(renderLogoutRequest(draft, style), style, firstAssertion(previousXml)),
    }),
  }),
  logoutFault({
    id: 'logout-wraps-request',
    title: 'The LogoutRequest holds the one that was signed, and has its Signature',
    requirement: 'SAML-SLO-01',
    basis: [signatureRule, 'SAML Core 5.4.2'],
    bindings: ['HTTP-POST'],
    make: async (message) => {
      const { draft, style } = message
      const { xml } = await honestLogout({ ...message, draft: { ...draft, nameId: nobody } })
      const signature = firstSignature(xml)
      const forged = renderLogoutRequest({ ...draft, id: `${draft.id}x` }, style)
      const whole = inExtensions(forged, style, xml.replace(signature, ''))
      return { xml: whole.replace(/<\/[\w-]+:Issuer>/, (end) => end + signature) }
    },
  }),
  saying(
    {
      id: 'logout-other-issuer',
      title: 'The LogoutRequest is issued by another identity provider',
      requirement: 'SAML-SLO-02',
      basis: ['SAML Profiles 4.4.4.1'],
    },
    (draft, { other }) => ({ ...draft, issuer: other.idpEntityId }),
  ),
  saying(
    {
      id: 'logout-other-destination',
      title: 'The LogoutRequest is sent to another service provider',
      requirement: 'SAML-SLO-02',
      basis: ['SAML Core 3.2.1', 'SAML Bindings 3.5.5.2'],
    },
    (draft, { other }) => ({ ...draft, destination: other.acsUrl }),
  ),
  saying(
    {
      id: 'logout-expired',
      title: 'The time to answer the LogoutRequest ended an hour ago',
      requirement: 'SAML-SLO-02',
      basis: ['SAML Core 3.7.1'],
    },
    (draft, { now, spClockOffsetMs }) => ({
      ...draft,
      notOnOrAfter: new Date(now + spClockOffsetMs - 3_600_000).toISOString(),
    }),
  ),
  saying(
    {
      id: 'logout-other-user',
      title: 'The LogoutRequest is for somebody else',
      requirement: 'SAML-SLO-02',
      basis: ['SAML Core 3.7.1'],
    },
    (draft) => ({ ...draft, nameId: { ...draft.nameId, value: nobody.value } }),
  ),
]

export const findLogoutFault = (id: string): LogoutFault | undefined => logoutFaults.find((fault) => fault.id === id)
