/** `certify --step`: says where to look, and waits. */
import type { PausedAt } from '../../certify/options.ts'
import type { CliIo } from '../io.ts'

/**
 * Prints where the failure can be looked at, and waits for Enter on a terminal, for Ctrl-C or the end of stdin elsewhere.
 */
export const waitForPerson = async (place: PausedAt, io: CliIo, interrupted: AbortSignal): Promise<void> => {
  const { scenario, failure, console, target, logins } = place
  io.stderr.write(
    [
      '',
      `Stopped at ${scenario.name} (${scenario.uri}:${scenario.line})`,
      `  expected          ${failure.expected}`,
      `  actual            ${failure.actual}`,
      ...logins.map(({ user, verdict }) => `  login             ${user}: ${verdict}`),
      `  mock IdP          ${console} (its console: every message, decoded)`,
      `  service provider  ${target}`,
      '',
      io.stdin.isTTY === true
        ? 'Everything of this scenario is still there. Press Enter to clean up and go.\n'
        : 'Everything of this scenario is still there. Send SIGINT, or end stdin, to clean up and go.\n',
    ].join('\n'),
  )
  await new Promise<void>((done) => {
    if (interrupted.aborted) return done()
    interrupted.addEventListener('abort', () => done(), { once: true })
    io.stdin.once('data', () => done())
    io.stdin.once('end', () => done())
    io.stdin.resume()
  })
  io.stdin.pause()
}
