/**
 * Stands in for what talks SCIM, behind the real control API, so that the command line is tested without a service provider:
 * the queue and the clock are the real ones, what a task comes to and what a connection says is set here.
 */
import { vi } from 'vitest'
import type { Connection, NewConnection, ScimAnswer, ScimCall } from '../../../mock-idp/admin/provisioning-shapes.ts'
import type { IdpContext } from '../../../mock-idp/http/context.ts'
import { createApplicationClock } from '../../../mock-idp/provisioning/application-clock.ts'
import { createTaskQueue, type TaskEnd } from '../../../mock-idp/provisioning/task-queue.ts'
import type { TaskRecord } from '../../../mock-idp/store/tasks.ts'
import { UsageError } from '../../../src/core/errors.ts'

export interface EngineDouble {
  /** What tasks were run, and how each ends. */
  ran: TaskRecord[]
  end(task: TaskRecord): TaskEnd
  settings: NewConnection | undefined
  tokens: unknown
  state: Connection['state']
  problem: string | undefined
  authorizationUrl: string
  calls: ScimCall[]
  answer: ScimAnswer
  testProblem: string | undefined
  /** What the mock IdP keeps. */
  store: IdpContext['store'] | undefined
}

export const double: EngineDouble = {} as EngineDouble

/** As at the start of a test. */
export const resetDouble = (): void => {
  Object.assign(double, {
    ran: [],
    end: () => ({ kind: 'done' }),
    settings: undefined,
    tokens: undefined,
    state: 'not-authorized',
    problem: undefined,
    authorizationUrl: 'http://127.0.0.1:9/authorize',
    calls: [],
    answer: { status: 200, headers: {}, body: { Resources: [] } },
    testProblem: undefined,
    store: undefined,
  } satisfies EngineDouble)
}

const createEngine = (ctx: IdpContext) => {
  const { store } = ctx
  double.store = store
  const view = ({ id: registrationId }: { id: string }): Connection => {
    if (double.settings === undefined) throw new UsageError('There is no connection', { code: 'no-connection' })
    return {
      registrationId,
      baseUrl: double.settings.baseUrl,
      authType: double.settings.auth.type,
      state: double.state,
      ...(double.problem !== undefined && { problem: double.problem }),
      redirectUri: 'http://127.0.0.1:9/callback',
    }
  }
  const queue = createTaskQueue({
    store: store.tasks,
    run: async (task) => {
      double.ran.push(task)
      return double.end(task)
    },
    now: (applicationId) => clock.now(applicationId),
    concurrency: 2,
    onEnd: ({ applicationId }) => clock.arm(applicationId),
  })
  const clock = createApplicationClock({
    store,
    clock: ctx.clock,
    nextDue: queue.nextDue,
    wake: queue.wake,
    scheduledImport: (applicationId) =>
      queue.add([store.tasks.add({ applicationId, kind: 'import', subject: undefined, payload: undefined })]),
  })
  return {
    queue,
    clock,
    access: {
      view,
      set: (registration: { id: string }, settings: NewConnection) => {
        double.settings = settings
        double.state = settings.auth.type === 'oauth2' ? 'not-authorized' : 'connected'
        return view(registration)
      },
      remove: () => {
        double.settings = undefined
      },
      test: () => {
        if (double.testProblem !== undefined)
          throw new UsageError(double.testProblem, { code: 'connection-test-failed' })
      },
      authorizationUrl: () => double.authorizationUrl,
      setTokens: (registration: { id: string }, tokens: unknown) => {
        Object.assign(double, { tokens, state: 'connected' })
        return view(registration)
      },
      call: (_: unknown, call: ScimCall) => {
        double.calls.push(call)
        return double.answer
      },
      close: () => {},
    },
    start: () => queue.add(store.tasks.list()),
    importNow: async (applicationId: string) => {
      const people = ['ada@example.test', 'new@example.test']
      for (const [index, userName] of people.entries()) {
        const match = store.users.list('default').find(({ profile }) => profile.login === userName)
        store.candidates.put({
          id: `candidate-${index}`,
          applicationId,
          externalId: `sp-${index}`,
          userName,
          profile: { userName, givenName: 'New', familyName: 'Person', email: userName },
          match: match ? 'EXACT' : 'NONE',
          ...(match && { userId: match.id }),
          state: 'NEW',
        })
      }
      return { taskId: '1', scanned: 2, added: 2, updated: 0, unchanged: 0, removed: 0, groups: 0 }
    },
    stop: async () => {
      clock.stop()
      await queue.stop()
    },
  }
}

resetDouble()
vi.doMock('../../../mock-idp/provisioning/engine.ts', () => ({ createEngine }))
