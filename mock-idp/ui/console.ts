// @ts-nocheck
// Runs in the browser, as it is: plain JavaScript, because nothing here is built for the page. It only drives the control
// API, as any other client could.
const api = async (path, options = {}) => {
  const answer = await fetch(`/_idpact/v1${path}`, {
    ...options,
    headers: options.body ? { 'content-type': 'application/json' } : {},
  })
  const text = await answer.text()
  const body = text ? JSON.parse(text) : undefined
  if (!answer.ok) throw new Error([body?.error?.message, body?.error?.hint].filter(Boolean).join(' → '))
  return body
}
const post = (path, body) => api(path, { method: 'POST', body: JSON.stringify(body) })

const byId = (id) => document.getElementById(id)

/** An element; strings become text, never markup. */
const el = (name, attributes = {}, ...children) => {
  const node = document.createElement(name)
  for (const [key, value] of Object.entries(attributes))
    if (key.startsWith('on')) node.addEventListener(key.slice(2), value)
    else if (value === true) node.setAttribute(key, '')
    else if (value !== false && value !== undefined) node.setAttribute(key, value)
  node.append(...children.flat().filter((child) => child !== undefined && child !== false))
  return node
}

const state = { org: 'default', user: undefined, users: [], apps: [], faults: [], armed: [], fresh: false }

const nameOf = ({ profile }) =>
  profile.displayName ?? ([profile.firstName, profile.lastName].filter(Boolean).join(' ') || profile.login)

/* Connect */

const copyable = (label, value, ...more) =>
  el(
    'div',
    { class: 'copy' },
    el('label', {}, label),
    el(
      'div',
      {},
      el('output', {}, value),
      el('button', { class: 'quiet', type: 'button', onclick: (event) => copy(event.currentTarget, value) }, 'Copy'),
      ...more,
    ),
  )

const copy = async (button, value) => {
  await navigator.clipboard.writeText(value)
  button.textContent = 'Copied'
  setTimeout(() => {
    button.textContent = 'Copy'
  }, 1200)
}

const showConnect = (org) => {
  const [registration] = org.registrations
  const pem = new Blob([registration.certificatePem], { type: 'application/x-pem-file' })
  byId('connect').replaceChildren(
    copyable('Metadata URL: all that most service providers need', registration.metadataUrl),
    copyable('Single sign-on URL', registration.ssoUrl),
    copyable('Issuer (entity ID)', registration.entityId),
    el(
      'div',
      { class: 'row' },
      el('a', { class: 'button', href: URL.createObjectURL(pem), download: `${org.id}-idp.crt.pem` }, 'Certificate'),
      el('a', { class: 'button', href: new URL(registration.metadataUrl).pathname, target: '_blank' }, 'Metadata'),
      el('a', { class: 'button', href: `/${org.id}/login`, target: '_blank' }, 'Sign in here'),
    ),
  )
}

/* Applications */

const loadApps = async () => {
  state.apps = await api(`/orgs/${state.org}/applications`)
  byId('app-count').textContent = state.apps.length ? String(state.apps.length) : ''
  byId('apps').replaceChildren(
    ...(state.apps.length
      ? state.apps
          .slice(-100)
          .map((app) =>
            el(
              'div',
              { class: 'item' },
              el(
                'div',
                { class: 'text' },
                el('b', {}, app.label),
                el('span', { title: app.saml.ssoUrl }, app.saml.ssoUrl),
              ),
              el(
                'span',
                { class: 'badge' },
                app.everyone ? 'everyone' : app.status === 'ACTIVE' ? 'assigned' : 'inactive',
              ),
              el('a', { class: 'button', href: app.appLink, target: '_blank', title: 'IdP-initiated login' }, 'Open'),
            ),
          )
      : [
          el(
            'p',
            { class: 'muted' },
            'None yet. Log in at your service provider and press the button, or register it here.',
          ),
        ]),
  )
}

/** What most service providers look for; the same that a service provider gets that is registered with its request. */
const starterStatements = {
  attributeStatements: ['email', 'firstName', 'lastName'].map((name) => ({ name, values: [`user.${name}`] })),
  groupAttributeStatements: [{ name: 'groups', filter: { type: 'REGEX', value: '.*' } }],
}

