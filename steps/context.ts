import { readFileSync } from 'node:fs'
import { UsageError } from '../src/core/errors.ts'
import type { RunContext } from '../src/target/run-context.ts'

/** Names the file that the plugin `idpact/cucumber` writes the context to; worker threads see the variable too. */
export const contextFileVariable = 'IDPACT_CONTEXT_FILE'

let read: { file: string; context: RunContext } | undefined

/**
 * What the world knows of its run: from the world parameters (`idpact certify` sets them), else from the file of the plugin.
 *
 * @throws UsageError when neither is there
 */
export const contextOf = (parameters: { idpact?: RunContext }): RunContext => {
  if (parameters.idpact !== undefined) return parameters.idpact
  const file = process.env[contextFileVariable]
  if (file === undefined)
    // Cucumber prints the message only, so the hint is part of it.
    throw new UsageError(
      "The steps of idpact run without an identity provider and a target. Add plugin: ['idpact/cucumber'] to your cucumber configuration, or run `idpact certify`.",
      { code: 'no-run-context' },
    )
  if (read?.file !== file) read = { file, context: JSON.parse(readFileSync(file, 'utf8')) as RunContext }
  return read.context
}
