import type { AuthnRequest } from '../saml/authn-request.ts'
import type { ResponseDraft } from '../saml/draft.ts'

/** The fields of an AuthnRequest that a person looks for; what is not there is left out. */
export const requestDetails = (request: AuthnRequest): Record<string, unknown> =>
  present({
    binding: request.binding,
    issuer: request.issuer,
    destination: request.destination,
    acsUrl: request.acsUrl,
    acsIndex: request.acsIndex,
    protocolBinding: request.protocolBinding,
    nameIdPolicy: request.nameIdPolicy?.format,
    forceAuthn: request.forceAuthn || undefined,
    isPassive: request.isPassive || undefined,
    requestedAuthnContext: request.requestedAuthnContext?.classRefs,
    subject: request.subject?.nameId,
    relayState: request.relayState,
    issueInstant: request.issueInstant,
  })

/** The fields of a Response. Attributes by name, so that one with a secret's name is redacted. */
export const responseDetails = (draft: ResponseDraft): Record<string, unknown> => {
  const assertion = draft.assertions[0]
  const confirmation = assertion?.subject?.confirmations[0]
  return present({
    destination: draft.destination,
    issuer: draft.issuer,
    inResponseTo: draft.inResponseTo,
    status: [draft.status.code, draft.status.subCode]
      .filter(Boolean)
      .map((uri) => uri?.split(':').at(-1))
      .join(' / '),
    audience: assertion?.conditions?.audienceRestrictions.flat(),
    recipient: confirmation?.recipient,
    nameId: assertion?.subject?.nameId?.value,
    nameIdFormat: assertion?.subject?.nameId?.format,
    notBefore: assertion?.conditions?.notBefore,
    notOnOrAfter: assertion?.conditions?.notOnOrAfter,
    sessionIndex: assertion?.authnStatement?.sessionIndex,
    attributes: assertion && Object.fromEntries(assertion.attributes.map(({ name, values }) => [name, values])),
  })
}

export const present = (values: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))
