import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { readDirectoryFile } from '../mock-idp/directory-file/read.ts'

it('the directory file that docs/mock-idp.md shows can be read', () => {
  const page = readFileSync(new URL('../docs/mock-idp.md', import.meta.url), 'utf8')
  const [, yaml = ''] = /^```yaml directory\.yaml\n([\s\S]*?)^```$/m.exec(page) ?? []
  const { users, applications } = readDirectoryFile('directory.yaml', yaml)
  expect(users).toHaveLength(1)
  expect(applications).toHaveLength(1)
})