const register = byId('register')
byId('register-open').addEventListener('click', () => {
  register.hidden = !register.hidden
})
for (const tab of register.querySelectorAll('[data-tab]'))
  tab.addEventListener('click', () => {
    for (const other of register.querySelectorAll('[data-tab]'))
      other.setAttribute('aria-selected', String(other === tab))
    for (const field of register.querySelectorAll('[data-for]')) field.hidden = field.dataset.for !== tab.dataset.tab
  })
byId('register-form').addEventListener('submit', async (event) => {
  event.preventDefault()
  const form = event.target
  const data = Object.fromEntries(new FormData(form))
  const tab = register.querySelector('[aria-selected=true]').dataset.tab
  await guarded(form.querySelector('.error'), async () => {
    const at = `/orgs/${state.org}/applications`
    const common = { label: data.label, everyone: true }
    if (tab === 'hand')
      await post(at, { ...common, saml: { ssoUrl: data.ssoUrl, audience: data.audience, ...starterStatements } })
    else if (tab === 'url') await post(`${at}/from-metadata`, { ...common, metadataUrl: data.metadataUrl })
    else {
      const metadataXml = data.file?.size ? await data.file.text() : data.metadataXml
      await post(`${at}/from-metadata`, { ...common, metadataXml })
    }
    form.reset()
    register.hidden = true
    await loadApps()
  })
})

const guarded = async (place, work) => {
  place.hidden = true
  try {
    await work()
  } catch (error) {
    place.textContent = error.message
    place.hidden = false
  }
}

/* People */

const loadPeople = async () => {
  const q = byId('people-q').value
  state.users = await api(`/orgs/${state.org}/users${q ? `?q=${encodeURIComponent(q)}` : ''}`)
  if (!state.user) choose(state.users[0])
  showPeople()
}

const choose = (user) => {
  state.user = user
  byId('fault-for').textContent = user ? `for ${nameOf(user)}` : ''
  showPeople()
  showArmed()
}

const showPeople = () => {
  byId('people-count').textContent = String(state.users.length)
  byId('people').replaceChildren(
    ...state.users
      .slice(0, 200)
      .map((user) =>
        el(
          'div',
          { class: user.id === state.user?.id ? 'item chosen' : 'item' },
          el('div', { class: 'text' }, el('b', {}, nameOf(user)), el('span', {}, user.profile.login)),
          state.armed.some(({ userId }) => userId === user.id) && el('span', { class: 'badge fault' }, 'fault armed'),
          user.status !== 'ACTIVE' && el('span', { class: 'badge' }, user.status.toLowerCase()),
          user.id === state.user?.id
            ? el('span', { class: 'badge' }, 'chosen')
            : el('button', { class: 'quiet', type: 'button', onclick: () => choose(user) }, 'Choose'),
        ),
      ),
  )
}

byId('people-q').addEventListener('input', loadPeople)
byId('person-form').addEventListener('submit', async (event) => {
  event.preventDefault()
  const email = new FormData(event.target).get('email')
  await guarded(byId('person-error'), async () => {
    const user = await post(`/orgs/${state.org}/users`, { profile: { login: email, email } })
    event.target.reset()
    choose(user)
    await loadPeople()
  })
})

/* Faults */

const loadArmed = async () => {
  state.armed = await api(`/orgs/${state.org}/faults`)
  showArmed()
  showPeople()
}

const showArmed = () => {
  const armed = state.armed.filter(({ userId }) => userId === state.user?.id)
  byId('armed').replaceChildren(
    ...(armed.length
      ? [
          el(
            'div',
            { class: 'armed' },
            el('b', {}, `${nameOf(state.user)}’s next Response:`),
            armed.map(({ fault, remaining }) =>
              el('span', { class: 'badge fault' }, remaining === null ? `${fault} (always)` : fault),
            ),
            el('span', { class: 'spacer' }),
            el('button', { class: 'quiet', type: 'button', onclick: clearFaults }, 'Clear'),
          ),
        ]
      : []),
  )
}

const clearFaults = async () => {
  await api(`/orgs/${state.org}/faults?userId=${state.user.id}`, { method: 'DELETE' })
  await loadArmed()
}

