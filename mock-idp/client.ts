/**
 * The typed HTTP client of the mock IdP's control API: what steps, tests and users drive it with. It knows nothing of the
 * server's code but the shapes, so it works against a mock IdP in another process or on a shared host.
 */
import type {
  Application,
  ApplicationChange,
  ArmedFault,
  FaultInfo,
  Group,
  JournalEntry,
  NewApplication,
  NewArmedFault,
  NewGroup,
  NewOrg,
  NewRegistration,
  NewUser,
  Org,
  Registration,
  Session,
  User,
  UserChange,
} from './admin/schema.ts'

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

export interface OrgClient {
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
    assignUser(applicationId: string, userId: string): Promise<void>
    unassignUser(applicationId: string, userId: string): Promise<void>
    assignGroup(applicationId: string, groupId: string): Promise<void>
    unassignGroup(applicationId: string, groupId: string): Promise<void>
  }
  /** A signed-in browser without a browser: set the cookie, and SSO needs no sign-in page. */
  sessions: { create(userId: string): Promise<Session> }
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
  metadata(registrationId?: string): Promise<string>
}

export interface JournalPage {
  entries: JournalEntry[]
  /** The `since` of the next read. */
  next: number
  evicted: boolean
}
