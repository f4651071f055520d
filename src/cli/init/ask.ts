/** Questions on a terminal, one line each; what is wrong is asked again. */
import { createInterface, type Interface } from 'node:readline/promises'
import { UsageError } from '../../core/errors.ts'
import type { CliIo } from '../io.ts'

export interface Question {
  text: string
  /** What Enter means; without one an answer is needed. */
  usual?: string | undefined
  /** What is wrong with an answer; undefined when it is right. */
  wrong?: ((answer: string) => string | undefined) | undefined
}

export interface Asker {
  ask(question: Question): Promise<string>
  close(): void
}

export const askOnTerminal = (io: CliIo): Asker => {
  const lines: Interface = createInterface({
    input: io.stdin,
    output: io.terminal ?? io.stderr,
    terminal: io.stdin.isTTY === true && io.terminal !== undefined,
  })
  const closed = new Promise<never>((_, refuse) => {
    lines.once('close', () =>
      refuse(
        new UsageError('The questions were not answered to their end; nothing was written.', { code: 'not-answered' }),
      ),
    )
  })
  closed.catch(() => {})
  return {
    ask: async ({ text, usual, wrong }) => {
      for (;;) {
        const prompt = `${text}${usual === undefined || usual === '' ? '' : ` (${usual})`}: `
        const answer = (await Promise.race([lines.question(prompt), closed])).trim() || (usual ?? '')
        const problem =
          answer === '' && usual === undefined ? 'An answer is needed.' : answer === '' ? undefined : wrong?.(answer)
        if (problem === undefined) return answer
        io.stderr.write(`  ${problem}\n`)
      }
    },
    close: () => lines.close(),
  }
}
