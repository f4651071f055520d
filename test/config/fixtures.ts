import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Contract } from '../../src/contracts/contract.ts'

/** A small contract: what the config is held against. */
export const contract: Contract = {
  id: 'cloudinary',
  version: 1,
  title: 'Cloudinary',
  areas: [],
  requirements: [],
  attributes: [],
  directory: {},
  roles: { values: ['master_admin', 'media_library_user'], default: 'media_library_user', strongest: 'master_admin' },
  nameIdFormat: 'emailAddress',
  settings: { enforce: { title: 'Enforce', values: ['on', 'off'], default: 'off' } },
  expect: { 'saml.absentOptional': { title: 'x', values: ['keep', 'reset', 'unchecked'], default: 'unchecked' } },
  parameters: {
    accountId: { title: 'the account id', type: 'string', required: true },
    productEnvironments: { title: 'the environments', type: 'string[]', required: false },
  },
}

export const contracts = [contract]

export const folder = (): string => mkdtempSync(join(tmpdir(), 'idpact-config-'))

export const writeConfig = (text: string | Uint8Array, name = 'idpact.yaml'): string => {
  const file = join(folder(), name)
  writeFileSync(file, text)
  return file
}

export const smallest = `contract: cloudinary@1
target:
  saml:
    acs: https://sp.example.test/acs
    audience: https://sp.example.test
parameters:
  accountId: abc
`
