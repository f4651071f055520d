import type { Command } from 'commander'

/** The edges of a command, passed in so that tests choose them. stderr is for people, stdout is data. */
export interface CliIo {
  readonly stdout: NodeJS.WritableStream & { isTTY?: boolean }
  readonly stderr: NodeJS.WritableStream & { isTTY?: boolean; columns?: number }
  /** stderr for what draws its own lines: questions. */
  readonly terminal?: NodeJS.WritableStream
  readonly stdin: NodeJS.ReadableStream & { isTTY?: boolean }
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
}

/** What a command ends with (DESIGN: outcomes and verdict). */
export const exitCodes = {
  ok: 0,
  notCertified: 1,
  usage: 2,
  inconclusive: 3,
  partial: 4,
  interrupted: 130,
} as const

/** Where a command leaves an exit code other than 0; `main` reads it when the command line is done. */
export const setExitCode = (command: Command, code: number): void => {
  let root = command
  while (root.parent) root = root.parent
  root.setOptionValue('exitCode', code)
}
