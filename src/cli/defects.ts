import { availableParallelism } from 'node:os'
import { Command, InvalidArgumentError } from 'commander'
import type { Proof } from '../certify/prove-defects.ts'
import type { Defect } from '../reference-sp/index.ts'
import { type CliIo, exitCodes, setExitCode } from './io.ts'

interface Options {
  run?: true
  full?: true
  contract?: string
  parallel: number
  seed: number
  processes?: number
  json?: true
}

/** `idpact defects`: what the reference SP can get wrong, and the proof that the scenarios notice. */
export const defectsCommand = (io: CliIo): Command =>
  new Command('defects')
    .description(
      'Lists what the reference SP can get wrong on purpose, one defect for each requirement that an SP can break. With --run, proves that the scenarios catch each.',
    )
    .argument('[ids...]', 'only these defects')
    .option('--run', 'prove it: each defect must fail scenarios of its requirement, and no others than it declares')
    .option('--contract <id>', 'only those of this contract')
    .option('--full', 'with --run: every scenario for every defect')
    .option('--parallel <count>', 'how many scenarios run side by side', wholeNumber, 3)
    .option('--seed <number>', 'order of the scenarios', wholeNumber, 1)
    .option(
      '--processes <count>',
      'with --run: how many processes share the defects (default: one more than there are cores, and one for defects by name)',
      wholeNumber,
    )
    .option('--json', 'print JSON')
    .action(async (ids: string[], options: Options, command: Command) => {
      if (options.run === true || options.full === true) return prove(io, ids, options, command)
      const { contractOfDefect, listDefects } = await import('../reference-sp/index.ts')
      const { contract } = options
      if (contract !== undefined) (await import('../contracts/index.ts')).findContract(contract)
      const defects = listDefects(ids).filter(({ id }) => contract === undefined || contractOfDefect(id) === contract)
      io.stdout.write(options.json === true ? `${JSON.stringify(defects.map(asData), null, 2)}\n` : table(defects))
    })

const asData = ({ id, title, breaks, alsoFails = [] }: Defect) => ({ id, title, breaks, alsoFails })

const table = (defects: readonly Defect[]): string =>
  defects
    .map(({ id, title, alsoFails = [] }) => {
      const also = alsoFails.map(({ requirement }) => requirement).join(', ')
      return `${id.padEnd(12)}  ${title}${also === '' ? '' : ` (fails too: ${also})`}\n`
    })
    .join('')

const prove = async (io: CliIo, ids: readonly string[], options: Options, command: Command): Promise<void> => {
  const started = performance.now()
  const controller = new AbortController()
  const onSignal = (): void => controller.abort()
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, onSignal)
  const show = (proof: Proof): void => {
    if (options.json === true) io.stdout.write(`${JSON.stringify(proof)}\n`)
    else io.stdout.write(line(proof))
  }
  // One more than there are cores, because each waits for a part of its time.
  const { processes = ids.length > 0 ? 1 : availableParallelism() + 1 } = options
  const prover =
    processes > 1
      ? (await import('../certify/prove-side-by-side.ts')).proveSideBySide
      : (await import('../certify/prove-defects.ts')).proveDefects
  const wanted = {
    cwd: io.cwd,
    ids,
    contract: options.contract,
    full: options.full === true,
    parallel: options.parallel,
    seed: options.seed,
    signal: controller.signal,
    onProof: show,
  }
  const proofs = await prover(wanted, processes)
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.off(name, onSignal)
  const failed = proofs.filter(({ proven }) => !proven).length
  if (options.json !== true) {
    io.stderr.write(`${((performance.now() - started) / 1000).toFixed(1)} s\n`)
    io.stdout.write(`Defects: ${proofs.length - failed} passed, ${failed} failed\n`)
  }
  setExitCode(command, controller.signal.aborted ? exitCodes.interrupted : failed > 0 ? 1 : exitCodes.ok)
}

const line = ({ contract, id, title, proven, caughtBy, couldNotTell, ran, problems, durationMs }: Proof): string => {
  const word = proven ? 'ok    ' : 'FAILED'
  const open = couldNotTell === 0 ? '' : `, ${couldNotTell} cannot tell`
  const caught = id === 'baseline' ? `${ran} ran` : `${caughtBy} of ${ran} caught it${open}`
  const name = id === 'baseline' ? contract : id
  const head = `${word} ${name.padEnd(12)} ${caught.padEnd(36)} ${String(durationMs).padStart(6)} ms  ${title}\n`
  return head + problems.map((problem) => `         ${problem}\n`).join('')
}

const wholeNumber = (text: string): number => {
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('Expected a whole number.')
}
