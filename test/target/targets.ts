import { onTestFinished } from 'vitest'
import type { z } from 'zod'
import { type TargetConfig, targetSchema } from '../../src/config/schema.ts'
import type { Target } from '../../src/target/ports.ts'
import { openTarget, type TargetContext } from '../../src/target/target.ts'

type Input = Partial<z.input<typeof targetSchema>>

/** A target as idpact.yaml would make it; what is not said is at a URL that is not there. */
export const targetConfig = (config: Input, secrets: string[] = []): TargetConfig => ({
  ...targetSchema.parse({
    name: 'test SP',
    saml: { acs: 'http://127.0.0.1:9/acs', audience: 'urn:sp' },
    settleMs: 100,
    ...config,
  }),
  secrets,
})

export const open = async (config: Input, context: TargetContext = {}, secrets: string[] = []): Promise<Target> => {
  const target = await openTarget(targetConfig(config, secrets), context)
  onTestFinished(() => target.close())
  return target
}

export const must = <T>(value: T | undefined): T => {
  if (value === undefined) throw new Error('it should be there')
  return value
}
