/**
 * The typed HTTP client of the mock IdP's control API: what steps, tests and users drive it with. It knows nothing of the
 * server's code but the shapes, so it works against a mock IdP in another process or on a shared host.
 */
import type { Dispatcher } from 'undici'
import { type ErrorDetails, IdpactError, UsageError } from '../src/core/errors.ts'
import type { Profile } from './admin/profile-shapes.ts'
import type {
  Application,
  ApplicationChange,
  ArmedFault,
  FaultInfo,
  Group,
  GroupChange,
  JournalEntry,
  LogoutRequest,
  NewApplication,
  NewArmedFault,
  NewGroup,
  NewLogoutRequest,
  NewOrg,
  NewRegistration,
  NewUser,
  Org,
  Registration,
  Session,
  User,
  UserChange,
} from './admin/schema.ts'
import { type Caller, createProvisioningClient, type ProvisioningClient, path, query } from './provisioning-client.ts'

/**
 * Whether a journal entry is a fetch of metadata by somebody else than idpact: by the SP. Requests of idpact's own browser
 * and client name it at the end of their user agent's name.
 */
export const isFetchOfOthers = ({ kind, summary }: Pick<JournalEntry, 'kind' | 'summary'>): boolean =>
  kind === 'metadata-served' && !/\bidpact\)?$/.test(summary)

export interface MockIdpClient {
  readonly url: string
  /** The org with this id; no request is made. */
  org(id: string): OrgClient
  orgs: {
    list(): Promise<Org[]>
    create(org: NewOrg): Promise<Org>
    get(id: string): Promise<Org>
    remove(id: string): Promise<void>
  }
  /** Everything that the mock IdP can get wrong. */
  faultCatalogue(): Promise<FaultInfo[]>
}

/** One org of a mock IdP; what is about provisioning is in `provisioning-client.ts`. */
export interface OrgClient extends ProvisioningClient {
  readonly id: string
  users: {
    create(user: NewUser): Promise<User>
    get(id: string): Promise<User>
    /** All, or those whose login, e-mail or name contains `q`. */
    list(q?: string): Promise<User[]>
    update(id: string, change: UserChange): Promise<User>
    remove(id: string): Promise<void>
  }
  groups: {
    create(group: NewGroup): Promise<Group>
    list(): Promise<Group[]>
    /** A member of the profile set to null is removed. */
    update(id: string, change: GroupChange): Promise<Group>
    remove(id: string): Promise<void>
    members(id: string): Promise<User[]>
    addMember(groupId: string, userId: string): Promise<void>
    removeMember(groupId: string, userId: string): Promise<void>
  }
  registrations: { list(): Promise<Registration[]>; create(registration: NewRegistration): Promise<Registration> }
  applications: {
    create(application: NewApplication): Promise<Application>
    /** From an SP's metadata, as XML. */
    createFromMetadata(label: string, metadataXml: string): Promise<Application>
    get(id: string): Promise<Application>
    list(): Promise<Application[]>
    update(id: string, change: ApplicationChange): Promise<Application>
    remove(id: string): Promise<void>
    /** Also of a person who is assigned already: the values typed at assignment are replaced where some are given. */
    assignUser(applicationId: string, userId: string, values?: { profile: Profile }): Promise<void>
    unassignUser(applicationId: string, userId: string): Promise<void>
    /** A priority of 0 is the highest; a group without one comes last. */
    assignGroup(
      applicationId: string,
      groupId: string,
      values?: { profile?: Profile; priority?: number },
    ): Promise<void>
    unassignGroup(applicationId: string, groupId: string): Promise<void>
    /** A LogoutRequest for somebody who has logged in there, for a test to carry to the SP. */
    logoutRequest(applicationId: string, wanted: NewLogoutRequest): Promise<LogoutRequest>
  }
  /** A signed-in browser without a browser: set the cookie, and SSO needs no sign-in page. */
  sessions: {
    create(userId: string): Promise<Session>
    /** For a user who is made with it, in one call. */
    createForNewUser(user: NewUser): Promise<Session>
  }
  faults: {
    arm(fault: NewArmedFault): Promise<ArmedFault>
    list(): Promise<ArmedFault[]>
    /** Those of one user, or all. */
    clear(userId?: string): Promise<void>
  }
  journal: {
    /** Entries after `since`, oldest first. Says so (`evicted`) when entries in that range are gone already. */
    read(query?: { since?: number; userId?: string; applicationId?: string; limit?: number }): Promise<JournalPage>
  }
  /** The metadata XML of a registration, as an SP would fetch it. */
  metadata(
    registrationId?: string,
    options?: { singleLogout?: boolean; rollover?: boolean; weakKey?: boolean },
  ): Promise<string>
  /** The whole directory as the YAML that `idpact idp --directory` reads. */
  directoryYaml(): Promise<string>
}

export interface JournalPage {
  entries: JournalEntry[]
  /** The `since` of the next read. */
  next: number
  evicted: boolean
}

