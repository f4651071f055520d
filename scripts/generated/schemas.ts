import { directoryJsonSchema } from '../../mock-idp/directory-file/schema.ts'
import { contractJsonSchema } from '../../src/config/contract-file.ts'
import { configJsonSchema } from '../../src/config/json-schema.ts'
import { reportJsonSchema } from '../../src/report/json.ts'
import type { GeneratedFile } from './generated-file.ts'

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`

/** For editors: what may stand in a file, while it is typed. */
export const schemaFiles: readonly GeneratedFile[] = [
  { path: 'schemas/idpact.schema.json', make: () => json(configJsonSchema()) },
  { path: 'schemas/contract.schema.json', make: () => json(contractJsonSchema()) },
  { path: 'schemas/report.schema.json', make: () => json(reportJsonSchema()) },
  { path: 'schemas/directory.schema.json', make: () => json(directoryJsonSchema()) },
]
