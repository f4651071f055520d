/**
 * The part of the client that is about provisioning: what an administrator of Okta does on the Provisioning, Assignments,
 * Push Groups and Import tabs and in the Profile Editor. `client.ts` hands it out as `org(id)`.
 */
import type { AppAttribute, OktaAttribute, Profile } from './admin/profile-shapes.ts'
import type {
  ArmedScimFault,
  Connection,
  ImportCandidate,
  ImportConfirmation,
  ImportRun,
  NewArmedScimFault,
  NewConnection,
  NewProvisioning,
  NewPushedGroup,
  NewPushRule,
  NewTokens,
  Provisioning,
  PushedGroup,
  PushRule,
  ScimAnswer,
  ScimCall,
  Task,
  TaskCounts,
} from './admin/provisioning-shapes.ts'

/** Where a value of an application profile comes from. */
export interface ExplainedValue {
  attribute: string
  value: unknown
  /** In words: `typed for this person`, `mapping user.cld_role`, `group Design (typed at its assignment)`. */
  source: string
}

/** A field of the form that assigns a person or a group. */
export interface FormField extends Pick<AppAttribute, 'type' | 'enum' | 'required'> {
  attribute: string
  title: string
  description?: string
  /** What it is filled in with, and where that is from. */
  value?: unknown
  source?: string
}

export interface GroupAssignment {
  groupId: string
  /** 0 is the highest. */
  priority: number
  profile: Profile
}

export interface ProvisioningClient {
  /** Custom attributes of the Okta user and of the Okta group. */
  attributes: {
    ofUsers(): Promise<OktaAttribute[]>
    setOfUsers(attributes: readonly OktaAttribute[]): Promise<OktaAttribute[]>
    ofGroups(): Promise<OktaAttribute[]>
    setOfGroups(attributes: readonly OktaAttribute[]): Promise<OktaAttribute[]>
  }
  /** The SCIM connection of a registration; the org's first one when no id is given. */
  connection: {
    get(registrationId?: string): Promise<Connection>
    set(connection: NewConnection, registrationId?: string): Promise<Connection>
    remove(registrationId?: string): Promise<void>
    /** Okta's "Test API Credentials": reads two users and the groups. @throws MockIdpError with what the SP said */
    test(registrationId?: string): Promise<void>
    /** OAuth 2: where a browser must go to consent. */
    authorizationUrl(registrationId?: string): Promise<string>
    /** OAuth 2 without a browser here: tokens that were got elsewhere. */
    setTokens(tokens: NewTokens, registrationId?: string): Promise<Connection>
    /** OAuth 2: the tokens as they are now. Servers that rotate give new ones at each refresh: whoever brought tokens keeps these. */
    tokens(registrationId?: string): Promise<NewTokens>
    /** A call to the SCIM server with the connection's credential. */
    call(call: ScimCall, registrationId?: string): Promise<ScimAnswer>
  }
  /** Provisioning of an application: persona, switches, attributes, mappings. `set` replaces the whole of it. */
  provisioning: {
    get(applicationId: string): Promise<Provisioning>
    set(applicationId: string, provisioning: NewProvisioning): Promise<Provisioning>
    /** "Provision User": who was assigned before provisioning was on. Returns how many tasks that made. */
    provisionAssigned(applicationId: string): Promise<number>
    /** Sync Password: the new password goes to the SP. */
    setPassword(applicationId: string, userId: string, password: string): Promise<void>
    /** A person's application profile, each value with its source. */
    profile(applicationId: string, userId: string): Promise<ExplainedValue[]>
    /** The assignment form, pre-filled. */
    form(applicationId: string, of: { userId: string } | { groupId: string }): Promise<FormField[]>
    groupAssignments(applicationId: string): Promise<GroupAssignment[]>
  }
  pushedGroups: {
    list(applicationId: string): Promise<PushedGroup[]>
    push(applicationId: string, group: NewPushedGroup): Promise<PushedGroup>
    pushNow(applicationId: string, pushedGroupId: string): Promise<void>
    setStatus(applicationId: string, pushedGroupId: string, status: 'ACTIVE' | 'INACTIVE'): Promise<PushedGroup>
    /** Ends the link; the group at the SP stays unless it is to be deleted. */
    unlink(applicationId: string, pushedGroupId: string, options: { deleteAtSp: boolean }): Promise<void>
    rules(applicationId: string): Promise<PushRule[]>
    addRule(applicationId: string, rule: NewPushRule): Promise<PushRule>
    setRuleStatus(applicationId: string, ruleId: string, status: 'ACTIVE' | 'INACTIVE'): Promise<PushRule>
    removeRule(applicationId: string, ruleId: string, options: { unlinkGroups: boolean }): Promise<void>
  }
  /** Mistakes that the SCIM client makes on purpose in an application's next requests: `idpact faults` lists them. */
  scimFaults: {
    arm(applicationId: string, fault: NewArmedScimFault): Promise<ArmedScimFault>
    list(applicationId: string): Promise<ArmedScimFault[]>
    clear(applicationId: string): Promise<void>
  }
  imports: {
    /** "Import Now"; waits until it is done. @throws MockIdpError when it failed */
    run(applicationId: string): Promise<ImportRun>
    /** Users of the SP that Okta does not have yet. */
    candidates(applicationId: string): Promise<ImportCandidate[]>
    confirm(applicationId: string, candidateId: string, how: ImportConfirmation): Promise<{ userId: string }>
    ignore(applicationId: string, candidateId: string): Promise<void>
  }
  tasks: {
    list(query?: { applicationId?: string; state?: Task['state'] }): Promise<Task[]>
    /** A failed or blocked task goes on, once. */
    retry(taskId: string): Promise<void>
    /** Resolves when nothing is queued or running any more, for one application or the org. */
    idle(applicationId?: string): Promise<TaskCounts>
    /** Moves the application's own clock: waiting retries and scheduled imports become due. */
    advance(applicationId: string, ms: number): Promise<TaskCounts>
  }
}

