import type { ImportCandidate, ImportConfirmation } from '../../../mock-idp/admin/provisioning-shapes.ts'
import { UsageError } from '../../core/errors.ts'
import { findUser, pick } from './find.ts'
import { said, table } from './output.ts'
import { changeSettings } from './settings.ts'
import { askTarget } from './target.ts'
import { type Area, choice, option, type VerbContext, verb } from './verb.ts'

const candidatesOf = async (
  { org, app }: VerbContext,
  given: readonly string[],
): Promise<{ applicationId: string; candidates: ImportCandidate[] }> => {
  const { id } = await app()
  const all = await org.imports.candidates(id)
  const candidates = given.map((text) =>
    pick(all, text, {
      noun: 'import candidate',
      nameOf: ({ userName }) => userName,
      list: '"idpact okta import candidates" lists them; "idpact okta import run" looks again.',
    }),
  )
  return { applicationId: id, candidates }
}

interface ConfirmOptions {
  create?: true
  link?: string | true
}

const confirmationOf = async (
  org: VerbContext['org'],
  { match, userName, userId }: ImportCandidate,
  { create, link }: ConfirmOptions,
): Promise<ImportConfirmation> => {
  if (create) return { action: 'create' }
  if (typeof link === 'string') return { action: 'link', userId: (await findUser(org, link)).id }
  if (link !== undefined || match === 'EXACT') return { action: 'link', ...(userId !== undefined && { userId }) }
  if (match === 'NONE') return { action: 'create' }
  throw new UsageError(`${userName} is a partial match of an Okta user: it was not said what it is`, {
    code: 'say-which',
    hint: 'Give --link to join the two, --link <user> for another one, or --create for a new Okta user.',
  })
}

const scheduleOf = (text: string): 'never' | number => {
  if (text === 'never') return text
  if (/^\d{1,5}$/.test(text) && Number(text) > 0) return Number(text)
  throw new UsageError(`Expected "never" or a number of minutes, found ${JSON.stringify(text)}`, {
    code: 'bad-value',
    hint: 'For example 60 for an import every hour.',
  })
}

/** Import, and Provisioning > To Okta. */
export const imports: Area = {
  name: 'import',
  summary: 'users of the service provider that come to Okta',
  verbs: [
    verb({
      name: 'run',
      summary: 'look what users the service provider has (Import Now), and wait until that is done',
      ofApplication: true,
      run: async ({ org, app }) => {
        const { id } = await app()
        const run = await askTarget(() => org.imports.run(id))
        const { scanned, added, updated, unchanged, removed, groups } = run
        return said(
          `${scanned} users were looked at: ${added} new, ${updated} changed, ${unchanged} unchanged, ${removed} gone. There are ${groups} groups.`,
          run,
        )
      },
    }),
    verb<[], { ignored?: true }>({
      name: 'candidates',
      summary: 'list those that Okta does not have yet',
      ofApplication: true,
      options: [option('--ignored', 'those that were ignored too')],
      run: async ({ org, app }, _, { ignored }) => {
        const all = await org.imports.candidates((await app()).id)
        const logins = new Map((await org.users.list()).map(({ id, profile }) => [id, profile.login]))
        return table(
          all.filter(({ state }) => ignored || state === 'NEW'),
          {
            username: ({ userName }) => userName,
            match: ({ match }) => match,
            'Okta user': ({ userId }) => (userId === undefined ? undefined : (logins.get(userId) ?? userId)),
            state: ({ state }) => state,
            id: ({ id }) => id,
          },
          'No import candidates.',
        )
      },
    }),
    verb<[string[]], ConfirmOptions>({
      name: 'confirm',
      summary: 'confirm candidates (Confirm Assignments): an exact match is linked, no match makes an Okta user',
      args: '<candidate...>',
      ofApplication: true,
      options: [
        option('--create', 'make an Okta user'),
        option('--link [user]', 'link it to the Okta user that it matches, or to this one').conflicts('create'),
      ],
      run: async (ctx, [given], options) => {
        const { applicationId, candidates } = await candidatesOf(ctx, given)
        if (typeof options.link === 'string' && candidates.length > 1)
          throw new UsageError(`Expected one candidate to link to ${options.link}, found ${candidates.length}`, {
            code: 'bad-value',
            hint: 'Confirm them one by one.',
          })
        const wanted = await Promise.all(candidates.map((one) => confirmationOf(ctx.org, one, options)))
        const done = []
        for (const [index, how] of wanted.entries()) {
          const { id, userName } = candidates[index] as ImportCandidate
          const { userId } = await ctx.org.imports.confirm(applicationId, id, how)
          done.push({ userName, action: how.action, userId })
        }
        return table(
          done,
          {
            username: ({ userName }) => userName,
            '': ({ action }) => (action === 'link' ? 'linked' : 'created'),
            'Okta user': ({ userId }) => userId,
          },
          'Nothing was confirmed.',
        )
      },
    }),
    verb<[string[]]>({
      name: 'ignore',
      summary: 'ignore candidates',
      args: '<candidate...>',
      ofApplication: true,
      run: async (ctx, [given]) => {
        const { applicationId, candidates } = await candidatesOf(ctx, given)
        for (const { id } of candidates) await ctx.org.imports.ignore(applicationId, id)
        return said(`${candidates.map(({ userName }) => userName).join(', ')} ignored.`)
      },
    }),
    verb<[string], { matchOn?: 'login' | 'email' }>({
      name: 'schedule',
      summary: 'import by itself, every so many minutes or never (Schedule import)',
      description: 'Imports by itself, every so many minutes (60, 1440) or never',
      args: '<minutes-or-never>',
      ofApplication: true,
      options: [
        choice('--match-on <field>', 'what makes an imported user and an Okta user the same', ['login', 'email']),
      ],
      run: async (ctx, [text], { matchOn }) => {
        const schedule = scheduleOf(text)
        await changeSettings(ctx, await ctx.app(), (now) => ({
          ...now,
          import: { ...now.import, schedule, ...(matchOn && { matchOn }) },
        }))
        return said(
          schedule === 'never' ? 'Imports are made by hand.' : `There is an import every ${schedule} minutes.`,
        )
      },
    }),
  ],
}
