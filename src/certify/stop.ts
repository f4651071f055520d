import { BroadcastChannel } from 'node:worker_threads'

const channelName = 'idpact-stop'

interface Word {
  word: 'stop' | 'go'
  /** Which run: a process may have several, in several threads. */
  run: string
}

/** In a thread that runs scenarios: whether a run was told to stop. */
export const listenForStop = (): ((run: string) => boolean) => {
  const stopped = new Set<string>()
  const channel = new BroadcastChannel(channelName)
  channel.onmessage = (event: unknown) => {
    const { word, run } = (event as { data: Word }).data
    if (word === 'stop') stopped.add(run)
    else stopped.delete(run)
  }
  channel.unref()
  return (run) => stopped.has(run)
}

/** Tells every thread that scenarios of a run are to be skipped from now on, or that they may run (again). */
export const broadcast = (word: Word['word'], run: string): void => {
  const channel = new BroadcastChannel(channelName)
  channel.postMessage({ word, run } satisfies Word)
  channel.close()
}

/** The world parameter that says which run a scenario belongs to. */
export const runParameter = 'idpactRun'