/** The calls that a client is made of: paths below `/_idpact/v1`, JSON both ways. */
export interface Caller {
  get<T>(path: string): Promise<T>
  post<T>(path: string, body: unknown): Promise<T>
  /** A call that waits for a service provider, and so for longer than others. */
  waitFor<T>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<T>
  patch<T>(path: string, body: unknown): Promise<T>
  put<T = void>(path: string, body?: unknown): Promise<T>
  delete(path: string): Promise<void>
}

/** Every interpolated value is one path segment. */
export const path = (strings: TemplateStringsArray, ...values: string[]): string =>
  strings.reduce((out, s, i) => out + encodeURIComponent(values[i - 1] ?? '') + s)

/** A query string of the values that are given. */
export const query = (values: Readonly<Record<string, string | number | boolean | undefined>>): string => {
  const given = Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]))
  return given.length === 0 ? '' : `?${new URLSearchParams(given)}`
}

/** @param at path of the org: `/orgs/default` */
export const createProvisioningClient = (at: string, api: Caller): ProvisioningClient => {
  const app = (id: string): string => at + path`/applications/${id}`
  // `default` stands for the org's first registration.
  const connection = (id = 'default'): string => at + path`/registrations/${id}/connection`
  const pushed = (applicationId: string, id: string): string => app(applicationId) + path`/pushed-groups/${id}`
  const rule = (applicationId: string, id: string): string => app(applicationId) + path`/push-rules/${id}`
  return {
    attributes: {
      ofUsers: () => api.get(`${at}/attributes/user`),
      setOfUsers: (attributes) => api.put(`${at}/attributes/user`, attributes),
      ofGroups: () => api.get(`${at}/attributes/group`),
      setOfGroups: (attributes) => api.put(`${at}/attributes/group`, attributes),
    },
    connection: {
      get: (id) => api.get(connection(id)),
      set: (settings, id) => api.put(connection(id), settings),
      remove: (id) => api.delete(connection(id)),
      test: (id) => api.post(`${connection(id)}/test`, {}),
      authorizationUrl: async (id) => (await api.post<{ url: string }>(`${connection(id)}/authorization`, {})).url,
      setTokens: (tokens, id) => api.put(`${connection(id)}/tokens`, tokens),
      tokens: (id) => api.get(`${connection(id)}/tokens`),
      call: (call, id) => api.post(`${connection(id)}/call`, call),
    },
    provisioning: {
      get: (id) => api.get(`${app(id)}/provisioning`),
      set: (id, settings) => api.put(`${app(id)}/provisioning`, settings),
      provisionAssigned: async (id) =>
        (await api.post<{ tasks: number }>(`${app(id)}/provisioning/provision-assigned`, {})).tasks,
      setPassword: (id, userId, password) => api.put(app(id) + path`/users/${userId}/password`, { password }),
      profile: (id, userId) => api.get(app(id) + path`/users/${userId}/profile`),
      form: (id, of) =>
        api.get('userId' in of ? app(id) + path`/users/${of.userId}/form` : app(id) + path`/groups/${of.groupId}/form`),
      groupAssignments: (id) => api.get(`${app(id)}/groups`),
    },
    pushedGroups: {
      list: (id) => api.get(`${app(id)}/pushed-groups`),
      push: (id, group) => api.post(`${app(id)}/pushed-groups`, group),
      pushNow: (id, pushedId) => api.post(`${pushed(id, pushedId)}/push-now`, {}),
      setStatus: (id, pushedId, status) => api.patch(pushed(id, pushedId), { status }),
      unlink: (id, pushedId, { deleteAtSp }) => api.delete(pushed(id, pushedId) + query({ deleteAtSp })),
      rules: (id) => api.get(`${app(id)}/push-rules`),
      addRule: (id, wanted) => api.post(`${app(id)}/push-rules`, wanted),
      setRuleStatus: (id, ruleId, status) => api.patch(rule(id, ruleId), { status }),
      removeRule: (id, ruleId, { unlinkGroups }) => api.delete(rule(id, ruleId) + query({ unlinkGroups })),
    },
    scimFaults: {
      arm: (id, fault) => api.post(`${app(id)}/scim-faults`, fault),
      list: (id) => api.get(`${app(id)}/scim-faults`),
      clear: (id) => api.delete(`${app(id)}/scim-faults`),
    },
    imports: {
      run: (id) => api.waitFor('POST', `${app(id)}/imports`, {}),
      candidates: (id) => api.get(`${app(id)}/import-candidates`),
      confirm: (id, candidate, how) => api.post(app(id) + path`/import-candidates/${candidate}/confirmation`, how),
      ignore: (id, candidate) => api.post(app(id) + path`/import-candidates/${candidate}/ignore`, {}),
    },
    tasks: {
      list: (wanted = {}) => api.get(`${at}/tasks${query(wanted)}`),
      retry: (id) => api.post(at + path`/tasks/${id}/retry`, {}),
      idle: (applicationId) => api.waitFor('GET', `${at}/tasks/idle${query({ applicationId })}`),
      advance: (id, ms) => api.post(`${app(id)}/clock`, { ms }),
    },
  }
}
