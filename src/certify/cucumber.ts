/**
 * cucumber's API as we use it: one function to make a run's options, and the parts of its messages that we read. Its types
 * come from its own signature, because the packages behind it are not dependencies of ours.
 */
import type { IRunOptions, ISupportCodeLibrary, runCucumber } from '@cucumber/cucumber/api'

export type Envelope = Parameters<NonNullable<Parameters<typeof runCucumber>[2]>>[0]
export type Pickle = NonNullable<Envelope['pickle']>
export type GherkinDocument = NonNullable<Envelope['gherkinDocument']>
export type TestCase = NonNullable<Envelope['testCase']>

/** What we read of the support code library: cucumber marks it opaque, and this much of it has been stable since 7. */
export interface StepLibrary extends ISupportCodeLibrary {
  readonly stepDefinitions: readonly {
    id: string
    /** Of a cucumber expression, or a regular expression: what its text is matched with. */
    expression: { regexp: RegExp }
    options: { wrapperOptions?: unknown }
  }[]
  readonly beforeTestRunHookDefinitions: readonly unknown[]
  readonly afterTestRunHookDefinitions: readonly unknown[]
}

export interface CucumberRun {
  /** Globs, or `file:line:line`. */
  paths: string[]
  support: IRunOptions['support']
  tags?: string | undefined
  order?: IRunOptions['sources']['order'] | undefined
  dryRun?: boolean | undefined
  /** How often a scenario that did not pass is run again. */
  retry?: number | undefined
  worldParameters?: IRunOptions['runtime']['worldParameters'] | undefined
}

/** The formatter is the cheapest that there is, and writes to nowhere: what there is to say comes from the messages. */
export const runOptions = (run: CucumberRun): IRunOptions => ({
  sources: {
    defaultDialect: 'en',
    paths: run.paths,
    names: [],
    tagExpression: run.tags ?? '',
    order: run.order ?? 'defined',
  },
  support: run.support,
  runtime: {
    dryRun: run.dryRun ?? false,
    failFast: false,
    filterStacktraces: true,
    parallel: 0,
    retry: run.retry ?? 0,
    retryTagFilter: '',
    strict: true,
    worldParameters: run.worldParameters ?? {},
  },
  formats: { stdout: 'rerun', files: {}, publish: false, options: {} },
})
