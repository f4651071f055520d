/**
 * Runs that were told to stop. The steps are loaded by cucumber and this by whoever certifies, which need not be one instance
 * of a module; so the names are where both of this process look.
 */
const place = Symbol.for('idpact.stopped-runs')

const stopped = (): Set<string> => {
  const all = globalThis as { [place]?: Set<string> }
  all[place] ??= new Set()
  return all[place]
}

/** The world parameter that says which run a scenario belongs to. */
export const runParameter = 'idpactRun'

/** From now on every scenario and step of this run that has not begun is skipped. */
export const stopRun = (run: string): void => void stopped().add(run)

/** Whether a run was told to stop. */
export const isStopped = (run: string): boolean => stopped().has(run)
