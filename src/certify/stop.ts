import { BroadcastChannel } from 'node:worker_threads'

const channelName = 'idpact-stop'

/** In a thread that runs scenarios: whether the run that is going on was told to stop. */
export const listenForStop = (): (() => boolean) => {
  let stopped = false
  const channel = new BroadcastChannel(channelName)
  channel.onmessage = (event: unknown) => {
    stopped = (event as { data: unknown }).data === 'stop'
  }
  channel.unref()
  return () => stopped
}

/** Tells every thread that scenarios are to be skipped from now on, or that they may run (again). */
export const broadcast = (word: 'stop' | 'go'): void => {
  const channel = new BroadcastChannel(channelName)
  channel.postMessage(word)
  channel.close()
}
