import type { Request, Response } from 'express'
import type { IdpactError } from '../../src/core/errors.ts'
import { html } from '../../src/core/html.ts'
import type { AuthnRequest } from '../saml/authn-request.ts'
import { AuthnRequestError } from '../saml/authn-request.ts'
import { errorBody, statusOf, wantsJson } from './answers.ts'
import type { IdpContext } from './context.ts'
import { present, requestDetails } from './journal-details.ts'
import { page, sentence } from './pages.ts'
import { requestTable } from './request-table.ts'

export interface Refusal {
  org: string
  error: IdpactError
  /** As far as it could be read. */
  request: AuthnRequest | undefined
  applicationId?: string | undefined
  userId?: string | undefined
}

/** Answers a bad AuthnRequest: what was wrong, what was expected, how to mend it; and says so in the journal. */
export const refuse = (ctx: IdpContext, req: Request, res: Response, refusal: Refusal): void => {
  const { org, error, request, applicationId, userId } = refusal
  const { expected, found } = error instanceof AuthnRequestError ? error : { expected: undefined, found: undefined }
  ctx.journal(org).append({
    kind: 'authn-request-refused',
    ...(request && { requestId: request.id, xml: request.xml }),
    ...(applicationId !== undefined && { applicationId }),
    ...(userId !== undefined && { userId }),
    summary: error.message,
    // Not `code`: that is the name of a secret, and would be redacted.
    details: present({
      reason: error.code,
      expected,
      found,
      hint: error.hint,
      ...(request && requestDetails(request)),
    }),
    peerUrl: request?.acsUrl,
  })
  res.status(statusOf(error))
  if (wantsJson(req)) {
    res.json({ error: { ...errorBody(error).error, expected, found } })
    return
  }
  res.send(
    page(
      'The request was refused',
      html`<p class="eyebrow">Code <code>${error.code}</code></p>
        <h1>The service provider’s request was refused</h1>
        ${
          expected === undefined
            ? html`<p class="what">${sentence(error.message)}</p>`
            : html`<dl class="facts"><dt>Expected</dt><dd>${expected}</dd><dt>Found</dt><dd>${found}</dd></dl>`
        }
        ${error.hint && html`<p class="hint"><b>What to do.</b> ${sentence(error.hint)}</p>`}
        ${request && requestTable(request)}
        <p><a href="/">Open the console</a> to see it in the journal.</p>`,
    ),
  )
}
