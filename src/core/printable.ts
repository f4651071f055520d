/**
 * Text of others, made fit to be shown: control characters move cursors and set titles of windows, and marks of direction
 * (Unicode's bidirectional controls) make a text read otherwise than it is. Line breaks and tabs stay.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
const unfit = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/g

/** @example printable('Ada\u001b[2J') // 'Ada\uFFFD[2J' */
export const printable = (text: string): string => text.replace(unfit, '\uFFFD')

/** What our own progress and colours consist of. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: so they begin
const ownCodes = /\u001B\[\d{1,2}m|\r\u001B\[2K/g

/** The same for what goes to a terminal: our own colours and the line that is drawn over stay. */
export const printableOnTerminal = (text: string): string => {
  let done = 0
  let out = ''
  for (const { 0: code, index } of text.matchAll(ownCodes)) {
    out += printable(text.slice(done, index)) + code
    done = index + code.length
  }
  return out + printable(text.slice(done))
}
