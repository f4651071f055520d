import type { Request, Response } from 'express'
import { type Html, html } from '../../src/core/html.ts'
import type { User } from '../admin/schema.ts'
import type { IdpContext } from './context.ts'
import type { Login } from './login.ts'
import { page } from './pages.ts'
import { requestTable } from './request-table.ts'

const shown = 50

/** The page where a person picks who to be. Search and choice are forms: no script is needed. */
export const sendSignInPage = (
  ctx: IdpContext,
  req: Request,
  res: Response,
  login: Login | undefined,
  current: User | undefined,
  search: { org: string; q?: string | undefined; flow?: string | undefined } = { org: login?.org ?? '' },
): void => {
  const { org, q } = search
  const flow = search.flow ?? (login && ctx.pending.keep(login))
  const users = ctx.store.users.list(org, q, shown + 1)
  const target = login && targetOf(ctx, login)
  res.send(
    page(
      'Sign in',
      html`<p class="eyebrow">Mock IdP · org ${org}</p>
        <h1>Who do you want to be?</h1>
        ${target && html`<p class="what">You are on your way to <b>${target}</b>.</p>`}
        ${login?.request?.forceAuthn && html`<p class="muted">The service provider asks you to sign in again (ForceAuthn)${current && `; you were ${current.profile.login}`}.</p>`}
        <form method="get" action="/${org}/login" class="search" role="search">
          ${flow && html`<input type="hidden" name="flow" value="${flow}">`}
          <input type="search" name="q" value="${q}" placeholder="Name or e-mail" aria-label="Search people" autofocus>
          <button class="quiet">Search</button>
        </form>
        ${userList(users, org, ctx.forms.token(req, res), flow, q)}
        ${login?.request && requestTable(login.request)}`,
    ),
  )
}

const userList = (
  users: readonly User[],
  org: string,
  token: string,
  flow: string | undefined,
  q: string | undefined,
): Html => {
  if (users.length === 0)
    return q
      ? html`<p class="muted">Nobody’s login, e-mail or name contains “${q}”.</p>`
      : html`<p class="hint"><b>There is nobody yet.</b> Add people in <a href="/">the console</a>, or start with <code>--seed</code>.</p>`
  return html`<form method="post" action="/${org}/login" class="people">
      <input type="hidden" name="token" value="${token}">
      ${flow && html`<input type="hidden" name="flow" value="${flow}">`}
      ${users.slice(0, shown).map(({ id, status, profile }) => {
        const name = profile.displayName ?? [profile.firstName, profile.lastName].filter(Boolean).join(' ')
        return html`<button name="user" value="${id}" ${status === 'ACTIVE' ? '' : html`disabled`}>
          <b>${name || profile.login}</b><span>${profile.login}</span>${status !== 'ACTIVE' && html`<em>${status.toLowerCase()}</em>`}</button>`
      })}
    </form>
    ${users.length > shown && html`<p class="muted">These are the first ${shown}. Search to find the others.</p>`}`
}

const targetOf = (ctx: IdpContext, { org, request, applicationId }: Login): string | undefined =>
  request?.providerName ??
  request?.issuer ??
  (applicationId === undefined ? undefined : ctx.store.applications.get(org, applicationId)?.label)
