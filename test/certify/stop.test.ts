import { expect, it } from 'vitest'
import { isStopped, stopRun } from '../../src/certify/stop.ts'

it('a run is told to stop by its name: others of the same process go on', () => {
  stopRun('one')
  expect([isStopped('one'), isStopped('two')]).toEqual([true, false])
})
