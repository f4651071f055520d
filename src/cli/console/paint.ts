/** Colours of the terminal, and whether there are any. */
export interface Screen {
  write(text: string): unknown
  isTTY?: boolean | undefined
  columns?: number | undefined
}

export type Env = Readonly<Record<string, string | undefined>>

export interface Paint {
  bad(text: string): string
  warn(text: string): string
  good(text: string): string
  soft(text: string): string
  bold(text: string): string
}

const plain = (text: string): string => text
const colour =
  (open: number, close: number) =>
  (text: string): string =>
    `\u001B[${open}m${text}\u001B[${close}m`

/** NO_COLOR wins, then FORCE_COLOR, then whether it is a terminal. */
export const paintFor = (screen: Screen, env: Env): Paint => {
  const off = (env['NO_COLOR'] ?? '') !== ''
  const on = (env['FORCE_COLOR'] ?? '0') !== '0' || screen.isTTY === true
  if (off || !on || env['TERM'] === 'dumb') return { bad: plain, warn: plain, good: plain, soft: plain, bold: plain }
  return { bad: colour(31, 39), warn: colour(33, 39), good: colour(32, 39), soft: colour(2, 22), bold: colour(1, 22) }
}

/** Whether a line may be drawn over. */
export const isLive = (screen: Screen, env: Env): boolean => screen.isTTY === true && env['TERM'] !== 'dumb'
