import { stepsFile } from '../certify/package-paths.ts'
import type { PluginOptions } from './start.ts'

export interface ProfileOptions extends PluginOptions {
  /** Feature files; cucumber's own, `features/**\/*.feature`, when left out. */
  paths?: readonly string[] | undefined
  /** Step files of one's own; `steps/**\/*.{js,mjs,ts}` when left out. */
  steps?: readonly string[] | undefined
  /** Cucumber's own formatters beside idpact's report: `['progress', 'html:reports/cucumber.html']`. */
  format?: readonly string[] | undefined
}

/** cucumber's configuration, as far as idpact is concerned. */
export interface Profile {
  plugin: string[]
  pluginOptions: { idpact: PluginOptions }
  import: string[]
  paths?: string[]
  format: string[]
}

/**
 * The configuration of a cucumber-js run with idpact's steps: the default export of `cucumber.js`. Members may be added to
 * what it returns, and everything that cucumber-js has (`--parallel`, `--shard`, `--tags`, `--retry`, rerun files) works.
 *
 * @example export default profile({ steps: ['steps/*.js'] })
 */
export const profile = ({ paths, steps, format, ...options }: ProfileOptions = {}): Profile => ({
  plugin: [new URL(import.meta.url.endsWith('.ts') ? './index.ts' : './index.js', import.meta.url).href],
  pluginOptions: { idpact: options },
  import: [stepsFile(), ...(steps ?? ['steps/**/*.{js,mjs,ts}'])],
  // Cucumber adds paths of the command line to those of its configuration, so the usual ones are left to it.
  ...(paths === undefined ? {} : { paths: [...paths] }),
  format: [...(format ?? ['progress'])],
})
