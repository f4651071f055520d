/** The parts that are optional for whoever sets an application up: `--only` names them. */
export const setupParts = ['application', 'user-attributes', 'group-attributes'] as const
export type SetupPart = (typeof setupParts)[number]

export interface SetupOptions {
  environment?: string[]
  only?: string[]
  print?: true
}
