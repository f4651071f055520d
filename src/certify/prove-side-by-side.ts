/** The proofs of many defects, shared among several processes: each has a core to itself, a mock IdP and a reference SP. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { InternalError } from '../core/errors.ts'
import { packageRoot } from '../core/package-root.ts'
import { chosenDefects, type Proof, type ProofOptions } from './prove-defects.ts'

/**
 * Runs the proofs in so many processes. Defects that stand together in the list stay together, so that few contracts are
 * proved without a defect in more than one of them.
 *
 * @throws UsageError for an id that no defect has; InternalError where a process ends otherwise than it should
 */
export const proveSideBySide = async (options: ProofOptions, processes: number): Promise<Proof[]> => {
  const ids = chosenDefects(options).map(({ id }) => id)
  const share = Math.ceil(ids.length / processes)
  const shares = Array.from({ length: processes }, (_, at) => ids.slice(at * share, (at + 1) * share))
  const controller = new AbortController()
  const signal = AbortSignal.any([controller.signal, ...(options.signal === undefined ? [] : [options.signal])])
  try {
    const proofs = await Promise.all(
      shares.filter((own) => own.length > 0).map((own) => proveInProcess(own, { ...options, signal })),
    )
    return proofs.flat()
  } finally {
    // Where one has failed, the others are for nothing.
    controller.abort()
  }
}

const proveInProcess = async (
  ids: readonly string[],
  { cwd, full, parallel, seed, signal, onProof }: ProofOptions,
): Promise<Proof[]> => {
  const child = spawn(
    process.execPath,
    [
      ...[join(packageRoot(), 'bin', 'idpact.js'), 'defects', '--run', '--json', '--processes', '1'],
      ...['--parallel', String(parallel), '--seed', String(seed), ...(full ? ['--full'] : []), ...ids],
    ],
    { cwd, stdio: ['ignore', 'pipe', 'pipe'] },
  )
  const onAbort = (): void => void child.kill('SIGTERM')
  signal?.addEventListener('abort', onAbort, { once: true })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-2_000)
  })
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  const proofs: Proof[] = []
  for await (const line of createInterface({ input: child.stdout })) {
    const proof = JSON.parse(line) as Proof
    proofs.push(proof)
    onProof(proof)
  }
  const code = await ended
  signal?.removeEventListener('abort', onAbort)
  if (code === 0 || code === 1 || signal?.aborted === true) return proofs
  throw new InternalError(`A process that proves defects has ended with code ${code}: ${said.trim()}`, {
    code: 'proof-ended',
    hint: 'Run it again with --processes 1.',
  })
}
