import type { Provisioning } from '../admin/provisioning-shapes.ts'
import { parseExpression } from '../directory/expressions/parse.ts'
import { checkAttributes, checkMappings } from '../directory/profile-schema.ts'
import { parseExternalName } from '../scim/external-name.ts'
import { attributesOf } from './person.ts'

/**
 * Refuses settings that could not be used later, when they are made and not at the first push.
 *
 * @throws UsageError `bad-attribute`, `bad-mapping`, `bad-expression`, `bad-external-name`
 */
export const checkProvisioning = (label: string, settings: Provisioning): void => {
  const attributes = attributesOf(settings)
  checkAttributes(`the application ${label}`, attributes)
  for (const { name, externalName = name } of attributes) parseExternalName(externalName)
  checkMappings(
    `the mappings to the application ${label}`,
    settings.mappings,
    attributes.map(({ name }) => name),
  )
  checkMappings(`the mappings from the application ${label}`, settings.importMappings)
  if (settings.userName !== undefined) parseExpression(settings.userName)
}
