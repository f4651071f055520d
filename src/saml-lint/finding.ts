/** What is wrong with a document that a service provider wrote, by a rule of ours. */
export interface LintFinding {
  /** The end of a requirement's id: `REQ-02`. */
  rule: string
  message: string
  /** It could not be read at all: nothing is known of the other rules. */
  unreadable?: true
}

export interface LintRule<T> {
  rule: string
  /** What the document must be, in a sentence. */
  title: string
  clause: string
  hint: string
  /** One sentence for each thing that is wrong. */
  check(document: T): string[]
}

export const lint = <T>(document: T, rules: readonly LintRule<T>[]): LintFinding[] =>
  rules.flatMap(({ rule, check }) => check(document).map((message) => ({ rule, message })))

export const unreadable = (findings: readonly LintFinding[]): LintFinding[] =>
  findings.map((finding) => ({ ...finding, unreadable: true }))
