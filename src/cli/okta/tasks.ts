import type { Task, TaskCounts } from '../../../mock-idp/admin/provisioning-shapes.ts'
import { UsageError } from '../../core/errors.ts'
import { exitCodes } from '../io.ts'
import { findApplication } from './find.ts'
import { duration } from './numbers.ts'
import { type Answer, said, table } from './output.ts'
import { type Area, choice, option, type VerbContext, verb } from './verb.ts'

/** Tasks are of the whole org unless an application is named. */
interface Of {
  app?: string
}

const ofOption = () => option('--app <label-or-id>', 'only those of this application')

const applicationIdOf = async (org: VerbContext['org'], app: string | undefined): Promise<string | undefined> =>
  app === undefined ? undefined : (await findApplication(org, app)).id

/** What failed or waits for the connection is the service provider's to explain: exit code 3. */
const counted = (counts: TaskCounts): Answer => {
  const { waiting, blocked, failed } = counts
  const left = [`${failed} failed`, `${blocked} blocked by the connection`, `${waiting} waiting for their time`]
  return {
    ...said(
      failed + blocked + waiting === 0 ? 'Everything is done.' : `What can be done now is done: ${left.join(', ')}.`,
      counts,
    ),
    ...(failed + blocked > 0 && { exitCode: exitCodes.inconclusive }),
  }
}

const states = ['queued', 'running', 'waiting', 'blocked', 'failed'] as const

/** Dashboard > Tasks: what is still to be told to the service provider. */
export const tasks: Area = {
  name: 'tasks',
  summary: 'what is not told to the service provider yet, and what went wrong',
  verbs: [
    verb<[], Of & { state?: Task['state'] }>({
      name: 'list',
      summary: 'list what is not done; what is done is gone',
      options: [choice('--state <state>', 'only those in this state', states), ofOption()],
      run: async ({ org }, _, { state, app }) => {
        const applicationId = await applicationIdOf(org, app)
        const [all, users, groups] = await Promise.all([
          org.tasks.list({ ...(state && { state }), ...(applicationId !== undefined && { applicationId }) }),
          org.users.list(),
          org.groups.list(),
        ])
        const names = new Map([
          ...users.map(({ id, profile }) => [id, profile.login] as const),
          ...groups.map(({ id, profile }) => [id, profile.name] as const),
        ])
        return table(
          all,
          {
            id: ({ id }) => id,
            kind: ({ kind }) => kind,
            about: ({ subject }) => subject && (names.get(subject) ?? subject),
            state: (task) => task.state,
            tries: ({ attempts }) => attempts,
            'not before': ({ notBefore }) => notBefore,
            problem: ({ problem }) => problem,
          },
          'Nothing is left to do.',
        )
      },
    }),
    verb<[string[]], Of & { failed?: true }>({
      name: 'retry',
      summary: 'try failed, blocked or waiting ones again (Retry Selected)',
      args: '[task...]',
      options: [option('--failed', 'all that failed'), ofOption()],
      run: async ({ org }, [given], { failed, app }) => {
        const applicationId = await applicationIdOf(org, app)
        if (!failed && given.length === 0)
          throw new UsageError('Expected ids of tasks, or --failed, found neither', {
            code: 'say-which',
            hint: '"idpact okta tasks list" lists them.',
          })
        const all = failed
          ? await org.tasks.list({ state: 'failed', ...(applicationId !== undefined && { applicationId }) })
          : []
        const ids = [...new Set([...given, ...all.map(({ id }) => id)])]
        for (const id of ids) await org.tasks.retry(id)
        return said(ids.length === 1 ? '1 task is tried again.' : `${ids.length} tasks are tried again.`, {
          retried: ids,
        })
      },
    }),
    verb<[], Of>({
      name: 'wait',
      summary: 'wait until nothing is queued or running; exit code 3 when tasks failed or are blocked',
      options: [ofOption()],
      run: async ({ org }, _, { app }) => counted(await org.tasks.idle(await applicationIdOf(org, app))),
    }),
    verb<[string]>({
      name: 'advance',
      summary: "move the application's own clock, so that retries and scheduled imports become due: 90s, 5m, 2h, 1d",
      args: '<time>',
      ofApplication: true,
      run: async ({ org, app }, [time]) => counted(await org.tasks.advance((await app()).id, duration(time))),
    }),
  ],
}
