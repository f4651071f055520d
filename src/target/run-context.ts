/**
 * Everything that a world needs to know of its run: `worldParameters.idpact`. JSON only, because cucumber hands it to
 * worker threads. Secrets of the target are in it; never print it.
 */
import type { TargetConfig } from '../config/schema.ts'

export interface RunContext {
  idp: {
    /** Where the mock IdP answers (its control API too). */
    url: string
    /** The org of this run: the IdP that the SP trusts. */
    org: string
    /** An org of shape `plain`: an IdP that is not Okta. */
    plainOrg: string
    /** The org that the second organisation of the target trusts. */
    orgOfB: string
    /** Where the org's journal stood before the SP was set for this phase: what was fetched later is of this phase. */
    journalSince?: number
  }
  contract: { id: string; version: number; declared?: Readonly<Record<string, unknown>> }
  target: TargetConfig
  /** The SP's settings in this phase, every setting of the contract. */
  settings: Readonly<Record<string, string>>
  /** What the target declares where the documentation leaves a choice, every knob of the contract. */
  expect: Readonly<Record<string, string>>
  parameters: Readonly<Record<string, string | string[]>>
  run: {
    id: string
    /** What the names of everything made in this run start with. */
    prefix: string
    seed: number
  }
  users: {
    emailDomain: string
    /** NameIDs of two accounts that there are at the SP, where it makes none by itself. */
    user?: string
    victim?: string
  }
  /** Whether the mock IdP and the SP go away with this run, and all that is in them: then nothing has to be removed. */
  disposable?: boolean
  /** What is left at the SP, for somebody to look at: of every scenario, or of those that failed. */
  keep?: 'all' | 'failed'
  /** Absolute path of the ledger: what was made at the SP. */
  ledgerFile: string
  /** Where the mail that the SP sends to idpact's own SMTP sink can be read. */
  outboxUrl?: string
  /** A real browser as user agent, where that is asked for. */
  browser?: 'headless' | 'headed'
  /** Consents of the user. */
  allow: readonly string[]
}
