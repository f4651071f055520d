import type { Request, Response } from 'express'
import { IdpactError } from '../../src/core/errors.ts'
import { html } from '../../src/core/html.ts'
import type { User } from '../admin/schema.ts'
import type { ApplicationRecord } from '../store/applications.ts'
import { errorBody, wantsJson } from './answers.ts'
import type { IdpContext } from './context.ts'
import type { Login } from './login.ts'
import { page } from './pages.ts'

/** Okta's "403 App Not Assigned": a page of the identity provider; nothing is posted to the service provider. */
export const sendNotAssigned = (
  ctx: IdpContext,
  req: Request,
  res: Response,
  login: Login,
  user: User,
  { id, label }: ApplicationRecord,
): void => {
  const error = new IdpactError(`${user.profile.login} is not assigned to "${label}"`, {
    code: 'not-assigned',
    hint: 'Assign the user, or a group that the user is in, to the application; or sign in as somebody else.',
  })
  ctx.journal(login.org).append({
    kind: 'user-not-assigned',
    applicationId: id,
    userId: user.id,
    ...(login.request && { requestId: login.request.id }),
    summary: `${error.message}: nothing was sent to the service provider`,
    details: { login: user.profile.login, application: label },
  })
  res.status(403)
  if (wantsJson(req)) {
    res.json(errorBody(error))
    return
  }
  res.send(
    page(
      'App Not Assigned',
      html`<p class="eyebrow">403</p><h1>App Not Assigned</h1>
        <p class="what">Sorry, you can’t access <b>${label}</b> because you are not assigned this app.</p>
        <p class="hint"><b>What to do.</b> ${error.hint}</p>
        <form method="post" action="/${login.org}/logout">
          <input type="hidden" name="token" value="${ctx.forms.token(req, res)}">
          <input type="hidden" name="flow" value="${ctx.pending.keep(login)}">
          <button>Sign in as somebody else</button> <span class="muted">You are ${user.profile.login}.</span>
        </form>`,
    ),
  )
}
