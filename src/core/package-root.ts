import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of idpact's own package.json: the checkout, or the installed package (whose code is under `dist/`). */
export const packageRoot = (): string => {
  let folder = dirname(fileURLToPath(import.meta.url))
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder)
  return folder
}

export const packageVersion = (): string =>
  (JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as { version: string }).version

/** Whether this is a checkout (TypeScript sources) and not the built package (JavaScript under `dist/`). */
export const isCheckout = (): boolean => import.meta.url.endsWith('.ts')
