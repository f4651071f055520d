import type { ExpressionFunction } from './functions.ts'

/** An expression of Okta's expression language, checked and ready. */
export interface Expression {
  readonly text: string
  readonly root: Node
}

/** Chains (`a + b + c`, `a ? b : c ? d : e`) are one node each, so that only brackets make a tree deep. */
export type Node =
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null }
  | { readonly kind: 'attribute'; readonly of: ProfileName; readonly name: string }
  | { readonly kind: 'sum' | 'and' | 'or'; readonly terms: readonly Node[] }
  | { readonly kind: 'equal' | 'unequal'; readonly left: Node; readonly right: Node }
  | { readonly kind: 'not'; readonly operand: Node }
  | { readonly kind: 'choice'; readonly branches: readonly Branch[]; readonly otherwise: Node }
  | { readonly kind: 'call'; readonly called: ExpressionFunction; readonly args: readonly Node[] }

export interface Branch {
  readonly condition: Node
  readonly value: Node
}

/** What stands before the dot in an expression, and the profile that it means. */
export const profileNames = { user: 'user', appuser: 'appUser', group: 'group' } as const

export type ProfileName = (typeof profileNames)[keyof typeof profileNames]

export const isProfileName = (name: string): name is keyof typeof profileNames => Object.hasOwn(profileNames, name)
