/** The feature files of a contract of the user's own, rendered from the templates that the contracts share. */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Contract } from '../contracts/contract.ts'
import { featuresOfDeclaration } from '../contracts/own/build.ts'
import { declarationSchema } from '../contracts/own/declaration.ts'
import { renderTemplate } from '../contracts/template.ts'
import { packageRoot } from '../core/package-root.ts'
import { featurePaths, stepsFile, suiteRoot } from './package-paths.ts'
import type { SuiteLocation } from './suite.ts'

/**
 * Where the scenarios of a contract are. Those of a user's own are written first, to `.idpact/features/{contract}/`:
 * ordinary Gherkin, which can be read, linked and run again by line.
 *
 * @param cwd the folder of `.idpact/`
 */
export const suiteOf = async (contract: Contract, cwd: string): Promise<SuiteLocation> => {
  if (contract.declared === undefined)
    return { root: suiteRoot(), features: featurePaths(contract.id), steps: [stepsFile()] }
  const folder = join('.idpact', 'features', contract.id)
  await writeFeatures(contract, join(cwd, folder))
  return { root: cwd, features: [`${folder.replaceAll('\\', '/')}/*.feature`], steps: [stepsFile()] }
}

const writeFeatures = async (contract: Contract, folder: string): Promise<void> => {
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  for (const { template, data } of featuresOfDeclaration(declarationSchema.parse(contract.declared))) {
    const text = await readFile(join(packageRoot(), 'features', 'templates', `${template}.feature`), 'utf8')
    const notice = `# Made by idpact from the contract ${contract.id}@${contract.version}, anew at each run. Do not edit.\n\n`
    await writeFile(join(folder, `${template}.feature`), notice + renderTemplate(text, data))
  }
}
