import type { Request, Response } from 'express'
import { IdpactError } from '../../src/core/errors.ts'
import { html } from '../../src/core/html.ts'
import { samlSettings } from '../admin/schema.ts'
import { createApplication } from '../application.ts'
import { isLoopbackUrl } from '../journal/redaction.ts'
import { nameIdFormatUri } from '../saml/names.ts'
import type { ApplicationRecord } from '../store/applications.ts'
import { errorBody, wantsJson } from './answers.ts'
import { type IdpContext, orgOf } from './context.ts'
import { requestDetails } from './journal-details.ts'
import type { Login } from './login.ts'
import { page } from './pages.ts'
import { requestTable } from './request-table.ts'
import { isLoopbackRequest } from './security.ts'

/** Anyone could register anything: only who sits at this machine is asked, and not through a tunnel or proxy. */
export const mayRegister = (ctx: IdpContext, req: Request): boolean =>
  ctx.registration === 'ask' && isLoopbackRequest(req) && isLoopbackUrl(ctx.baseUrl())

/** Whether a Response could be posted there: an http(s) URL, and not `javascript:`. */
export const canBeAcs = (url: string): boolean => samlSettings.shape.ssoUrl.safeParse(url).success

/**
 * Registers who sent the request: the ACS is added to the application that has this Issuer, or a new application is made,
 * to which everyone is assigned.
 */
export const registerServiceProvider = (ctx: IdpContext, login: Login, acsUrl: string): ApplicationRecord => {
  const org = orgOf(ctx, login.org)
  const issuer = login.request?.issuer ?? acsUrl
  const known = ctx.store.applications.forSp(login.registrationId, issuer).find(({ status }) => status === 'ACTIVE')
  const application = known ? addAcs(ctx, org.id, known, acsUrl) : create()
  ctx.journal(org.id).append({
    kind: 'service-provider-registered',
    applicationId: application.id,
    ...(login.request && { requestId: login.request.id }),
    summary: `${application.label} was registered with ${acsUrl}`,
    details: { audience: application.saml.audience, acsUrl, label: application.label },
  })
  return application

  function create(): ApplicationRecord {
    return createApplication(ctx, org, {
      label: (login.request?.providerName ?? labelFor(issuer, acsUrl)).slice(0, 100),
      registrationId: login.registrationId,
      everyone: true,
      saml: samlSettings.parse({
        ssoUrl: acsUrl,
        audience: issuer,
        nameIdFormat: formatName(login.request?.nameIdPolicy?.format),
        ...starterStatements,
      }),
    })
  }
}

/** What most service providers look for, so that the first login shows more than a Name ID. Okta itself sends none. */
const starterStatements = {
  attributeStatements: ['email', 'firstName', 'lastName'].map((name) => ({ name, values: [`user.${name}`] })),
  groupAttributeStatements: [{ name: 'groups', filter: { type: 'REGEX', value: '.*' } }],
}

const addAcs = (ctx: IdpContext, org: string, app: ApplicationRecord, acsUrl: string): ApplicationRecord => {
  const { requestableSsoUrls } = app.saml
  const index = Math.max(0, ...requestableSsoUrls.map((one) => one.index)) + 1
  const changed = { ...app, saml: { ...app.saml, requestableSsoUrls: [...requestableSsoUrls, { url: acsUrl, index }] } }
  ctx.store.transaction(() => ctx.store.applications.update(org, changed))
  return changed
}

const labelFor = (issuer: string, acsUrl: string): string =>
  URL.parse(issuer)?.host || URL.parse(acsUrl)?.host || issuer || 'Service provider'

/** The format that the request asks for, else what most SPs expect of Okta. */
const formatName = (uri: string | undefined): keyof typeof nameIdFormatUri => {
  const names = Object.keys(nameIdFormatUri) as (keyof typeof nameIdFormatUri)[]
  return names.find((name) => nameIdFormatUri[name] === uri) ?? 'unspecified'
}

/** The decoded request and one button. */
export const sendRegistrationPage = (
  ctx: IdpContext,
  req: Request,
  res: Response,
  login: Login,
  kind: 'unknown-sp' | 'acs-not-registered',
): void => {
  const { request, org } = login
  if (!request) return
  const what =
    kind === 'unknown-sp'
      ? `No application of the org "${org}" has the SP entityID ${request.issuer}`
      : `The Assertion Consumer Service of the request is not registered for ${request.issuer}`
  const error = new IdpactError(what, {
    code: kind,
    hint: 'Open the address in a browser and press "Register this service provider and continue", or start the mock IdP with --auto-register.',
  })
  ctx.journal(org).append({
    kind: 'authn-request-refused',
    requestId: request.id,
    summary: `${what}: the user is asked whether to register it`,
    details: { reason: kind, ...requestDetails(request) },
    xml: request.xml,
    peerUrl: request.acsUrl,
  })
  res.status(403)
  if (wantsJson(req)) {
    res.json(errorBody(error))
    return
  }
  res.send(
    page(
      'New service provider',
      html`<p class="eyebrow">Mock IdP · org ${org}</p>
        <h1>${kind === 'unknown-sp' ? 'A service provider that is new here' : 'A new address of a service provider'}</h1>
        <dl class="facts"><dt>Entity ID</dt><dd>${request.issuer}</dd>
          <dt>Assertion Consumer Service</dt><dd>${request.acsUrl ?? 'not in the request'}</dd></dl>
        <form method="post" action="/${org}/register">
          <input type="hidden" name="token" value="${ctx.forms.token(req, res)}">
          <input type="hidden" name="flow" value="${ctx.pending.keep(login)}">
          ${
            request.acsUrl === undefined &&
            html`<label>Where should the Response go? <input type="url" name="acs" required placeholder="https://sp.example.test/saml/acs"></label>`
          }
          <button class="main">Register this service provider and continue</button>
          <p class="muted">Everyone in the directory will be assigned to it. You are asked because this is your own machine.</p>
        </form>
        ${requestTable(request)}`,
    ),
  )
}
