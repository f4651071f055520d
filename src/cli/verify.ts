import { readFile, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { Command } from 'commander'
import { UsageError } from '../core/errors.ts'
import { printable } from '../core/printable.ts'
import type { Report } from '../report/model.ts'
import { type CliIo, exitCodes, setExitCode } from './io.ts'

interface Options {
  key?: string
  acceptPartial?: true
  json?: true
}

/** `idpact verify`: is this certificate what was signed, by whom, and what does it cover? */
export const verifyCommand = (io: CliIo): Command =>
  new Command('verify')
    .description(
      'Checks a certificate with no network, and the report and evidence that lie beside it. Exits as certify would for its verdict; with 3 where nobody says whose key it is.',
    )
    .argument('<file>', 'certificate.jws, or the folder that it is in')
    .option('--key <file>', "the signer's public key, PEM, from somebody whom you trust")
    .option('--accept-partial', 'exit with 0 also when not everything could be tested')
    .option('--json', 'print JSON')
    .action(async (file: string, options: Options, command: Command) => {
      const { publicKeyOf } = await import('../certificate/keys.ts')
      const { verifyCertificate } = await import('../certificate/verify.ts')
      const key = options.key === undefined ? undefined : await publicKeyOf(await textOf(options.key, io), options.key)
      const { report, signer, kid, files } = await verifyCertificate(await certificateOf(resolve(io.cwd, file)), key)
      const covers = coverage(report)
      if (options.json === true)
        io.stdout.write(`${JSON.stringify({ signer, kid, files, ...covers, verdict: report.verdict }, null, 2)}\n`)
      else
        io.stdout.write(
          printable(
            [
              signer === 'known'
                ? `Intact, and signed with the given key (${kid}).`
                : `Intact, signer unknown: give the signer's public key with --key. The header says ${kid ?? 'nothing'}, which proves nothing.`,
              files.intact > 0
                ? `${files.intact} files of the report beside it are as they were signed.${files.report ? '' : ' report.json is not beside it; the certificate holds the same.'}`
                : 'The files of the report are not beside it; the certificate alone was checked.',
              '',
              ...Object.entries(covers).map(([name, value]) => `  ${name.padEnd(14)} ${value}`),
              '',
            ].join('\n'),
          ),
        )
      setExitCode(command, signer === 'unknown' ? exitCodes.inconclusive : exitCodeFor(report, options))
    })

/** The certificate in a folder, or the file itself. */
const certificateOf = async (path: string): Promise<string> => {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  )
  return isFolder ? join(path, 'certificate.jws') : path
}

const textOf = (file: string, { cwd }: CliIo): Promise<string> =>
  readFile(resolve(cwd, file), 'utf8').catch((cause: unknown) => {
    throw new UsageError(`--key: ${file} cannot be read.`, {
      code: 'missing-file',
      hint: 'Give the public key of the signer; `idpact certify --sign` writes certificate.pub.pem.',
      cause,
    })
  })

/** What a certificate says, and of what: enough to compare two of them. */
const coverage = ({ verdict, subject, contracts, requirements, run, suite }: Report): Record<string, string> => ({
  verdict: `${verdict.word}: ${verdict.sentence}`,
  ...(verdict.scope === undefined ? {} : { scope: verdict.scope }),
  ...(requirements.some(({ waiver }) => waiver)
    ? {
        waived: requirements
          .flatMap(({ id, waiver }) => (waiver ? [`${id} (by ${waiver.approver} until ${waiver.expires})`] : []))
          .join(', '),
      }
    : {}),
  ...(subject.embedded ? { note: 'the embedded reference SP, not a product' } : {}),
  target: `${subject.name}${subject.version === undefined ? '' : ` ${subject.version}`} (${subject.urls.join(', ')})`,
  contract: contracts.map(({ id, version, sha256 }) => `${id}@${version} ${sha256.slice(0, 16)}`).join(', '),
  scenarios: `idpact ${suite.version} ${suite.featuresSha256.slice(0, 16)}`,
  configuration: run.configurationSha256.slice(0, 16),
  run: `${run.id}, ${run.startedAt}`,
  command: run.command,
})

/** By the word alone: a gate that let known failures pass is no certificate. */
const exitCodeFor = ({ verdict }: Report, { acceptPartial }: Options): number =>
  ({
    certified: exitCodes.ok,
    'not-certified': exitCodes.notCertified,
    inconclusive: exitCodes.inconclusive,
    partial: acceptPartial === true ? exitCodes.ok : exitCodes.partial,
  })[verdict.word]
