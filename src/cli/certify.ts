import { resolve } from 'node:path'
import { Command } from 'commander'
import type { CertifyEvent } from '../certify/events.ts'
import type { CertifyOptions, PausedAt } from '../certify/options.ts'
import type { Report } from '../report/model.ts'
import { certifyOptionsOf, signerOf } from './certify/given.ts'
import { type Options, withCertifyOptions } from './certify/options.ts'
import { waitForPerson } from './certify/pause.ts'
import { tellGitHub } from './github.ts'
import { type CliIo, setExitCode } from './io.ts'
import { withTargetOptions } from './target-options.ts'

/** `idpact certify`: one verdict, one report. */
export const certifyCommand = (io: CliIo): Command =>
  withTargetOptions(withCertifyOptions(new Command('certify')))
    .description(
      'Runs the scenarios against the target of idpact.yaml; with no such file, against the reference SP that idpact brings. Writes a report.',
    )
    .action(async (options: Options, command: Command) => {
      const given = await certifyOptionsOf(options, command, io)
      if (options.plan === true) return showPlan(given, options, io)
      const signer = await signerOf(options, io.cwd)
      const report = await run(given, options, io)
      if (signer !== undefined) {
        const { signFolder } = await import('../certificate/folder.ts')
        await signFolder(resolve(io.cwd, options.out), signer)
      }
      if (options.json !== true) await showEnd(report, { ...options, signed: signer !== undefined }, io)
      await tellGitHub(report, io)
      setExitCode(command, report.verdict.exitCode)
    })

const run = async (given: Omit<CertifyOptions, 'onEvent'>, options: Options, io: CliIo): Promise<Report> => {
  const { certify } = await import('../certify/certify.ts')
  const { progress } = await import('./console/progress.ts')
  const stop = stopOnSignals()
  const show = options.json === true ? undefined : progress(io.stderr, io.env)
  try {
    return await certify({
      ...given,
      signal: stop.signal,
      ...(options.step === true ? { onPause: (place: PausedAt) => waitForPerson(place, io, stop.signal) } : {}),
      onEvent: (event: CertifyEvent) => {
        show?.(event)
        if (options.json === true) io.stdout.write(`${JSON.stringify(event)}\n`)
      },
    })
  } finally {
    stop.release()
  }
}

const showPlan = async (given: Omit<CertifyOptions, 'onEvent'>, { json }: Options, io: CliIo): Promise<void> => {
  const { foresee } = await import('../certify/foresee.ts')
  const { planText } = await import('./certify/plan-text.ts')
  const foreseen = await foresee({ ...given, onEvent: () => {} })
  io.stdout.write(json === true ? `${JSON.stringify(foreseen, null, 2)}\n` : planText(foreseen))
}

const showEnd = async (
  report: Report,
  { out, signed }: Pick<Options, 'out'> & { signed: boolean },
  io: CliIo,
): Promise<void> => {
  const { paintFor } = await import('./console/paint.ts')
  const { summaryText } = await import('./console/summary.ts')
  const files = { page: `${out}/report.html`, certificate: signed ? `${out}/certificate.jws` : undefined }
  io.stderr.write(summaryText(report, files, paintFor(io.stderr, io.env)))
  io.stdout.write(`${report.verdict.word}\n`)
}

/** Ctrl-C asks the run to end; a second one ends the process. */
const stopOnSignals = (): { signal: AbortSignal; release(): void } => {
  const controller = new AbortController()
  const onSignal = (): void => {
    if (controller.signal.aborted) process.exit(130)
    controller.abort()
  }
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const name of signals) process.on(name, onSignal)
  return {
    signal: controller.signal,
    release: () => {
      for (const name of signals) process.off(name, onSignal)
    },
  }
}
