import { readFileSync, watch } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import { ConfigError } from '../../src/core/errors.ts'
import type { Provisioning } from '../admin/provisioning-shapes.ts'
import type { Group, User } from '../admin/schema.ts'
import { type IdpContext, orgOf, registrationOf } from '../http/context.ts'
import { changing } from '../provisioning/change.ts'
import { newApplicationId, newGroupId, newUserId } from '../store/ids.ts'
import type { Store } from '../store/store.ts'
import { readDirectoryFile } from './read.ts'
import type { DirectoryFile } from './schema.ts'

type Context = Pick<IdpContext, 'store' | 'logger' | 'provisioning'>

/**
 * Makes an org's directory what the file says. Users, groups and applications keep their ids by login, name and label;
 * what the file no longer has is removed, because the file is the whole directory.
 *
 * @throws ConfigError with line and column; nothing is changed then
 */
export const applyDirectoryFile = (ctx: Context, org: string, file: string): void => {
  const { store } = ctx
  const directory = readDirectoryFile(file, read(file))
  const registrationId = registrationOf({ store } as IdpContext, orgOf({ store } as IdpContext, org)).id
  // Whom an application provisions is told of what the file changes, as of any other change.
  const affected = store.provisioning.any(org)
    ? { users: store.users.list(org).map(({ id }) => id), groups: store.groups.list(org).map(({ id }) => id) }
    : {}
  changing(
    ctx,
    org,
    affected,
    () => {
      const { users, groups } = directory.attributes
      if (users !== undefined) store.orgs.setAttributes(org, 'user', users)
      if (groups !== undefined) store.orgs.setAttributes(org, 'group', groups)
      const userIds = applyUsers(store, org, directory.users)
      const groupIds = applyGroups(store, org, directory.groups, userIds)
      applyApplications(store, org, registrationId, directory.applications, userIds, groupIds)
      return { users: [...userIds.values()], groups: [...groupIds.values()] }
    },
    (now) => now,
  )
}

const read = (file: string): string => {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new ConfigError(`The directory file ${file} cannot be read: ${(cause as Error).message}`, {
      code: 'unreadable-file',
      hint: 'Check the path given with --directory. "idpact okta export" writes such a file.',
      cause,
    })
  }
}

const applyUsers = (store: Store, org: string, users: DirectoryFile['users']): Map<string, string> => {
  const ids = new Map<string, string>()
  for (const { status, ...attributes } of users) {
    // The rest has the shape of a profile: only the two members that it lacks are dealt with here.
    const profile = { ...attributes, email: attributes.email ?? attributes.login } as User['profile']
    const before = store.users.byLogin(org, profile.login)
    const user = { id: before?.id ?? newUserId(), status, profile }
    if (before) store.users.update(org, user)
    else store.users.create(org, user)
    ids.set(profile.login.toLowerCase(), user.id)
  }
  const kept = new Set(ids.values())
  for (const { id } of store.users.list(org)) if (!kept.has(id)) store.users.remove(org, id)
  return ids
}

const applyGroups = (
  store: Store,
  org: string,
  groups: DirectoryFile['groups'],
  userIds: ReadonlyMap<string, string>,
): Map<string, string> => {
  const ids = new Map<string, string>()
  for (const { members, ...profile } of groups) {
    const before = store.groups.byName(org, profile.name)
    const group = { id: before?.id ?? newGroupId(), profile: profile as Group['profile'] }
    if (before) store.groups.update(org, group)
    else store.groups.create(org, group)
    ids.set(profile.name, group.id)
    const wanted = idsOf(
      members.map((login) => login.toLowerCase()),
      userIds,
    )
    const staying = new Set(wanted)
    for (const id of before ? store.groups.memberIds(group.id) : [])
      if (!staying.has(id)) store.groups.removeMember(group.id, id)
    for (const id of wanted) store.groups.addMember(group.id, id)
  }
  const kept = new Set(ids.values())
  for (const { id } of store.groups.list(org)) if (!kept.has(id)) store.groups.remove(org, id)
  return ids
}

const applyApplications = (
  store: Store,
  org: string,
  registrationId: string,
  applications: DirectoryFile['applications'],
  userIds: ReadonlyMap<string, string>,
  groupIds: ReadonlyMap<string, string>,
): void => {
  const kept = new Set<string>()
  for (const { label, status, saml, provisioning, assign } of applications) {
    const before = store.applications.byLabel(org, label)
    const everyone = assign === 'everyone'
    const app = {
      id: before?.id ?? newApplicationId(),
      registrationId: before?.registrationId ?? registrationId,
      ...{ label, status, saml, everyone },
    }
    if (before) store.applications.update(org, app)
    else store.applications.create(org, app)
    kept.add(app.id)
    if (provisioning !== undefined) applyProvisioning(store, app.id, provisioning)
    const users = everyone
      ? []
      : idsOf(
          assign.users.map((login) => login.toLowerCase()),
          userIds,
        )
    const groups = everyone ? [] : idsOf(assign.groups, groupIds)
    for (const id of store.applications.userIds(app.id))
      if (!users.includes(id)) store.applications.unassignUser(app.id, id)
    for (const id of store.applications.groupIds(app.id))
      if (!groups.includes(id)) store.applications.unassignGroup(app.id, id)
    for (const id of users) store.applications.assignUser(app.id, id)
    for (const id of groups) store.applications.assignGroup(app.id, id)
  }
  for (const { id } of store.applications.list(org)) if (!kept.has(id)) store.applications.remove(org, id)
}

/** The application's clock and schedule go on. */
const applyProvisioning = (store: Store, applicationId: string, settings: Provisioning): void => {
  const { clockOffsetMs = 0, nextImport } = store.provisioning.get(applicationId) ?? {}
  store.provisioning.put({ applicationId, settings, clockOffsetMs, nextImport })
}

const idsOf = (names: readonly string[], ids: ReadonlyMap<string, string>): string[] =>
  names.map((name) => ids.get(name)).filter((id) => id !== undefined)

const settleMs = 50

/**
 * Applies the file again when it changes. A file that is wrong at that moment changes nothing; the journal and the log
 * say what is wrong.
 *
 * @returns how to stop
 */
export const watchDirectoryFile = (
  ctx: Context & Pick<IdpContext, 'journal'>,
  org: string,
  file: string,
): (() => void) => {
  const path = resolve(file)
  let timer: NodeJS.Timeout | undefined
  let seen = read(path)
  const reload = (): void => {
    try {
      const now = read(path)
      if (now === seen) return
      seen = now
      applyDirectoryFile(ctx, org, file)
      ctx
        .journal(org)
        .append({ kind: 'directory-reloaded', summary: `The directory was read again from ${file}`, details: { file } })
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      ctx.journal(org).append({
        kind: 'error',
        summary: `The directory file changed but is wrong; the directory stays as it was`,
        details: { file, message },
      })
      ctx.logger.error({ file, message }, 'the directory file changed but is wrong; the directory stays as it was')
    }
  }
  // The folder and not the file: editors replace files, and a watcher of the old one would hear nothing more.
  const watcher = watch(dirname(path), (_event, name) => {
    if (name !== null && name !== basename(path)) return
    clearTimeout(timer)
    timer = setTimeout(reload, settleMs)
  })
  return () => {
    clearTimeout(timer)
    watcher.close()
  }
}
