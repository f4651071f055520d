/** Waivers: failures that somebody takes on themselves for a while. They never turn a failure into a pass. */
import { resolve } from 'node:path'
import { z } from 'zod'
import type { Contract } from '../contracts/contract.ts'
import type { Problem } from './environment.ts'
import { configError, problemsOfSchema } from './issues.ts'
import { keysAllowed } from './json-schema.ts'
import { nearest } from './nearest.ts'
import { type Waiver, waiverSchema } from './schema.ts'
import { readYaml, type YamlSource } from './yaml-source.ts'

const fileSchema = z.strictObject({ waivers: z.array(waiverSchema) })

/**
 * What is wrong with waivers: a requirement that there is not, a day that has passed, two of one requirement.
 *
 * @param list where they stand in the file: `waivers` of idpact.yaml, and of a file of their own
 * @param today `2026-11-30`; on the day of its expiry a waiver still holds
 */
export const problemsWithWaivers = (
  waivers: readonly Waiver[],
  contracts: readonly Contract[],
  { source, today }: { source: YamlSource; today: string },
): Problem[] => {
  const known = contracts.flatMap(({ requirements }) => requirements.map(({ id }) => id))
  const names = contracts.map(({ id, version }) => `${id}@${version}`).join(', ')
  return waivers.flatMap(({ requirement, expires }, index): Problem[] => {
    const at = (key: string) => source.where(['waivers', index, key])
    if (!known.includes(requirement)) {
      const near = nearest(requirement, known)
      return [
        {
          code: 'waiver-unknown',
          where: at('requirement'),
          message: `the waiver is for ${requirement}, and ${names} has no such requirement${near === undefined ? '' : `; did you mean ${near}?`}`,
          hint: '`idpact requirements` lists them.',
        },
      ]
    }
    if (expires < today)
      return [
        {
          code: 'waiver-expired',
          where: at('expires'),
          message: `the waiver for ${requirement} expired on ${expires}`,
          hint: 'Take it out, or have it approved again with a new date.',
        },
      ]
    if (waivers.findIndex((other) => other.requirement === requirement) < index)
      return [
        {
          code: 'waiver-twice',
          where: at('requirement'),
          message: `there are two waivers for ${requirement}`,
          hint: 'Leave one.',
        },
      ]
    return []
  })
}

/** Today as waivers say it, UTC: `2026-11-30`. */
export const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10)

/**
 * Reads a file with `waivers:` and nothing else, for targets that have no idpact.yaml.
 *
 * @param contracts those that the run is about
 * @throws ConfigError with file, line and column
 * @example await readWaivers('waivers.yaml', { contracts: [saml], now: Date.now() })
 */
export const readWaivers = async (
  file: string,
  { contracts, now }: { contracts: readonly Contract[]; now: number },
): Promise<Waiver[]> => {
  const source = await readYaml(resolve(file), {
    missing: 'Name the file with --waivers; docs/ci.md shows one.',
    empty: 'It needs "waivers:" with a list; docs/ci.md shows one.',
  })
  const parsed = fileSchema.safeParse(source.value)
  const problems = parsed.success
    ? problemsWithWaivers(parsed.data.waivers, contracts, { source, today: dayOf(now) })
    : problemsOfSchema(parsed.error, source, (path, value) =>
        keysAllowed(z.toJSONSchema(fileSchema, { io: 'input' }), path, value),
      )
  const [first, ...rest] = problems
  if (first !== undefined) throw configError([first, ...rest])
  return parsed.success ? parsed.data.waivers : []
}