const showFaults = () => {
  const q = byId('fault-q').value.toLowerCase()
  const shown = state.faults.filter((fault) => `${fault.id} ${fault.title} ${fault.stage}`.toLowerCase().includes(q))
  byId('faults').replaceChildren(...shown.map(faultItem))
}

const faultItem = (fault) => {
  const inputs = Object.entries(fault.parameters).map(([name, parameter]) => ({
    name,
    parameter,
    input: el('input', {
      placeholder: parameter.type === 'string[]' ? 'one, two' : '',
      'aria-label': `${fault.id}: ${name}`,
    }),
  }))
  const form = el(
    'div',
    { class: 'params', hidden: true },
    inputs.map(({ name, parameter, input }) =>
      el('label', {}, `${name}${parameter.required ? '' : ' (optional)'}: ${parameter.title}`, input),
    ),
  )
  const arm = async () => {
    if (inputs.some(({ parameter, input }) => parameter.required && !input.value)) {
      form.hidden = false
      inputs[0].input.focus()
      return
    }
    await guarded(byId('fault-error'), async () => {
      if (!state.user) throw new Error('Choose or add a person first.')
      const params = Object.fromEntries(
        inputs
          .filter(({ input }) => input.value)
          .map(({ name, parameter, input }) => [name, read(parameter, input.value)]),
      )
      await post(`/orgs/${state.org}/faults`, { userId: state.user.id, fault: fault.id, params })
      await loadArmed()
    })
  }
  return el(
    'div',
    {},
    el(
      'div',
      { class: 'item' },
      el(
        'div',
        { class: 'text' },
        el('span', { class: 'wrap' }, el('code', {}, fault.id)),
        el('span', { class: 'wrap' }, fault.title),
      ),
      el('span', { class: 'badge' }, fault.stage),
      el('button', { class: 'quiet', type: 'button', title: fault.basis.join(', '), onclick: arm }, 'Arm'),
    ),
    form,
  )
}

const read = ({ type }, text) =>
  type === 'number' ? Number(text) : type === 'string[]' ? text.split(',').map((one) => one.trim()) : text

byId('fault-q').addEventListener('input', showFaults)

/* Journal */

const kinds = {
  'metadata-served': ['other', 'metadata'],
  'canary-called': ['wrong', 'canary'],
  'authn-request-accepted': ['received', 'AuthnRequest'],
  'logout-request-accepted': ['received', 'LogoutRequest'],
  'logout-request-refused': ['refused', 'LogoutRequest'],
  'logout-request-sent': ['sent', 'LogoutRequest'],
  'logout-response': ['received', 'LogoutResponse'],
  'authn-request-refused': ['wrong', 'refused'],
  'sign-in': ['other', 'sign-in'],
  'response-sent': ['sent', 'Response'],
  'user-not-assigned': ['wrong', 'not assigned'],
  'service-provider-registered': ['other', 'registered'],
  'directory-reloaded': ['other', 'directory'],
  error: ['wrong', 'error'],
}

const maxShown = 500
state.emptyNote = byId('journal').firstElementChild

const addEntry = (entry) => {
  state.emptyNote?.remove()
  state.emptyNote = undefined
  const [tone, word] = kinds[entry.kind] ?? ['other', entry.kind]
  const faulty = entry.faults?.length > 0
  const open = el('div', { class: 'open' })
  const node = el(
    'details',
    { class: `entry ${faulty ? 'wrong' : tone}${state.fresh ? ' fresh' : ''}` },
    el(
      'summary',
      {},
      el('time', { datetime: entry.at, title: entry.at }, entry.at.slice(11, 23)),
      el('span', { class: 'kind' }, word),
      el('span', { class: 'summary' }, entry.summary),
      el('span', {}, faulty && entry.faults.map((fault) => el('span', { class: 'badge fault' }, fault))),
    ),
    open,
  )
  node.dataset.text = JSON.stringify(entry).toLowerCase()
  // Built when opened: most entries are never looked into.
  node.addEventListener('toggle', () => open.childElementCount || open.append(...opened(entry)), { once: true })
  node.hidden = !matches(node)
  byId('journal').prepend(node)
  while (byId('journal').childElementCount > maxShown) byId('journal').lastElementChild.remove()
  if (entry.kind === 'response-sent' && state.fresh) void loadArmed()
  if (entry.kind === 'service-provider-registered' && state.fresh) void loadApps()
}