/** The mock IdP refused a call, or could not be reached (`status` 0). `code`, message and hint are the server's own. */
export class MockIdpError extends IdpactError {
  readonly status: number
  constructor(message: string, details: ErrorDetails & { status: number }) {
    super(message, details)
    this.status = details.status
  }
}

export interface MockIdpClientOptions {
  /** Where the mock IdP is: `http://127.0.0.1:7100`. */
  url: string
  /** PEM of the authority or certificate to trust, for `--tls` with a certificate of one's own. */
  ca?: string | undefined
  /** Per request, in ms; 15 s when left out. */
  timeoutMs?: number | undefined
}

/**
 * A client for a mock IdP, here or elsewhere.
 *
 * @throws UsageError `bad-url`; later, from each call, {@link MockIdpError}
 * @example
 * const idp = createMockIdpClient({ url: 'http://127.0.0.1:7100' })
 * const user = await idp.org('default').users.create({ profile: { login: 'ada@example.test', email: 'ada@example.test' } })
 */
export const createMockIdpClient = (options: MockIdpClientOptions): MockIdpClient => {
  if (!/^https?:$/.test(URL.parse(options.url)?.protocol ?? ''))
    throw new UsageError(`The URL of the mock IdP is not an http(s) URL: ${JSON.stringify(options.url)}`, {
      code: 'bad-url',
      hint: 'Give the address that "idpact idp" prints, such as http://127.0.0.1:7100.',
    })
  const url = options.url.replace(/\/+$/, '')
  const api = caller(url, options)
  return {
    url,
    org: (id) => orgClient(id, api),
    orgs: {
      list: () => api.get('/orgs'),
      create: (org) => api.post('/orgs', org),
      get: (id) => api.get(path`/orgs/${id}`),
      remove: (id) => api.delete(path`/orgs/${id}`),
    },
    faultCatalogue: () => api.get('/faults'),
  }
}

const orgClient = (org: string, api: WholeCaller): OrgClient => {
  const at = path`/orgs/${org}`
  const assignment = (app: string, kind: 'users' | 'groups', id: string) =>
    `${at}${path`/applications/${app}/`}${kind}${path`/${id}`}`
  return {
    id: org,
    ...createProvisioningClient(at, api),
    users: {
      create: (user) => api.post(`${at}/users`, user),
      get: (id) => api.get(at + path`/users/${id}`),
      list: (q) => api.get(`${at}/users${query({ q })}`),
      update: (id, change) => api.patch(at + path`/users/${id}`, change),
      remove: (id) => api.delete(at + path`/users/${id}`),
    },
    groups: {
      create: (group) => api.post(`${at}/groups`, group),
      list: () => api.get(`${at}/groups`),
      update: (id, change) => api.patch(at + path`/groups/${id}`, change),
      remove: (id) => api.delete(at + path`/groups/${id}`),
      members: (id) => api.get(at + path`/groups/${id}/users`),
      addMember: (id, user) => api.put(at + path`/groups/${id}/users/${user}`),
      removeMember: (id, user) => api.delete(at + path`/groups/${id}/users/${user}`),
    },
    registrations: {
      list: () => api.get(`${at}/registrations`),
      create: (registration) => api.post(`${at}/registrations`, registration),
    },
    applications: {
      create: (application) => api.post(`${at}/applications`, application),
      createFromMetadata: (label, metadataXml) => api.post(`${at}/applications/from-metadata`, { label, metadataXml }),
      get: (id) => api.get(at + path`/applications/${id}`),
      list: () => api.get(`${at}/applications`),
      update: (id, change) => api.patch(at + path`/applications/${id}`, change),
      remove: (id) => api.delete(at + path`/applications/${id}`),
      assignUser: (id, user, values) => api.put(assignment(id, 'users', user), values),
      unassignUser: (id, user) => api.delete(assignment(id, 'users', user)),
      assignGroup: (id, group, values) => api.put(assignment(id, 'groups', group), values),
      unassignGroup: (id, group) => api.delete(assignment(id, 'groups', group)),
      logoutRequest: (id, wanted) => api.post(`${at}${path`/applications/${id}`}/logout-requests`, wanted),
    },
    sessions: {
      create: (userId) => api.post(`${at}/sessions`, { userId }),
      createForNewUser: (user) => api.post(`${at}/sessions`, { user }),
    },
    faults: {
      arm: (fault) => api.post(`${at}/faults`, fault),
      list: () => api.get(`${at}/faults`),
      clear: (userId) => api.delete(`${at}/faults${query({ userId })}`),
    },
    journal: { read: (wanted = {}) => api.get(`${at}/journal${query(wanted)}`) },
    metadata: async (registrationId, { singleLogout, rollover, weakKey } = {}) => {
      const registrations: Registration[] = await api.get(`${at}/registrations`)
      const found = registrationId ? registrations.find(({ id }) => id === registrationId) : registrations[0]
      if (!found)
        throw new MockIdpError(`There is no registration "${registrationId}" in the org "${org}"`, {
          code: 'not-found',
          status: 404,
          hint: `There are: ${registrations.map(({ id }) => id).join(', ')}.`,
        })
      return api.text(
        new URL(found.metadataUrl).pathname +
          query({
            slo: singleLogout || undefined,
            rollover: rollover || undefined,
            'weak-key': weakKey || undefined,
          }),
      )
    },
    directoryYaml: () => api.text(`/_idpact/v1${at}/directory`),
  }
}

