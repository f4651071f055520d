import { renameSync, writeFileSync } from 'node:fs'

/**
 * Writes JSON that only its owner can read. It is made anew and put in its place whole: a file of somebody else's making
 * keeps neither its mode nor half of its text.
 *
 * @example writePrivateJson('/home/me/tokens.json', { accessToken, refreshToken })
 */
export const writePrivateJson = (file: string, value: object): void => {
  const fresh = `${file}.${process.pid}.tmp`
  writeFileSync(fresh, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600, flag: 'wx' })
  renameSync(fresh, file)
}
