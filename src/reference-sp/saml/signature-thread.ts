/**
 * A thread that verifies signatures, started by `verifier.ts`: with DOM and XPath they cost many times what the rest of a
 * login does.
 */
import { enableCompileCache } from 'node:module'
import { parentPort } from 'node:worker_threads'
import type { SignedMessage } from './signatures.ts'

export interface Question extends SignedMessage {
  id: number
  certificates: readonly string[]
}

/** `xml` was verified; or `problem` says why not. */
export type Answer = { id: number; xml: string } | { id: number; problem: string }

enableCompileCache()
const { signatureVerifier } = await import('./signatures.ts')

let last: { key: string; verify: ReturnType<typeof signatureVerifier> } | undefined
const verifierFor = (certificates: readonly string[]) => {
  const key = certificates.join()
  if (last?.key !== key) last = { key, verify: signatureVerifier(certificates) }
  return last.verify
}

const answer = async ({ id, certificates, ...message }: Question): Promise<Answer> => {
  try {
    return { id, xml: await verifierFor(certificates)(message) }
  } catch (error) {
    return { id, problem: error instanceof Error ? error.message : String(error) }
  }
}

parentPort?.on('message', async (question: Question) => parentPort?.postMessage(await answer(question)))
