import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { broadcast, listenForStop } from '../../src/certify/stop.ts'

it('a run is told to stop by its name: others of the same process go on', async () => {
  const isStopped = listenForStop()
  const other = listenForStop()
  const said = async (stopped: boolean): Promise<void> => {
    for (let waited = 0; waited < 2_000 && isStopped('one') !== stopped; waited += 5) await sleep(5)
  }
  broadcast('stop', 'one')
  await said(true)
  expect([isStopped('one'), other('one'), isStopped('two')]).toEqual([true, true, false])
  broadcast('go', 'one')
  await said(false)
  expect(isStopped('one')).toBe(false)
})
