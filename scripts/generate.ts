/**
 * Writes what is made from something else: the feature files that come from templates. Run it after a change of a template
 * or of a contract; a test says when it was forgotten.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { generatedFeatures } from '../src/contracts/generated-features.ts'
import { packageRoot } from '../src/core/package-root.ts'

const features = join(packageRoot(), 'features')

for (const { template, file, render } of generatedFeatures) {
  writeFileSync(join(features, file), render(readFileSync(join(features, template), 'utf8')))
  console.log(`features/${file}`)
}
