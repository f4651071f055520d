import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { InternalError } from '../../core/errors.ts'
import { refuse } from '../login-refused.ts'
import type { Envelope } from './gate.ts'
import type { Answer, Question } from './signature-thread.ts'

/** Verifies the signatures of a message; returns the XML that was verified: a Response or an Assertion. */
export type Verifier = (envelope: Pick<Envelope, 'xml' | 'signed'>) => Promise<string>

/** Verification in threads of its own (`signatures.ts` says what is verified), so that other requests go on meanwhile. */
export interface Verification {
  /** @returns a function that throws LoginRefused for a message without a signature, and for one that is not good. */
  verifierFor(certificates: readonly string[]): Verifier
  /** Starts a thread now: a login is to be expected, and loading the libraries takes a while. */
  warm(): void
  stop(): Promise<void>
}

interface Thread {
  ask(question: Omit<Question, 'id'>): Promise<Answer>
  asked(): number
  stop(): Promise<unknown>
}

/** One for the rest of the SP. More than two gain nothing: then that is what logins wait for. */
const mostThreads = Math.max(1, Math.min(2, availableParallelism() - 1))

/** Threads start when there is work for them, and keep the process alive only while they do it. */
export const createVerification = (): Verification => {
  const threads = new Set<Thread>()

  const start = (): Thread => {
    const thread = startThread(() => threads.delete(thread))
    threads.add(thread)
    return thread
  }
  const leastBusy = (): Thread => {
    const [best] = [...threads].toSorted((one, other) => one.asked() - other.asked())
    return best !== undefined && (best.asked() === 0 || threads.size >= mostThreads) ? best : start()
  }

  return {
    verifierFor:
      (certificates) =>
      async ({ xml, signed }) => {
        if (!signed.response && !signed.assertion) return refuse('SIGNATURE_MISSING')
        const answer = await leastBusy().ask({ certificates, xml, signed })
        return 'xml' in answer ? answer.xml : refuse('SIGNATURE_INVALID', undefined, new Error(answer.problem))
      },
    warm: () => {
      if (threads.size === 0) start()
    },
    stop: async () => {
      await Promise.all([...threads].map((thread) => thread.stop()))
    },
  }
}

interface Waiting {
  resolve(answer: Answer): void
  reject(error: Error): void
}

const startThread = (onEnd: () => void): Thread => {
  // .ts where the sources run, .js in the package.
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  const worker = new Worker(new URL(`./signature-thread.${extension}`, import.meta.url), {
    // No flags of ours: those for a whole process are refused, and it needs none.
    execArgv: [],
    // A DOM lives as long as one message: with room for several, most are gone before they are looked at.
    resourceLimits: { maxYoungGenerationSizeMb: 64 },
  })
  const waiting = new Map<number, Waiting>()
  let questions = 0
  const end = (cause?: unknown): void => {
    onEnd()
    for (const { reject } of waiting.values())
      reject(new InternalError('The thread that verifies signatures has ended.', { code: 'verifier-ended', cause }))
    waiting.clear()
  }
  worker.on('message', (answer: Answer) => {
    waiting.get(answer.id)?.resolve(answer)
    waiting.delete(answer.id)
    if (waiting.size === 0) worker.unref()
  })
  worker.on('error', end)
  worker.on('exit', () => end())
  worker.unref()
  return {
    ask: (question) =>
      new Promise((resolve, reject) => {
        questions += 1
        waiting.set(questions, { resolve, reject })
        worker.ref()
        worker.postMessage({ ...question, id: questions } satisfies Question)
      }),
    asked: () => waiting.size,
    stop: () => worker.terminate(),
  }
}
