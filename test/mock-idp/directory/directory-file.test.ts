import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { directoryJsonSchema } from '../../../mock-idp/directory-file/schema.ts'
import type { MockIdp } from '../../../mock-idp/index.ts'
import { startIdp } from '../http/helpers.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'idpact-directory-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const write = (text: string): string => {
  const file = join(folder, 'directory.yaml')
  writeFileSync(file, text)
  return file
}

const good = `users:
  - login: ada@example.test
    firstName: Ada
    costCenter: "42"
  - login: ben@example.test
    status: SUSPENDED
groups:
  - name: Dev
    members: [ada@example.test]
applications:
  - label: App
    saml:
      ssoUrl: https://sp.example.test/acs
      audience: urn:sp
      attributeStatements:
        - { name: cc, values: [user.costCenter] }
    assign:
      groups: [Dev]
`

/** Waits for the journal to say so: no sleeping, and no guess how long a file system takes. */
const nextOf = async (idp: MockIdp, kinds: readonly string[]): Promise<string> => {
  const answer = await fetch(`${idp.url}/_idpact/v1/orgs/default/journal/stream?since=0`)
  let text = ''
  for await (const chunk of answer.body ?? []) {
    text += Buffer.from(chunk as Uint8Array).toString('utf8')
    for (const [, json = '{}'] of text.matchAll(/^data: (.*)$/gm)) {
      const entry = JSON.parse(json) as { kind: string; details: unknown }
      if (kinds.includes(entry.kind)) return JSON.stringify(entry.details)
    }
  }
  throw new Error('the feed ended')
}

describe('a directory file', () => {
  it('is the directory: users, groups, members, applications, assignments', async () => {
    const idp = await startIdp({ directoryFile: write(good) })
    const users = await idp.org().users.list()
    expect(users.map(({ status, profile }) => [profile.login, profile.email, profile['costCenter'], status])).toEqual([
      ['ada@example.test', 'ada@example.test', '42', 'ACTIVE'],
      ['ben@example.test', 'ben@example.test', undefined, 'SUSPENDED'],
    ])
    const [dev] = await idp.org().groups.list()
    expect(await idp.org().groups.members(dev?.id ?? '')).toEqual([users[0]])
    expect(await idp.org().applications.list()).toMatchObject([
      { label: 'App', everyone: false, saml: { audience: 'urn:sp' } },
    ])
  })

  it('is written back by export, and what was written reads the same', async () => {
    const idp = await startIdp({ directoryFile: write(good) })
    const first = await idp.org().directoryYaml()
    expect(first).toContain('costCenter: "42"')
    expect(first).toContain('status: SUSPENDED')
    const again = await startIdp({ directoryFile: write(first) })
    expect(await again.org().directoryYaml()).toBe(first)
  })

  it('is read again when it changes; ids stay, what is gone goes', async () => {
    const file = write(good)
    const idp = await startIdp({ directoryFile: file })
    const [ada] = await idp.org().users.list()
    writeFileSync(file, good.replace('firstName: Ada', 'firstName: Augusta').replace(/ {2}- login: ben.*\n.*\n/, ''))
    await nextOf(idp, ['directory-reloaded'])
    expect(await idp.org().users.list()).toEqual([{ ...ada, profile: { ...ada?.profile, firstName: 'Augusta' } }])
  })

  it('that is wrong after a change leaves the directory as it was, and the journal says what is wrong', async () => {
    const file = write(good)
    const idp = await startIdp({ directoryFile: file })
    writeFileSync(file, good.replace('groups: [Dev]', 'groups: [Dve]'))
    expect(await nextOf(idp, ['error', 'directory-reloaded'])).toContain('did you mean \\"Dev\\"?')
    expect(await idp.org().users.list()).toHaveLength(2)
  })

  it.each([
    [
      'an unknown key',
      good.replace('costCenter', 'costCenter').replace('assign:', 'asign:'),
      /:17:5: applications\.0: unknown key "asign"; did you mean "assign"\?/,
    ],
    [
      'an unknown setting',
      good.replace('audience:', 'audiense:'),
      /:14:7: applications\.0\.saml: unknown key "audiense"; did you mean "audience"\?/,
    ],
    ['a value of the wrong type', good.replace('[ada@example.test]', '7'), /:9:14: groups\.0\.members: /],
    [
      'a URL that is none',
      good.replace('https://sp.example.test/acs', 'nowhere'),
      /:13:15: applications\.0\.saml\.ssoUrl: /,
    ],
    [
      'a member that is not there',
      good.replace('[ada@example.test]', '[adda@example.test]'),
      /:9:15: groups\.0\.members\.0: there is no user "adda@example\.test" in this file; did you mean "ada@example\.test"\?/,
    ],
    [
      'a login that is there twice',
      good.replace('ben@', 'ADA@'),
      /:5:12: users\.1\.login: "ada@example\.test" is there twice/,
    ],
    [
      'an expression that is none',
      good.replace('user.costCenter', 'costCenter'),
      /applications\.0\.saml: The expression "costCenter" is not understood.*user\.costCenter/,
    ],
    ['no YAML', 'users: [', /:1:\d+: /],
    ['a list instead of a map', '- a', /:1:1: the file: /],
  ])('with %s is refused with line and column', async (_what, text, message) => {
    await expect(startIdp({ directoryFile: write(text) })).rejects.toMatchObject({
      code: 'bad-directory-file',
      message: expect.stringMatching(message),
    })
  })

  it('that is not there is named', async () => {
    await expect(startIdp({ directoryFile: join(folder, 'no.yaml') })).rejects.toMatchObject({
      code: 'unreadable-file',
    })
  })

  it('has a JSON Schema for editors', () => {
    const schema = JSON.stringify(directoryJsonSchema())
    for (const word of ['users', 'applications', 'ssoUrl', 'groupAttributeStatements', 'STARTS_WITH'])
      expect(schema).toContain(word)
  })
})
