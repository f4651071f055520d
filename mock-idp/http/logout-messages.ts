import { toInstant } from '../../src/core/clock.ts'
import { UsageError } from '../../src/core/errors.ts'
import {
  findLogoutFault,
  honestLogout,
  type LogoutBinding,
  type LogoutMessage,
  type LogoutWire,
  logoutFaults,
} from '../faults/logout.ts'
import { nearest } from '../faults/nearest.ts'
import { encodeMessage } from '../saml/bindings.ts'
import { newMessageIds } from '../saml/draft-response.ts'
import { renderLogoutResponse, signMessage } from '../saml/logout.ts'
import { redirectParameters, redirectUrl, signedParameters } from '../saml/redirect.ts'
import type { SigningPlan } from '../saml/signing-plan.ts'
import type { ApplicationRecord } from '../store/applications.ts'
import { type IdpContext, orgOf, registrationOf } from './context.ts'
import { elsewhere } from './elsewhere.ts'
import { keyTypeOf, personaOf } from './persona.ts'

/** A logout message as a browser carries it. */
export interface Carried {
  id: string
  binding: LogoutBinding
  xml: string
  /** HTTP-Redirect: where the browser goes, whole. HTTP-POST: where the form is posted to. */
  url: string
  /** Of the form; none for HTTP-Redirect. */
  fields: readonly (readonly [name: string, value: string])[]
}

/** How long a service provider has to answer. */
const answerWithinMs = 300_000

/**
 * A LogoutRequest for somebody who has logged in at the application, with a mistake where one is named.
 *
 * @throws UsageError where the application has no single logout, the user has not logged in there, or there is no such mistake
 */
export const logoutRequest = async (
  ctx: IdpContext,
  org: string,
  application: ApplicationRecord,
  wanted: {
    userId: string
    binding?: LogoutBinding | undefined
    url?: string | undefined
    fault?: string | undefined
    relayState?: string | undefined
    spClockOffsetMs?: number | undefined
  },
): Promise<Carried> => {
  const { singleLogout } = application.saml
  if (singleLogout === undefined)
    throw new UsageError(`"${application.label}" has no single logout`, {
      code: 'no-single-logout',
      hint: 'Give the application the single logout URL of the service provider: saml.singleLogout.url.',
    })
  const login = ctx.participations.get(`${wanted.userId} ${application.id}`)
  if (login === undefined)
    throw new UsageError(`This user has not logged in at "${application.label}"`, {
      code: 'no-participation',
      hint: 'Log in there first: a LogoutRequest is about a session.',
    })
  const { binding = singleLogout.binding, url = singleLogout.url } = wanted
  const { plan, persona, registration } = await maker(ctx, org, application)
  const now = ctx.clock.now()
  const message: LogoutMessage = {
    draft: {
      id: newMessageIds(persona.ids).response,
      issueInstant: toInstant(now),
      destination: url,
      notOnOrAfter: toInstant(now + answerWithinMs),
      issuer: registration.entityId,
      nameId: login.nameId,
      sessionIndex: singleLogout.sessionIndex ? login.sessionIndex : undefined,
    },
    ...{ plan, style: persona.style, binding, relayState: wanted.relayState },
  }
  const wire =
    wanted.fault === undefined
      ? await honestLogout(message)
      : await mistakenLogout(wanted.fault, message, {
          now,
          spClockOffsetMs: wanted.spClockOffsetMs ?? 0,
          other: elsewhere,
          foreignKey: await ctx.foreignKey(keyTypeOf(application)),
          previousXml: ctx.previous.get(`${wanted.userId} ${application.id}`),
        })
  return carried(message.draft.id, 'SAMLRequest', url, wire, wanted.relayState)
}

const mistakenLogout = (
  id: string,
  message: LogoutMessage,
  context: Parameters<(typeof logoutFaults)[number]['make']>[1],
): Promise<LogoutWire> => {
  const fault = findLogoutFault(id)
  const ids = logoutFaults.map((one) => one.id)
  if (fault === undefined) {
    const meant = nearest(id, ids)
    throw new UsageError(`There is no mistake "${id}" for a LogoutRequest`, {
      code: 'unknown-fault',
      hint: `${meant === undefined ? '' : `Did you mean ${meant}? `}There are: ${ids.join(', ')}.`,
    })
  }
  if (!fault.bindings.includes(message.binding))
    throw new UsageError(`${id} is for ${fault.bindings.join(' and ')}, and not for ${message.binding}`, {
      code: 'fault-not-for-binding',
      hint: 'Send it by another binding.',
    })
  return fault.make(message, context)
}

/** The answer to a LogoutRequest of a service provider. */
export const logoutResponse = async (
  ctx: IdpContext,
  org: string,
  application: ApplicationRecord,
  answer: { inResponseTo: string; relayState: string | undefined; status: string; subStatus?: string | undefined },
): Promise<Carried> => {
  const { singleLogout } = application.saml
  const destination = singleLogout?.responseUrl ?? singleLogout?.url ?? ''
  const { plan, persona, registration } = await maker(ctx, org, application)
  const { style } = persona
  const id = newMessageIds(persona.ids).response
  const { inResponseTo, relayState, status, subStatus } = answer
  const xml = renderLogoutResponse(
    {
      ...{ id, destination, inResponseTo, status, subStatus },
      issueInstant: toInstant(ctx.clock.now()),
      issuer: registration.entityId,
    },
    style,
  )
  const wire: LogoutWire =
    singleLogout?.binding === 'HTTP-Redirect'
      ? { xml, parameters: await signedParameters(redirectParameters('SAMLResponse', xml, relayState), plan) }
      : { xml: await signMessage(xml, id, plan, style) }
  return carried(id, 'SAMLResponse', destination, wire, relayState)
}

const carried = (
  id: string,
  carrier: 'SAMLRequest' | 'SAMLResponse',
  location: string,
  { xml, parameters }: LogoutWire,
  relayState: string | undefined,
): Carried =>
  parameters === undefined
    ? {
        ...{ id, binding: 'HTTP-POST', xml, url: location },
        fields: [
          [carrier, encodeMessage(xml)],
          ...(relayState === undefined ? [] : [['RelayState', relayState] as const]),
        ],
      }
    : { id, binding: 'HTTP-Redirect', xml, url: redirectUrl(location, parameters), fields: [] }

const maker = async (ctx: IdpContext, orgId: string, application: ApplicationRecord) => {
  const org = orgOf(ctx, orgId)
  const registration = registrationOf(ctx, org, application.registrationId)
  const { saml } = application
  const plan: SigningPlan = {
    signResponse: true,
    signAssertion: true,
    key: await ctx.keys.get({ registrationId: registration.id, org }, keyTypeOf(application)),
    signatureAlgorithm: saml.signatureAlgorithm,
    digestAlgorithm: saml.digestAlgorithm,
    includeKeyInfo: saml.includeKeyInfo,
  }
  return { plan, persona: personaOf(org), registration }
}
