import type { Request, Response } from 'express'
import { IdpactError } from '../../src/core/errors.ts'
import type { User } from '../admin/schema.ts'
import { claimsFor } from '../directory/claims.ts'
import type { Endpoint } from '../directory/endpoints.ts'
import { personAt } from '../provisioning/person.ts'
import type { ResponseDraft } from '../saml/draft.ts'
import { draftResponse, refusalResponse } from '../saml/draft-response.ts'
import { encryptionKeyOf } from '../saml/encryption.ts'
import { status } from '../saml/names.ts'
import { type ChosenFault, type RespondResult, respond } from '../saml/respond.ts'
import type { SigningPlan } from '../saml/signing-plan.ts'
import type { ApplicationRecord } from '../store/applications.ts'
import type { OrgRecord, RegistrationRecord } from '../store/orgs.ts'
import { announcedKey } from './announced-key.ts'
import { type IdpContext, orgOf, registrationOf } from './context.ts'
import { elsewhere } from './elsewhere.ts'
import { responseDetails } from './journal-details.ts'
import type { Login } from './login.ts'
import { keyTypeOf, personaOf } from './persona.ts'
import { sendForm } from './send-form.ts'
import type { SessionRecord } from './sessions.ts'

export interface Answer {
  login: Login
  application: ApplicationRecord
  endpoint: Endpoint
}

export interface SignedInAnswer extends Answer {
  session: SessionRecord
  user: User
}

/** The Response of a login, with the faults that are armed for the user, as the page that posts it. */
export const sendResponse = async (
  ctx: IdpContext,
  _req: Request,
  res: Response,
  answer: SignedInAnswer,
): Promise<void> => {
  const { login, application, user } = answer
  try {
    await answerUser(ctx, res, answer)
  } catch (error) {
    if (!(error instanceof IdpactError)) throw error
    ctx.journal(login.org).append({
      kind: 'error',
      applicationId: application.id,
      userId: user.id,
      ...(login.request && { requestId: login.request.id }),
      summary: `No Response was made: ${error.message}`,
      details: { reason: error.code, hint: error.hint },
    })
    throw error
  }
}

const answerUser = async (ctx: IdpContext, res: Response, answer: SignedInAnswer): Promise<void> => {
  const { login, application, endpoint, session, user } = answer
  const { saml } = application
  const org = orgOf(ctx, login.org)
  const registration = registrationOf(ctx, org, login.registrationId)
  // With provisioning, single sign-on says what provisioning says.
  const provisioned = ctx.store.provisioning.get(application.id) !== undefined
  const appProfile = provisioned ? personAt(ctx, org.id, application.id, user.id)?.values : undefined
  const { nameId, attributes } = claimsFor(saml, user, ctx.store.groups.ofUser(user.id), appProfile)
  const now = ctx.clock.now()
  const draft = draftResponse({
    persona: personaOf(org),
    now,
    request: login.request,
    ...endpoint,
    audience: saml.audience,
    issuer: registration.entityId,
    nameId: nameId.value,
    nameIdFormat: nameId.format,
    attributes,
    authnInstant: session.authnAt,
    classRef: saml.authnContextClassRef,
  })
  const [assertion] = draft.assertions
  if (assertion?.subject?.nameId !== undefined)
    ctx.participations.set(`${user.id} ${application.id}`, {
      nameId: assertion.subject.nameId,
      sessionIndex: assertion.authnStatement?.sessionIndex,
    })
  const previousKey = `${user.id} ${application.id}`
  const result = await finish(ctx, { ...answer, org, registration, draft, previousXml: ctx.previous.get(previousKey) })
  ctx.previous.set(previousKey, result.xml)
  record(ctx, answer, result, `${user.profile.login} was sent to ${application.label}`, user)
  sendForm(res, result.form)
}

