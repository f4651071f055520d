import { resolve } from 'node:path'
import { Command } from 'commander'
import { tellGitHub } from './github.ts'
import { type CliIo, setExitCode } from './io.ts'

interface Options {
  out: string
  acceptPartial?: true
  sign?: true
  key?: string
  json?: true
}

/** `idpact merge`: one report of shards, or of runs made under other settings. */
export const mergeCommand = (io: CliIo): Command =>
  new Command('merge')
    .description(
      'Joins reports about one target: the shards of a run, or runs made while the service provider was set otherwise. Exits as certify would.',
    )
    .argument('<report...>', 'folders of reports')
    .option('--out <folder>', 'where the joined report goes', 'reports/merged')
    .option('--accept-partial', 'exit with 0 also when not everything could be tested')
    .option('--sign', 'sign the joined report: certificate.jws')
    .option('--key <file>', 'the private key to sign with, PEM (default: one of this folder, made when first needed)')
    .option('--json', 'print the verdict as JSON')
    .action(async (paths: string[], options: Options, command: Command) => {
      const { shellWord } = await import('../certify/reproduce.ts')
      const { readReportFolder } = await import('../report/read-folder.ts')
      const { joinReports } = await import('../certify/join.ts')
      const { clearReport, prepareFolder, writeReport } = await import('../report/folder.ts')
      const { paintFor } = await import('./console/paint.ts')
      const { summaryText } = await import('./console/summary.ts')
      const { signerOf } = await import('./certify/given.ts')
      const signer = await signerOf(options, io.cwd)
      const folders = await Promise.all(paths.map((path) => readReportFolder(path, { cwd: io.cwd })))
      const { report, logins, evidence, messages } = joinReports(folders, {
        acceptPartial: options.acceptPartial === true,
        command: ['idpact', 'merge', ...paths.map(shellWord)].join(' '),
      })
      const folder = resolve(io.cwd, options.out)
      await prepareFolder(folder)
      await clearReport(folder)
      const written = await writeReport(folder, { report, details: { logins }, evidence, messages })
      if (signer !== undefined) await (await import('../certificate/folder.ts')).signFolder(folder, signer)
      if (options.json === true)
        io.stdout.write(`${JSON.stringify({ verdict: written.verdict, summary: written.summary, folder }, null, 2)}\n`)
      else {
        io.stderr.write(
          summaryText(
            written,
            { page: `${options.out}/report.html`, certificate: signer && `${options.out}/certificate.jws` },
            paintFor(io.stderr, io.env),
          ),
        )
        io.stdout.write(`${written.verdict.word}\n`)
      }
      await tellGitHub(written, io)
      setExitCode(command, written.verdict.exitCode)
    })
