import { describe, expect, it } from 'vitest'
import { createTaskQueue, type TaskEnd } from '../../../mock-idp/provisioning/task-queue.ts'
import type { TaskRecord } from '../../../mock-idp/store/tasks.ts'

let seq = 0
const task = (kind: TaskRecord['kind'], subject: string, applicationId = 'app'): TaskRecord => ({
  seq: ++seq,
  applicationId,
  kind,
  subject,
  payload: undefined,
  state: 'queued',
  attempts: 0,
  waitMs: undefined,
  notBefore: undefined,
  problem: undefined,
  hint: undefined,
})

interface Run {
  task: TaskRecord
  end(end?: TaskEnd): Promise<void>
}

/** A queue whose tasks end when the test says so. */
const harness = (concurrency = 2) => {
  const begun: Run[] = []
  const removed: number[] = []
  let time = 1_000
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
  const queue = createTaskQueue({
    store: { update: () => undefined, remove: (seq) => removed.push(seq) },
    run: (task) =>
      new Promise((resolve) =>
        begun.push({
          task,
          end: async (end = { kind: 'done' }) => {
            resolve(end)
            await turn()
          },
        }),
      ),
    now: () => time,
    concurrency,
  })
  return {
    queue,
    removed,
    begun: () => begun.map(({ task }) => `${task.kind} ${task.subject}`),
    run: (at: number): Run => begun[at] as Run,
    later: (ms: number) => {
      time += ms
    },
  }
}

describe('the order of tasks', () => {
  it('runs as many side by side as it may', async () => {
    const { queue, begun, run } = harness(2)
    queue.add([task('provision', 'a'), task('provision', 'b'), task('provision', 'c')])
    expect(begun()).toEqual(['provision a', 'provision b'])
    await run(0).end()
    expect(begun()).toEqual(['provision a', 'provision b', 'provision c'])
  })

  it('never runs two of one user side by side, and keeps their order', async () => {
    const { queue, begun, run } = harness(5)
    queue.add([task('provision', 'a'), task('update', 'a'), task('deactivate', 'a'), task('provision', 'b')])
    expect(begun()).toEqual(['provision a', 'provision b'])
    await run(0).end()
    await run(2).end()
    expect(begun()).toEqual(['provision a', 'provision b', 'update a', 'deactivate a'])
  })

  it('pushes groups when no user is under way', async () => {
    const { queue, begun, run } = harness(5)
    queue.add([task('push-group', 'g'), task('provision', 'a'), task('provision', 'b')])
    expect(begun()).toEqual(['push-group g', 'provision a', 'provision b'].slice(1))
    await run(0).end()
    expect(begun()).toHaveLength(2)
    await run(1).end({ kind: 'failed', problem: 'no' })
    expect(begun()).toEqual(['provision a', 'provision b', 'push-group g'])
  })

  it('keeps applications apart', () => {
    const { queue, begun } = harness(1)
    queue.add([task('provision', 'a', 'one'), task('provision', 'a', 'two'), task('push-group', 'g', 'three')])
    expect(begun()).toEqual(['provision a', 'provision a', 'push-group g'])
  })
})

describe('how a task ends', () => {
  it('is gone when done, kept with the reason when failed, and goes on once when retried', async () => {
    const { queue, begun, run, removed } = harness()
    const [one, two] = [task('provision', 'a'), task('provision', 'b')]
    queue.add([one, two])
    await run(0).end()
    await run(1).end({ kind: 'failed', problem: '500 from the SP', hint: 'Try again.' })
    expect(removed).toEqual([one.seq])
    expect(two).toMatchObject({ state: 'failed', problem: '500 from the SP', hint: 'Try again.', attempts: 1 })
    expect(queue.counts(['app'])).toEqual({ busy: 0, waiting: 0, blocked: 0, failed: 1 })
    expect(queue.retry(two.seq)).toBe(true)
    expect(queue.retry(two.seq)).toBe(false)
    expect(begun()).toHaveLength(3)
  })

  it('waits on the clock of its application', async () => {
    const { queue, begun, run, later } = harness()
    queue.add([task('update', 'a')])
    await run(0).end({ kind: 'wait', ms: 5_000, problem: '429' })
    expect(queue.nextDue('app')).toBe(6_000)
    later(4_999)
    queue.wake('app')
    expect(begun()).toHaveLength(1)
    later(1)
    queue.wake('app')
    expect(begun()).toHaveLength(2)
  })

  it('waits for the connection of its application', async () => {
    const { queue, begun, run } = harness()
    queue.add([task('update', 'a')])
    await run(0).end({ kind: 'blocked', problem: 'the token was revoked' })
    queue.unblock(['another'])
    expect(begun()).toHaveLength(1)
    queue.unblock(['app'])
    expect(begun()).toHaveLength(2)
  })

  it('fails where running it threw', async () => {
    const kept: TaskRecord[] = []
    const queue = createTaskQueue({
      store: { update: (one) => kept.push({ ...one }), remove: () => undefined },
      run: async () => {
        throw new Error('a bug')
      },
      now: () => 0,
      concurrency: 1,
    })
    queue.add([task('provision', 'a')])
    await queue.idle(['app'])
    expect(kept.at(-1)).toMatchObject({ state: 'failed', problem: 'a bug' })
  })
})

describe('waiting for the queue', () => {
  it('is idle when nothing is queued or running, whatever waits or failed', async () => {
    const { queue, run } = harness()
    await queue.idle(['app', 'unknown'])
    queue.add([task('update', 'a'), task('update', 'b')])
    let idle = false
    const waiting = queue.idle(['app']).then(() => {
      idle = true
    })
    await run(0).end({ kind: 'failed', problem: 'no' })
    expect(idle).toBe(false)
    await run(1).end({ kind: 'wait', ms: 1, problem: '429' })
    await waiting
    expect(queue.counts(['app'])).toEqual({ busy: 0, waiting: 1, blocked: 0, failed: 1 })
  })

  it('knows what is queued and has not begun', () => {
    const { queue } = harness(1)
    queue.add([task('update', 'a'), task('update', 'b')])
    expect(queue.has({ applicationId: 'app', kind: 'update', subject: 'a' })).toBe(false)
    expect(queue.has({ applicationId: 'app', kind: 'update', subject: 'b' })).toBe(true)
    expect(queue.has({ applicationId: 'app', kind: 'deactivate', subject: 'b' })).toBe(false)
  })

  it('takes up what an earlier process left: open ones run, the others are kept', () => {
    const { queue, begun } = harness(5)
    queue.add([
      { ...task('provision', 'a'), state: 'running' },
      { ...task('provision', 'b'), state: 'failed' },
      { ...task('provision', 'c'), state: 'blocked' },
    ])
    expect(begun()).toEqual(['provision a'])
    expect(queue.counts(['app'])).toEqual({ busy: 1, waiting: 0, blocked: 1, failed: 1 })
  })

  it('begins nothing after a stop, and waits for what runs', async () => {
    const { queue, begun, run } = harness(1)
    queue.add([task('provision', 'a'), task('provision', 'b')])
    const stopped = queue.stop()
    await run(0).end()
    await stopped
    expect(begun()).toEqual(['provision a'])
  })
})
