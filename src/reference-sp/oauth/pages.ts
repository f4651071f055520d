import { type Html, html } from '../../core/html.ts'
import { page } from '../http/page.ts'
import type { Sp } from '../sp.ts'
import type { User } from '../store/users.ts'
import { authorizationUrl, isScope, scopes } from './scopes.ts'

/** A form of one button, which says what was decided. */
const choice = (decision: string, token: string, button: Html): Html =>
  html`<form method="post"><input type="hidden" name="decision" value="${decision}">
<input type="hidden" name="token" value="${token}">${button}</form>`

const decline = (token: string): Html => choice('decline', token, html`<button class="quiet">Decline</button>`)

/** What a request wants, put to the person who is logged in. `token` proves that the answer comes from this page. */
export const consentPage = (user: User, asked: readonly string[], token: string): Html =>
  page(
    { title: 'Give access', user, narrow: true },
    html`<div class="card"><h1>Give access</h1>
<p>Your identity provider asks to act for you, ${user.email}. It could:</p>
<ul>${asked.map((scope) => html`<li>${isScope(scope) ? scopes[scope] : scope} <code>${scope}</code></li>`)}</ul>
<p class="soft">The access is yours: it ends when your account is disabled or deleted.</p>
${choice('accept', token, html`<button>ACCEPT ACCESS</button>`)}${decline(token)}</div>`,
  )

/** Somebody is logged in who may not give access. */
export const mayNotPage = (user: User, token: string, loginUrl: string): Html =>
  page(
    { title: 'Administrators only', user, narrow: true },
    html`<div class="card"><h1>Administrators only</h1>
<p>Your identity provider asks for access to the users of this account, and the role ${user.role} cannot give it.</p>
<p><a href="${loginUrl}">Log in as somebody else</a></p>${decline(token)}</div>`,
  )

/** An authorisation that cannot go on, where the browser must not be sent back to the client. */
export const oauthErrorPage = (error: string, description: string): Html =>
  page(
    { title: 'Access was not given', narrow: true },
    html`<div class="card"><h1 class="bad">Access was not given</h1><p>Error: <code>${error}</code></p>
<p>${description}</p></div>`,
  )

/** What an administrator copies into the identity provider. */
export const oauthCard = (sp: Sp): Html => {
  const { redirectUris } = sp.store.settings.oauth()
  return html`<div class="card"><h2>SCIM: authentication by OAuth 2</h2><table>
<tr><th>Access token endpoint URI</th><td><code>${sp.url}/oauth2/token</code></td></tr>
<tr><th>Authorization endpoint URI</th><td><code>${authorizationUrl(sp.url)}</code></td></tr>
<tr><th>Client ID</th><td><code>${sp.oauthClient.id}</code></td></tr>
<tr><th>Redirect URIs</th><td>${
    redirectUris.length === 0 ? 'none is registered' : redirectUris.map((uri) => html`<div><code>${uri}</code></div>`)
  }</td></tr></table></div>`
}
