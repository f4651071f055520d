/**
 * How one identity provider's SCIM client talks: data, with source and date. A new persona is one more value of this type.
 */
export interface ScimPersona {
  id: string
  title: string
  /** What the shape was taken from, and the date of the newest exchange seen. */
  source: string
  asOf: string
  /** Of every call. */
  headers: Readonly<Record<string, string>>
  /** Of POST, PUT and PATCH, and of DELETE too. */
  contentType: string
  /** A space in a filter: `%20`, or `+` as a form writes it. */
  filterSpace: '%20' | '+'
  /** Entries of a page, of lookups and of imports. */
  pageSize: number
  /** The calls of the connector test, in their order. */
  connectorTest: readonly string[]
  /** `put`: GET, then PUT of the whole with the change in it. `patch`: one PATCH without a path. */
  activation: 'put' | 'patch'
  password: 'put' | 'patch'
  /** Name and members. `put`: GET, then PUT with the full list. `patch`: what has changed. */
  groups: 'put' | 'patch'
  /** Members in one PATCH at most. */
  memberBatch: number
  /** "Push Now" of a group without members: `replace` of the path `members` by `[]`, or of the group without a path. */
  emptyGroup: 'path' | 'no-path'
  retry: {
    /** Where `Retry-After` is no whole number of seconds; doubled each time. ms. */
    waitMs: number
    attempts: number
  }
}
