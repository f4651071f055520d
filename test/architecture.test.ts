import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

/**
 * Who may import whom (docs/architecture.md). A part is a folder; `mock-idp/client` is a part of its own, because it is
 * all that the outside may know of the mock IdP while it runs.
 */
const arrows: Record<string, readonly string[]> = {
  'src/core': [],
  'src/contracts': ['src/core'],
  'src/config': ['src/core', 'src/contracts'],
  'src/target': ['src/core', 'src/contracts', 'src/config'],
  'mock-idp/client': ['src/core'],
  'mock-idp': ['src/core', 'mock-idp/client'],
  'src/reference-sp': ['src/core'],
  'src/saml-lint': [],
  steps: ['src/core', 'src/contracts', 'src/target', 'src/saml-lint', 'mock-idp/client'],
  'src/report': ['src/core', 'src/contracts'],
  'src/certificate': ['src/core', 'src/report'],
  'src/certify': [
    'src/core',
    'src/config',
    'src/target',
    'src/contracts',
    'src/report',
    'mock-idp',
    'mock-idp/client',
    'src/reference-sp',
  ],
  'src/cucumber': ['src/core', 'src/target', 'src/certify', 'src/report'],
  'src/testing': ['src/core', 'src/target', 'src/certify', 'src/report', 'mock-idp', 'mock-idp/client'],
  'src/cli': ['*'],
}

const root = fileURLToPath(new URL('..', import.meta.url))

/** `mock-idp/client.ts` and the shapes it is typed with count as the client. */
const clientFiles = new Set([
  'mock-idp/client.ts',
  'mock-idp/provisioning-client.ts',
  'mock-idp/admin/schema.ts',
  'mock-idp/admin/profile-shapes.ts',
  'mock-idp/admin/provisioning-shapes.ts',
  'mock-idp/saml/encryption-plan.ts',
  'mock-idp/saml/signing-plan.ts',
])

const partOf = (file: string): string => {
  if (clientFiles.has(file)) return 'mock-idp/client'
  const [first = '', second = ''] = file.split('/')
  return first === 'src' ? `src/${second}` : first
}

interface Arrow {
  from: string
  to: string
}

const importsOf = (file: string): Arrow[] =>
  [...readFileSync(join(root, file), 'utf8').matchAll(/(?:from|import\()\s*'(\.[^']+)'/g)].map((match) => ({
    from: file,
    to: relative(root, resolve(root, dirname(file), match[1] ?? '')),
  }))

const sources = ['src', 'mock-idp', 'steps'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name)),
)

const forbidden = (all: readonly Arrow[]): string[] =>
  all
    .filter(({ from, to }) => {
      const [here, there] = [partOf(from), partOf(to)]
      const allowed = arrows[here] ?? []
      return here !== there && !allowed.includes('*') && !allowed.includes(there)
    })
    .map(({ from, to }) => `${from} → ${to}`)

describe('the arrows between the parts', () => {
  const all = sources.flatMap(importsOf)

  it('sees the imports at all', () => {
    expect(all.length).toBeGreaterThan(100)
    expect(forbidden([{ from: 'mock-idp/index.ts', to: 'src/contracts/contract.ts' }])).toHaveLength(1)
  })

  it('every part is named here', () => {
    expect([...new Set(sources.map(partOf))].filter((part) => !(part in arrows))).toEqual([])
  })

  it('none goes where it must not', () => {
    expect(forbidden(all)).toEqual([])
  })
})

/** Where contracts are put into a list; everything else must not know which there are. */
const listsOfContracts = [
  'src/contracts/index.ts',
  'src/contracts/generated-features.ts',
  'src/reference-sp/profiles.ts',
  'src/reference-sp/rules/rules.ts',
]

describe('a contract is data', () => {
  const ofContract = /^src\/(?:contracts|reference-sp)\/(cloudinary|imagekit|cloudsmith)\//

  it('nothing outside its own folders imports from them', () => {
    const from = sources
      .flatMap(importsOf)
      .filter(({ from, to }) => ofContract.test(to) && ofContract.exec(from)?.[1] !== ofContract.exec(to)?.[1])
      .map(({ from }) => from)
    expect([...new Set(from)].sort()).toEqual([...listsOfContracts].sort())
  })

  it('nothing asks which contract it is', () => {
    const asks = /(?:===|!==|case) '(?:cloudinary|imagekit|cloudsmith)(?:@\d+)?'/
    // "idpact okta setup cloudinary" is the name of a guide, beside files.
    expect(sources.filter((file) => asks.test(readFileSync(join(root, file), 'utf8')))).toEqual([
      'src/cli/okta/setup-run.ts',
    ])
  })
})
