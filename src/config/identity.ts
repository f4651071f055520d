/** The identity provider that an idpact.yaml names, without the rest of it: no secret has to be there to know whom to trust. */
import { existsSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { z } from 'zod'
import { configError, problemsOfSchema } from './issues.ts'
import { idpSchema } from './schema.ts'
import { readYaml } from './yaml-source.ts'

const part = z.looseObject({ idp: idpSchema.prefault({}) })

/**
 * `idp` of a file; nothing where there is no such file.
 *
 * @throws ConfigError where `idp` is wrong
 * @example (await identityOfFile('idpact.yaml')).entityId
 */
export const identityOfFile = async (file: string): Promise<z.output<typeof idpSchema>> => {
  if (!existsSync(file)) return {}
  const source = await readYaml(file)
  const parsed = part.safeParse(source.value)
  const [first, ...rest] = parsed.success ? [] : problemsOfSchema(parsed.error, source)
  if (first !== undefined) throw configError([first, ...rest])
  const { keyFile, ...idp } = parsed.data?.idp ?? {}
  return { ...idp, keyFile: keyFile === undefined ? undefined : resolve(dirname(file), keyFile) }
}