interface WholeCaller extends Caller {
  /** Any address of the server, as text. */
  text(path: string): Promise<string>
}

/** How long a call may take that waits for a service provider: an import, or until nothing is left to push. */
const longestWaitMs = 600_000

const caller = (base: string, { ca, timeoutMs = 15_000 }: MockIdpClientOptions): WholeCaller => {
  // undici loads with the first call: half the CPU of the global fetch, but not for whoever only starts a server.
  let ready: Promise<{ undici: typeof import('undici'); dispatcher: Dispatcher | undefined }> | undefined
  const load = async () => {
    const undici = await import('undici')
    return { undici, dispatcher: ca === undefined ? undefined : new undici.Agent({ connect: { ca } }) }
  }
  const send = async (
    method: string,
    url: string,
    body?: unknown,
    patienceMs = timeoutMs,
  ): Promise<{ status: number; text: string }> => {
    ready ??= load()
    const { undici, dispatcher } = await ready
    try {
      const answer = await undici.request(url, {
        method,
        headersTimeout: patienceMs,
        bodyTimeout: patienceMs,
        ...(dispatcher && { dispatcher }),
        // Named, so that a journal tells what its own users ask for from what service providers ask for.
        headers: {
          accept: 'application/json',
          'user-agent': 'idpact',
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      })
      return { status: answer.statusCode, text: await answer.body.text() }
    } catch (cause) {
      throw unreachable(base, method, url, cause)
    }
  }
  const call = async (method: string, path: string, body?: unknown, patienceMs?: number): Promise<unknown> => {
    const url = `${base}/_idpact/v1${path}`
    const { status, text } = await send(method, url, body, patienceMs)
    if (status >= 400) throw refused(method, url, status, text)
    return text === '' ? undefined : parse(text, url)
  }
  return {
    // The server checks what it is sent and answers in the shapes of admin/schema.ts, which the types are made from.
    get: <T>(path: string) => call('GET', path) as Promise<T>,
    post: <T>(path: string, body: unknown) => call('POST', path, body) as Promise<T>,
    waitFor: <T>(method: 'GET' | 'POST', path: string, body?: unknown) =>
      call(method, path, body, longestWaitMs) as Promise<T>,
    patch: <T>(path: string, body: unknown) => call('PATCH', path, body) as Promise<T>,
    put: <T>(path: string, body?: unknown) => call('PUT', path, body) as Promise<T>,
    delete: async (path) => {
      await call('DELETE', path)
    },
    text: async (path) => {
      const { status, text } = await send('GET', base + path)
      if (status >= 400) throw refused('GET', base + path, status, text)
      return text
    },
  }
}

const unreachable = (base: string, method: string, url: string, cause: unknown): MockIdpError => {
  const reason = cause instanceof Error ? ((cause as NodeJS.ErrnoException).code ?? cause.message) : String(cause)
  if (reason === 'UND_ERR_HEADERS_TIMEOUT' || reason === 'UND_ERR_BODY_TIMEOUT')
    return new MockIdpError(`The mock IdP at ${base} has not answered in time (${method} ${url})`, {
      code: 'mock-idp-timeout',
      status: 0,
      hint: 'It is there, and still at it: its tasks say what it waits for.',
      cause,
    })
  return new MockIdpError(`No mock IdP answers at ${base} (${method} ${url}: ${reason})`, {
    code: 'mock-idp-unreachable',
    status: 0,
    hint: 'Is it running there? "idpact idp" prints its address.',
    cause,
  })
}

const refused = (method: string, url: string, status: number, text: string): MockIdpError => {
  const told = (
    text.startsWith('{') ? (parse(text, url) as { error?: Partial<ErrorDetails> & { message?: string } }) : {}
  ).error
  return new MockIdpError(`${told?.message ?? `Answer ${status}`} (${method} ${url})`, {
    code: told?.code ?? 'unexpected-answer',
    hint: told?.hint ?? (told ? undefined : 'That is no answer of a mock IdP. Is the URL right?'),
    status,
  })
}

const parse = (text: string, url: string): unknown => {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new MockIdpError(`The answer of ${url} is not JSON`, {
      code: 'unexpected-answer',
      status: 200,
      hint: 'That is no answer of a mock IdP. Is the URL right?',
      cause,
    })
  }
}
