import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { generatedFeatures } from '../../src/contracts/generated-features.ts'
import { packageRoot } from '../../src/core/package-root.ts'
import type { GeneratedFile } from './generated-file.ts'

/** Gherkin that several contracts share, rendered for each. */
export const featureFiles: readonly GeneratedFile[] = generatedFeatures.map(({ template, file, render }) => ({
  path: `features/${file}`,
  make: () => render(readFileSync(join(packageRoot(), 'features', template), 'utf8')),
}))
