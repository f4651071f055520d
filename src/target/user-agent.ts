/**
 * A browser's behaviour over HTTP, without a browser: cookies, redirects, forms that post themselves, within limits.
 */
import type { Exchange } from '../core/evidence.ts'

export interface Page {
  status: number
  /** Where the agent ended up, after redirects. */
  url: string
  headers: Readonly<Record<string, string>>
  body: string
  /** The SP's `Date` header minus our clock, in ms, where there was one. */
  clockOffsetMs?: number | undefined
}

export interface GetOptions {
  /** False: a redirect is the answer, not something to go after. */
  follow?: boolean
  /** The `Accept` header, where a browser's own is not what is wanted. */
  accept?: string
}

export interface UserAgent {
  get(url: string, options?: GetOptions): Promise<Page>
  /** An ordinary form post (application/x-www-form-urlencoded), redirects followed. */
  postForm(url: string, fields: Readonly<Record<string, string>>): Promise<Page>
  /** A JSON call of a page's script, with the session's cookies. */
  json(method: string, url: string, body?: unknown): Promise<Page>
  /**
   * The form that the page would post by itself (its script calls submit, or a noscript button says so), if there is one.
   * Nothing is posted: a login stops here so that it can be looked at.
   */
  autoForm(page: Page): AutoForm | undefined
  setCookie(url: string, name: string, value: string): Promise<void>
  cookies(url: string): Promise<Readonly<Record<string, string>>>
  /** Everything sent and received so far, redacted, in order. */
  exchanges: readonly Exchange[]
}

export interface AutoForm {
  action: string
  method: 'GET' | 'POST'
  fields: Readonly<Record<string, string>>
}