const opened = (entry) => [
  el(
    'dl',
    { class: 'facts' },
    Object.entries({ ...(entry.requestId && { requestId: entry.requestId }), ...entry.details }).flatMap(
      ([name, value]) => [
        el('dt', {}, name),
        el(
          'dd',
          {},
          value !== null && typeof value === 'object' && !Array.isArray(value) ? table(value) : plain(value),
        ),
      ],
    ),
  ),
  ...(entry.xml ? [el('pre', { class: 'xml' }, ...highlighted(entry.xml))] : []),
]

const plain = (value) => (Array.isArray(value) ? value.join(', ') : String(value))

const table = (value) =>
  Object.keys(value).length === 0
    ? 'none'
    : el(
        'ul',
        { class: 'values' },
        Object.entries(value).map(([name, member]) => el('li', {}, el('b', {}, `${name} `), plain(member))),
      )

/** Indented and coloured; only white space between elements is added. */
const highlighted = (xml) => {
  const out = []
  let depth = 0
  let inSignature = false
  const tokens = xml.match(/<[^>]+>|[^<]+/g) ?? []
  tokens.forEach((token, i) => {
    if (!token.startsWith('<')) {
      out.push(el('span', { class: inSignature ? 'sig' : '' }, token.trim() === '' ? '' : token))
      return
    }
    const closing = token.startsWith('</')
    if (closing) depth--
    const afterText = i > 0 && !tokens[i - 1].startsWith('<')
    const leaf = closing && (afterText || (i > 0 && /^<[^/?!]/.test(tokens[i - 1]) && !tokens[i - 1].endsWith('/>')))
    if (i > 0 && !leaf) out.push(`\n${'  '.repeat(depth)}`)
    if (/SignatureValue|X509Certificate|DigestValue/.test(token)) inSignature = !closing
    out.push(...tag(token))
    if (/^<[^/?!]/.test(token) && !token.endsWith('/>')) depth++
  })
  return out
}

const tag = (token) =>
  [...token.matchAll(/(^<[/?!]?[\w:.-]+)|([\w:.-]+)(=)("[^"]*"|'[^']*')|([/?]?>$)|(\s+)|(.)/g)].flatMap(
    ([whole, open, name, equals, value, close]) => {
      if (open || close) return [el('span', { class: 't' }, whole)]
      if (name)
        return [el('span', { class: 'a' }, name), el('span', { class: 'p' }, equals), el('span', { class: 'v' }, value)]
      return [whole]
    },
  )

const matches = (node) => node.dataset.text.includes(byId('journal-q').value.toLowerCase())
byId('journal-q').addEventListener('input', () => {
  for (const node of byId('journal').querySelectorAll('.entry')) node.hidden = !matches(node)
})
byId('journal-clear').addEventListener('click', () => byId('journal').replaceChildren())

const follow = () => {
  state.feed?.close()
  state.fresh = false
  const feed = new EventSource(`/_idpact/v1/orgs/${state.org}/journal/stream?since=0`)
  state.feed = feed
  feed.onopen = () => {
    byId('live').textContent = 'live'
    byId('live').classList.add('on')
    setTimeout(() => {
      state.fresh = true
    }, 400)
  }
  feed.onerror = () => {
    byId('live').textContent = 'not connected, trying again'
    byId('live').classList.remove('on')
  }
  feed.onmessage = ({ data }) => addEntry(JSON.parse(data))
}

/* Start */

const openOrg = async (id) => {
  state.org = id
  state.user = undefined
  byId('journal').replaceChildren()
  if (state.emptyNote) byId('journal').append(state.emptyNote)
  follow()
  showConnect(await api(`/orgs/${id}`))
  await Promise.all([loadApps(), loadPeople()])
  await loadArmed()
}

const start = async () => {
  const orgs = await api('/orgs')
  byId('org').replaceChildren(...orgs.map(({ id }) => el('option', { value: id }, id)))
  byId('org').addEventListener('change', (event) => openOrg(event.target.value))
  state.faults = await api('/faults')
  showFaults()
  await openOrg(orgs[0].id)
}

await start()