/** IsPassive, and nobody is signed in: a Status and no Assertion (SAML Core 3.4.1, 3.2.2.2). */
export const sendNoPassive = async (ctx: IdpContext, _req: Request, res: Response, answer: Answer): Promise<void> => {
  const { login, endpoint, application } = answer
  const org = orgOf(ctx, login.org)
  const registration = registrationOf(ctx, org, login.registrationId)
  const draft = refusalResponse({
    persona: personaOf(org),
    now: ctx.clock.now(),
    request: login.request,
    destination: endpoint.destination,
    issuer: registration.entityId,
    status: { code: status.responder, subCode: status.noPassive },
  })
  const result = await finish(ctx, { ...answer, org, registration, draft, user: undefined, previousXml: undefined })
  record(ctx, answer, result, `${application.label} was told that nobody is signed in (NoPassive)`)
  sendForm(res, result.form)
}

interface Draft extends Answer {
  org: OrgRecord
  registration: RegistrationRecord
  user: User | undefined
  draft: ResponseDraft
  previousXml: string | undefined
}

const finish = async (ctx: IdpContext, made: Draft): Promise<RespondResult> => {
  const { login, application, endpoint, org, registration, user, draft, previousXml } = made
  const { saml } = application
  const keyType = keyTypeOf(application)
  const plan: SigningPlan = {
    signResponse: saml.responseSigned,
    signAssertion: saml.assertionSigned,
    key: await ctx.keys.get({ registrationId: registration.id, org }, keyType),
    signatureAlgorithm: saml.signatureAlgorithm,
    digestAlgorithm: saml.digestAlgorithm,
    includeKeyInfo: saml.includeKeyInfo,
    ...(saml.encryption && {
      encrypt: { ...saml.encryption, publicKey: encryptionKeyOf(saml.encryption.certificate) },
    }),
  }
  const armed = user ? ctx.faults.take(org.id, user.id) : []
  const faults = armed.length === 0 ? [] : await chosen(armed)
  const needsKey = faults.map(({ fault }) => fault.needsKey).find((key) => key !== undefined)
  return respond({
    draft,
    plan,
    persona: personaOf(org),
    acsUrl: endpoint.acsUrl,
    relayState: login.relayState,
    faults,
    context: {
      now: ctx.clock.now(),
      spClockOffsetMs: armed.at(-1)?.spClockOffsetMs ?? 0,
      other: elsewhere,
      // Making a key takes a while: not before a fault may need it.
      foreignKey: armed.length === 0 ? plan.key : await ctx.foreignKey(keyType),
      ...(needsKey && { announcedKey: await announcedKey(ctx, { registrationId: registration.id, org }, needsKey) }),
      previousXml,
    },
  })
}

const chosen = async (armed: readonly { fault: string; params: ChosenFault['params'] }[]): Promise<ChosenFault[]> => {
  const { findFault } = await import('../faults/catalogue.ts')
  return armed.map(({ fault, params }) => ({ fault: findFault(fault), params }))
}

const record = (ctx: IdpContext, answer: Answer, result: RespondResult, summary: string, user?: User): void => {
  const { login, application, endpoint } = answer
  const { appliedFaults } = result
  ctx.journal(login.org).append({
    kind: 'response-sent',
    applicationId: application.id,
    ...(user && { userId: user.id }),
    ...(login.request && { requestId: login.request.id }),
    summary: appliedFaults.length === 0 ? summary : `${summary}, with ${appliedFaults.join(', ')}`,
    details: {
      flow: login.request ? 'SP-initiated' : 'IdP-initiated',
      acsUrl: result.form.action,
      ...(result.form.relayState !== undefined && { relayState: result.form.relayState }),
      ...responseDetails(result.draft),
    },
    xml: shortened(result.xml),
    peerUrl: endpoint.acsUrl,
    ...(appliedFaults.length > 0 && { faults: appliedFaults }),
  })
}

/** A message that a fault made enormous would push everything else out of the journal. */
const shortened = (xml: string): string =>
  xml.length <= journalledChars ? xml : `${xml.slice(0, journalledChars)}… (${xml.length} characters)`
const journalledChars = 600_000
