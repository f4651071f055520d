import { UsageError } from '../../src/core/errors.ts'
import type { ImportConfirmation } from '../admin/provisioning-shapes.ts'
import { type User, userProfile } from '../admin/schema.ts'
import { importedUserProfile, keptAtImport } from '../directory/import-profile.ts'
import { checkProfile } from '../directory/profile-check.ts'
import type { LooseProfile } from '../directory/profile-values.ts'
import type { IdpContext } from '../http/context.ts'
import { newUserId } from '../store/ids.ts'
import type { CandidateRecord } from '../store/import-candidates.ts'
import { NotFoundError } from '../store/rows.ts'
import { changing } from './change.ts'
import { attributesOf, importMappingsOf, personAt, settingsOf } from './person.ts'

type Context = Pick<IdpContext, 'store' | 'provisioning'>

/**
 * "Confirm Assignments": makes the Okta user of an imported one, or joins the two; assigns the application, and keeps of
 * the imported profile what nothing else would give, so that a role that the SP set survives the next push. Nothing is
 * sent: Okta and the SP agree.
 *
 * @returns the id of the Okta user
 * @throws UsageError `no-match`, `already-linked`, `bad-profile`; NotFoundError
 */
export const confirmCandidate = (
  ctx: Context,
  org: string,
  candidate: CandidateRecord,
  how: ImportConfirmation,
): string => {
  const { store } = ctx
  return changing(
    ctx,
    org,
    {},
    () => {
      const user = how.action === 'create' ? created(ctx, org, candidate) : matched(ctx, org, candidate, how.userId)
      if (store.provisioning.link(candidate.applicationId, user.id) !== undefined)
        throw new UsageError(`${user.profile.login} is linked to another user of the service provider already`, {
          code: 'already-linked',
          hint: 'Confirm the candidate for another Okta user, or create one.',
        })
      join(ctx, org, candidate, user)
      store.candidates.remove(candidate.id)
      return user.id
    },
    (userId) => ({ users: [userId] }),
  )
}

const created = ({ store }: Context, org: string, { applicationId, profile, userName }: CandidateRecord): User => {
  const attributes = store.orgs.attributes(org, 'user')
  const imported = importedUserProfile({
    mappings: importMappingsOf(settingsOf(store, applicationId)),
    appUser: profile as LooseProfile,
    attributes,
  })
  const parsed = userProfile.safeParse(imported)
  if (!parsed.success)
    throw new UsageError(
      `The imported user ${userName} cannot be a user of Okta: ${parsed.error.issues
        .map(({ path, message }) => `${path.join('.')}: ${message}`)
        .join('; ')}`,
      { code: 'bad-profile', hint: 'The mappings from the application must give a login and an email.' },
    )
  checkProfile(`the imported user ${userName}`, attributes, parsed.data, { others: 'accept' })
  const user: User = { id: newUserId(), status: 'ACTIVE', profile: parsed.data }
  store.users.create(org, user)
  return user
}

const matched = ({ store }: Context, org: string, candidate: CandidateRecord, userId = candidate.userId): User => {
  if (userId === undefined)
    throw new UsageError(`The imported user ${candidate.userName} matches no user of Okta`, {
      code: 'no-match',
      hint: 'Say which one with "userId", or create one: {"action":"create"}.',
    })
  const user = store.users.get(org, userId)
  if (user === undefined) throw new NotFoundError(`user "${userId}" in the org "${org}"`, 'GET …/users lists them.')
  return user
}

const join = (ctx: Context, org: string, { applicationId, externalId, profile }: CandidateRecord, user: User): void => {
  const { store } = ctx
  store.applications.assignUser(applicationId, user.id)
  const effective = personAt(ctx, org, applicationId, user.id)?.values ?? {}
  const kept = keptAtImport({
    attributes: attributesOf(settingsOf(store, applicationId)),
    appUser: profile as LooseProfile,
    effective,
  })
  store.provisioning.setTyped(applicationId, user.id, kept)
  const pushed = personAt(ctx, org, applicationId, user.id)?.fingerprint ?? ''
  store.provisioning.putLink({ applicationId, userId: user.id, externalId, active: true, pushed })
}
