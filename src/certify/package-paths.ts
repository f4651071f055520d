/**
 * Where the scenarios and steps that idpact brings are: in a checkout the TypeScript sources, in the installed package the
 * built JavaScript under `dist/`. Feature files are at the root of both.
 */
import { join } from 'node:path'
import { isCheckout, packageRoot } from '../core/package-root.ts'

const code = (...path: string[]): string =>
  isCheckout() ? `${join(packageRoot(), ...path)}.ts` : `${join(packageRoot(), 'dist', ...path)}.js`

/** The folder that the feature files of reports are named relative to. */
export const suiteRoot = (): string => packageRoot()

/** Feature files of a contract, for `sources.paths` of cucumber's API, relative to {@link suiteRoot}. */
export const featurePaths = (contractId: string): string[] => [
  `features/${contractId}/**/*.feature`,
  // People over several protocols; a file is named after its contract.
  `features/journeys/${contractId}-*.feature`,
]

/** All our step definitions, for cucumber's `import`; one absolute file. */
export const stepsFile = (): string => code('steps', 'index')

/** Makes cucumber's run stoppable; see stop-hook.ts. */
export const stopHookFile = (): string => code('src', 'certify', 'stop-hook')
