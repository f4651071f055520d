import { type Html, html, raw } from '../../../core/html.ts'
import { hasAllEnvironments } from '../../environments.ts'
import { page } from '../../http/page.ts'
import { oauthCard } from '../../oauth/pages.ts'
import type { Sp } from '../../sp.ts'
import { fullName, type User } from '../../store/users.ts'
import { roles } from '../roles.ts'

const note = (problem: string | undefined) => problem !== undefined && html`<p class="bad" role="alert">${problem}</p>`
const checked = (on: boolean): Html => raw(on ? ' checked' : '')
const day = (ms: number | undefined): string =>
  ms === undefined ? 'never' : new Date(ms).toISOString().slice(0, 16).replace('T', ' ')

const roleField = (selected: string): Html =>
  html`<label for="role">Role</label><select id="role" name="role">${roles.map(
    (role) => html`<option${raw(role === selected ? ' selected' : '')}>${role}</option>`,
  )}</select>`

/** So many users are on one page; the others are found by what is searched for. */
const mostUsers = 50

export interface UsersPageOptions {
  /** Part of a name or an e-mail address. */
  search?: string | undefined
  problem?: string | undefined
}

/** Users who are in the account for longest first. */
export const usersPage = (sp: Sp, me: User, { search = '', problem }: UsersPageOptions = {}): Html => {
  const wanted = search.toLowerCase()
  const users = sp.store.users
    .list()
    .filter((user) => sp.rules().listsAccount(user, false))
    .filter((user) => wanted === '' || `${fullName(user)}\n${user.email}`.toLowerCase().includes(wanted))
  const shown = users.slice(0, mostUsers)
  return page(
    { title: 'Users', user: me },
    html`<div class="card"><h1>User management</h1><form method="get" action="/" role="search">
<label for="q">Name or e-mail contains</label><input id="q" name="q" type="search" value="${search}"><button>Search</button></form>
${shown.length < users.length && html`<p class="soft">${shown.length} of ${users.length} users.</p>`}
<div class="scroll"><table>
<thead><tr><th>Name</th><th>E-mail</th><th>Role</th><th>Source</th><th>Groups</th><th>Last login</th></tr></thead>
<tbody>${shown.map(
      (user) => html`<tr><td><a href="/console/users/${user.id}">${fullName(user)}</a>${
        !user.enabled && html` <span class="tag bad">disabled</span>`
      }</td><td>${user.email}</td><td>${user.role}</td><td><span class="tag">${sp.rules().sourceShown(user) ?? ''}</span></td>
<td>${sp.store.groups
        .ofUser(user.id)
        .map((group) => group.name)
        .join(', ')}</td><td class="soft">${day(user.lastLoginAt)}</td></tr>`,
    )}</tbody></table></div></div>
<div class="card"><h2>New user</h2>${note(problem)}<form method="post" action="/console/users">
<label for="name">Name</label><input id="name" name="name" required>
<label for="email">E-mail</label><input id="email" name="email" type="email" required>
${roleField('media_library_user')}<button>Create and invite</button></form></div>`,
  )
}

export const userPage = (sp: Sp, me: User, user: User, problem?: string): Html => {
  const environments = hasAllEnvironments(sp, user)
    ? 'all'
    : sp.store.environments
        .ofUser(user.id)
        .map((id) => sp.store.environments.find(id)?.cloudName ?? id)
        .join(', ') || 'none'
  const facts: [string, string][] = [
    ['Source', sp.rules().sourceShown(user) ?? ''],
    ['External id', user.externalId ?? 'none'],
    ['Product environments', environments],
    [
      'Groups',
      sp.store.groups
        .ofUser(user.id)
        .map((group) => group.name)
        .join(', ') || 'none',
    ],
    ['Two-factor', user.twoFactor ? 'on' : 'off'],
    ['Last login', day(user.lastLoginAt)],
  ]
  const hasPassword = user.source !== 'saml' || user.role === 'master_admin'
  return page(
    { title: fullName(user), user: me },
    html`<div class="card"><h1>${fullName(user)}</h1><table>${facts.map(
      ([name, value]) => html`<tr><th>${name}</th><td>${value}</td></tr>`,
    )}</table></div>
<div class="card"><h2>Change</h2>${note(problem)}<form method="post">
<label for="name">Name</label><input id="name" name="name" value="${fullName(user)}" required>
<label for="email">E-mail</label><input id="email" name="email" type="email" value="${user.email}" required>
${roleField(user.role)}
<label class="inline"><input type="checkbox" name="enabled" value="on"${checked(user.enabled)}> May log in</label>
<button>Save</button></form></div>
${
  hasPassword
    ? html`<div class="card"><h2>Password</h2><form method="post" action="/console/users/${user.id}/invite">
<button>Send an invitation to choose one</button></form></div>`
    : html`<div class="card"><h2>Password</h2><p class="soft">This user is provisioned by SAML and has none.</p></div>`
}
<div class="card"><h2>Delete</h2><form method="post" action="/console/users/${user.id}/delete"><button>Delete this user</button></form></div>`,
  )
}

export const settingsPage = (sp: Sp, me: User, problem?: string): Html => {
  const { saml, provisioning, enforce } = sp.store.settings.read()
  const { metadata } = saml
  const option = (value: string, title: string): Html =>
    html`<label class="inline"><input type="radio" name="metadata_mode" value="${value}"${checked(
      (metadata?.mode ?? 'url') === value,
    )}> ${title}</label>`
  return page(
    { title: 'Settings', user: me },
    html`<div class="card"><h1>Account security</h1>${note(problem)}<form method="post">
<label class="inline"><input type="checkbox" name="saml" value="on"${checked(saml.enabled)}> SAML login</label>
<label>Metadata retrieval method</label>
${option('url', 'URL')}<input name="metadata_url" aria-label="Metadata URL" type="url" value="${metadata?.mode === 'url' && metadata.url}">
${option('inline', 'Inline')}<textarea name="metadata_xml" aria-label="Metadata XML" spellcheck="false">${metadata?.mode === 'inline' && metadata.xml}</textarea>
<label class="inline"><input type="checkbox" name="provisioning" value="on"${checked(provisioning)}> SAML provisioning</label>
<label class="inline"><input type="checkbox" name="enforce" value="on"${checked(enforce)}> Enforce SAML login</label>
<p class="soft">With Enforce on, only a master_admin can log in with a password. Test the SAML login first.</p>
<button>Save</button></form></div>
<div class="card"><h2>For your identity provider</h2><table>${sp.acs.map(
      (
        acs,
        i,
      ) => html`<tr><th>${i === 0 ? 'Single sign on URL' : 'Other requestable SSO URL'}</th><td><code>${acs.url}</code></td></tr>
<tr><th>Audience URI</th><td><code>${acs.audience}</code></td></tr>`,
    )}<tr><th>Name ID format</th><td>EmailAddress</td></tr></table></div>
<div class="card"><h2>Provisioning API access</h2><table>
<tr><th>Account ID</th><td><code>${sp.accountId}</code></td></tr>
<tr><th>API key</th><td><code>${sp.api.key}</code></td></tr></table></div>
${oauthCard(sp)}`,
  )
}
