import { randomBytes } from 'node:crypto'
import { parse } from 'node:path'
import { rulesWith } from './defects/defects.ts'
import type { Profile } from './profile.ts'
import type { Rules } from './rules/rules.ts'
import { createVerification } from './saml/verifier.ts'
import { createSp, type Sp, type SpOptions } from './sp.ts'

/** The whole service: its organisations, which share nothing but where they are and what is broken on purpose. */
export interface Service {
  readonly profile: Profile
  /** Where it answers, without a slash at the end. */
  readonly url: string
  /** The one under test first. */
  readonly organisations: readonly [Sp, ...Sp[]]
  /** Opens the settings API. */
  readonly adminToken: string
  readonly onProblem: (message: string) => void
  rules(): Rules
  defects(): readonly string[]
  /** @throws UsageError for an unknown id; then nothing has changed. */
  arm(defects: readonly string[]): void
  /** Everything as after the first start, in a few milliseconds; the defects given, or those of the start. */
  reset(defects?: readonly string[]): void
  close(): Promise<void>
}

/** The organisation of this name. */
export const organisationOf = ({ organisations }: Service, name: string): Sp | undefined =>
  organisations.find((one) => one.organisation === name)

export interface ServiceOptions extends SpOptions {
  defects: readonly string[]
}

/** @throws UsageError for a defect that there is not; ConfigError for a database that cannot be used */
export const createService = async (profile: Profile, url: string, options: ServiceOptions): Promise<Service> => {
  // Before a database is opened: an unknown defect leaves nothing behind.
  let rules = rulesWith(profile, options.defects)
  let armed = options.defects
  const verification = createVerification()
  const open = (organisation: string, at: number): Promise<Sp> =>
    createSp(
      { profile, organisation, url, verification, rules: () => rules },
      {
        ...options,
        database: at === 0 ? options.database : databaseBeside(options.database, organisation),
        // Of the others nobody knows yet whom they trust.
        metadata: at === 0 ? options.metadata : undefined,
      },
    )
  const [first, ...others] = profile.organisations
  const organisations: [Sp, ...Sp[]] = [await open(first, 0)]
  for (const [at, organisation] of others.entries()) organisations.push(await open(organisation, at + 1))
  const arm = (defects: readonly string[]): void => {
    rules = rulesWith(profile, defects)
    armed = defects
  }
  return {
    profile,
    url,
    organisations,
    adminToken: organisations[0].store.once('admin-token', () => randomBytes(24).toString('base64url')),
    onProblem: options.onProblem,
    rules: () => rules,
    defects: () => armed,
    arm,
    reset: (defects = options.defects) => {
      arm(defects)
      for (const sp of organisations) sp.reset()
    },
    close: async () => {
      await verification.stop()
      for (const sp of organisations) sp.close()
    },
  }
}

/** Each organisation keeps its accounts in a file of its own: what one knows never is in the other's. */
const databaseBeside = (file: string, organisation: string): string => {
  if (file === ':memory:') return file
  const { dir, name, ext } = parse(file)
  return `${dir === '' ? '' : `${dir}/`}${name}-${organisation}${ext}`
}
