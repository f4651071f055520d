import { notObservable } from './outcome.ts'
import type { IdpactWorld } from './world.ts'

const ordinals = ['first', 'second', 'third']

/** What Gherkin calls the `first` or `second` environment is one of the account's, by the parameter; others are literal. */
export const environmentNames = (world: IdpactWorld, labels: readonly string[]): string[] => {
  const known = world.context.parameters['productEnvironments'] ?? []
  return labels.map((label) => {
    const index = ordinals.indexOf(label)
    if (index < 0) return label
    const name = typeof known === 'string' ? (index === 0 ? known : undefined) : known[index]
    if (name !== undefined) return name
    throw notObservable({
      code: 'parameter-missing',
      expected: `The account has a ${label} product environment that idpact may name.`,
      actual: `The parameter productEnvironments has ${typeof known === 'string' ? 1 : known.length}.`,
      hint: 'List two or more cloud names under parameters.productEnvironments in idpact.yaml.',
    })
  })
}
