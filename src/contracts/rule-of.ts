import { InternalError } from '../core/errors.ts'
import type { Contract } from './contract.ts'
import type { TemplateData } from './template.ts'

/**
 * What a template needs of a requirement to make a Rule of it.
 *
 * @throws InternalError for an id that the contract does not have
 * @example ruleOf(cloudinary)('CLD-PROV-03') // { id: 'CLD-PROV-03', statement: 'First successful …' }
 */
export const ruleOf =
  (contract: Contract) =>
  (id: string): TemplateData & { id: string; statement: string } => {
    const found = contract.requirements.find((one) => one.id === id)
    if (found === undefined) throw new InternalError(`No requirement ${id}`, { code: 'unknown-requirement' })
    return { id: found.id, statement: found.statement }
  }
