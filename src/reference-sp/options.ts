import type { Clock } from '../core/clock.ts'
import type { SmtpServer } from './mailer.ts'
import type { ContractId, Infos } from './profiles.ts'
import type { MetadataSource } from './store/settings.ts'

/** What a reference SP can be started with; JSON, so that it can be started in another process. */
export interface ReferenceSpOptions<C extends ContractId = 'cloudinary'> {
  /** Whose promises it keeps; Cloudinary's unless given. */
  contract?: C
  /** 0, the default, takes a free one. */
  port?: number
  host?: string
  /** A path; in memory unless given. */
  database?: string
  /** The identity provider that is trusted from the start; SAML login is on then. */
  metadata?: MetadataSource
  /** Ids of requirements to break. */
  defects?: string[]
  /** Where invitations are sent; without it nobody gets mail. */
  smtp?: SmtpServer
  /** Where the OAuth 2 server may send codes: the callbacks of identity providers. None unless given. */
  redirectUris?: string[]
  /** How long access tokens live, in whole seconds; 3600 unless given. */
  accessTokenSeconds?: number
}

/** What only a reference SP in this process can be given. */
export interface InProcessOptions {
  clock?: Clock
  /** Told what went wrong where nobody waits for an answer: mail that was not sent, a bug. Silent unless given. */
  onProblem?: (message: string) => void
}

export interface RunningReferenceSp<C extends ContractId = 'cloudinary'> {
  url: string
  info: Infos[C]
  /**
   * Everything as after the first start, in a few milliseconds: accounts, settings, sessions. With the defects given, or
   * those of the start.
   *
   * @throws UsageError for a defect that does not exist; then nothing has changed.
   */
  reset(options?: { defects?: string[] }): Promise<void>
  stop(): Promise<void>
}

/** One that runs in this process. */
export interface ReferenceSpHere<C extends ContractId = 'cloudinary'> extends RunningReferenceSp<C> {
  /** For people: names and values of what they look for first. */
  overview(): [name: string, value: string][]
}
