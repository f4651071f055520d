// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the syntax of the file
import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadConfig } from '../../src/config/load.ts'
import { ConfigError } from '../../src/core/errors.ts'
import { contracts, folder, smallest, writeConfig } from './fixtures.ts'

const env = {
  SP_SECRET: 'planted-marker-1',
  SP_TOKEN: 'planted-marker-2',
  EMPTY: '',
  SP_TENANT: 'acme',
  SP_TOKEN_URL: 'https://sp.example.test/token',
}

const load = (text: string | Uint8Array) => loadConfig(writeConfig(text), { env, contracts })

const refusal = async (loading: Promise<unknown>): Promise<ConfigError> => {
  const error = await loading.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(ConfigError)
  return error as ConfigError
}

describe('a good idpact.yaml', () => {
  it('is short, and the rest has defaults', async () => {
    const config = await load(smallest)
    expect(config.contract).toEqual({ id: 'cloudinary', version: 1 })
    expect(config.target.saml?.acs).toEqual(['https://sp.example.test/acs'])
    expect(config.target.users).toEqual({ emailDomain: 'example.test', fixtures: [] })
    expect(config.target.http.timeoutMs).toBe(10_000)
    expect(config.target.settleMs).toBe(2000)
    expect(config.expect).toEqual({ 'saml.absentOptional': 'unchecked' })
    expect(config.allow).toEqual([])
  })

  it('says everything that the ports need', async () => {
    const config = await load(`# yaml-language-server: $schema=schemas/idpact.schema.json
contract: cloudinary@1
idp: { entityId: urn:x, keyFile: .idpact/idp.key.pem }
target:
  name: our staging SP
  http: { headers: { x-preview: "\${SP_TOKEN}", accept: text/plain }, timeoutMs: 5000, maxPerSecond: 20 }
  saml:
    acs: [https://sp.example.test/a, https://sp.example.test/b]
    audience: [https://sp.example.test/1, https://sp.example.test/2]
    start: https://sp.example.test/sso?email={email}&acs={acs}
  session: { url: https://sp.example.test/api/me, identity: /email, role: /role }
  passwordLogin: { driver: http, url: https://sp.example.test/login, fields: { user: '{email}', password: '{password}' } }
  accounts: { driver: cloudinary-provisioning-api, accountId: abc, key: kkkk, secret: "\${SP_SECRET}" }
  outbox: { driver: smtp, port: 0 }
  settings: { enforce: off }
  users: { emailDomain: idpact.example.test, fixtures: [{ role: master_admin, email: a@idpact.example.test }] }
parameters: { accountId: abc, productEnvironments: prod }
allow: [settings]
expect: { saml.absentOptional: keep }
`)
    expect(config.target.accounts).toMatchObject({ secret: 'planted-marker-1' })
    expect(config.target.http.headers).toEqual({ 'x-preview': 'planted-marker-2', accept: 'text/plain' })
    expect(config.target.settings).toEqual({ enforce: 'off' })
    expect(config.parameters['productEnvironments']).toEqual(['prod'])
    expect(config.expect).toEqual({ 'saml.absentOptional': 'keep' })
    expect(config.idp.keyFile).toBe(join(dirname(config.file), '.idpact/idp.key.pem'))
    expect(config.target.secrets.toSorted()).toEqual(['kkkk', 'planted-marker-1', 'planted-marker-2'])
  })

  it('of SCIM, what opens it is secret, and where it is is not', async () => {
    const config = await load(`contract: cloudinary@1
target:
  scim:
    baseUrl: https://sp.example.test/scim/v2
    auth:
      type: oauth2
      authorizationUrl: "https://sp.example.test/auth?scope=openid offline provision:scim&tenant=\${SP_TENANT}"
      tokenUrl: "\${SP_TOKEN_URL}"
      clientId: idpact
      clientSecret: "\${SP_SECRET}"
    consent: { driver: tokens, accessToken: aaaa, refreshToken: "\${SP_TOKEN}" }
parameters: { accountId: abc, productEnvironments: prod }
`)
    expect(config.target.scim?.auth).toMatchObject({
      authorizationUrl: 'https://sp.example.test/auth?scope=openid offline provision:scim&tenant=acme',
      tokenUrl: 'https://sp.example.test/token',
      clientAuth: 'basic',
    })
    expect(config.target.scim?.timeoutMs).toBe(60_000)
    expect(config.target.saml).toBeUndefined()
    expect(config.target.secrets.toSorted()).toEqual(['aaaa', 'planted-marker-1', 'planted-marker-2'])
  })

  it('of SCIM by a header, the value is secret though it stands in the file', async () => {
    const auth = 'scim: { baseUrl: "https://sp.example.test/scim", auth: { type: header, value: Bearer planted } }'
    const config = await load(smallest.replace('target:', () => `target:\n  ${auth}`))
    expect(config.target.secrets).toEqual(['Bearer planted'])
  })

  it('finds a module of consent beside the file', async () => {
    const text = `contract: cloudinary@1
target:
  scim:
    baseUrl: https://sp.example.test/scim
    auth: { type: oauth2, authorizationUrl: "https://sp.example.test/a", tokenUrl: "https://sp.example.test/t", clientId: a, clientSecret: b }
    consent: { driver: module, module: ./consent.ts }
parameters: { accountId: abc, productEnvironments: prod }
`
    const file = writeConfig(text)
    expect((await refusal(loadConfig(file, { env, contracts }))).code).toBe('missing-file')
    writeFileSync(join(dirname(file), 'consent.ts'), '')
    const config = await loadConfig(file, { env, contracts })
    expect(config.target.scim?.consent).toEqual({ driver: 'module', module: join(dirname(file), 'consent.ts') })
  })

  it('keeps the characters ${ where $${ is written', async () => {
    const config = await load(smallest.replace('target:', () => 'target:\n  name: "$${SP_SECRET}"'))
    expect(config.target.name).toBe('${SP_SECRET}')
  })

  it('finds a module beside the file, and says so when there is none', async () => {
    const text = `${smallest.replace('target:', 'target:\n  admin: { driver: module, module: ./admin.ts }')}`
    const file = writeConfig(text)
    const error = await refusal(loadConfig(file, { env, contracts }))
    expect(error.code).toBe('missing-file')
    expect(error.message).toMatch(/^idpact\.yaml:3:36 /)
    writeFileSync(join(dirname(file), 'admin.ts'), '')
    const config = await loadConfig(file, { env, contracts })
    expect(config.target.admin).toEqual({ driver: 'module', module: join(dirname(file), 'admin.ts') })
  })
})

const bad: [name: string, text: string, code: string, message: RegExp, hint?: RegExp][] = [
  ['an empty file', '', 'config-empty', /idpact\.yaml is empty/, /contract and target\.saml/],
  ['only a comment', '# nothing\n', 'config-empty', /is empty/],
  ['no mapping', 'hello\n', 'wrong-type', /idpact\.yaml:1:1 the file must be a mapping, and is text/],
  ['malformed YAML', 'contract: cloudinary@1\ntarget: [1,\n', 'config-malformed', /idpact\.yaml:3:1 is not YAML/],
  ['a key twice', 'contract: a@1\ncontract: b@1\n', 'config-malformed', /idpact\.yaml:2:1 is not YAML: .*unique/],
  ['a tag', 'contract: !!js/function x\n', 'config-malformed', /idpact\.yaml:1:11 .*[Tt]ag/],
  ['${X} without quotes in { }', 'a: { b: ${X} }\n', 'config-malformed', /idpact\.yaml:1:/, /in quotes/],
  [
    'an unknown key',
    smallest.replace('parameters', 'paramters'),
    'unknown-key',
    /idpact\.yaml:6:1 paramters is unknown; did you mean parameters\?/,
  ],
  [
    'an unknown key inside',
    smallest.replace('    audience', '    audiance'),
    'unknown-key',
    /idpact\.yaml:5:5 target\.saml\.audiance is unknown; did you mean audience\?/,
  ],
  [
    'a key of another driver',
    smallest.replace('target:', 'target:\n  accounts: { driver: http, baseUrl: "https://x.test", accountId: 1 }'),
    'unknown-key',
    /idpact\.yaml:3:56 target\.accounts\.accountId is unknown/,
    /findById/,
  ],
  [
    'an unknown driver',
    smallest.replace('target:', 'target:\n  accounts: { driver: cloudinary }'),
    'unknown-value',
    /idpact\.yaml:3:23 target\.accounts\.driver must be one of cloudinary-provisioning-api, http, cloudsmith-api, module, and is cloudinary/,
  ],
  [
    'a missing key',
    'contract: cloudinary@1\ntarget:\n  saml: { audience: urn:x }\n',
    'missing-key',
    /idpact\.yaml:3:9 target\.saml\.acs is missing/,
  ],
  [
    'neither SAML nor SCIM',
    'contract: cloudinary@1\ntarget:\n  name: x\n',
    'bad-value',
    /idpact\.yaml:3:3 target needs saml or scim/,
  ],
  [
    'no URL',
    smallest.replace('https://sp.example.test/acs', 'sp.example.test'),
    'bad-value',
    /idpact\.yaml:4:10 target\.saml\.acs must be an absolute http/,
  ],
  [
    'a URL with a password',
    smallest.replace('https://sp', 'https://u:planted@sp'),
    'bad-value',
    /must not carry a user name or password/,
  ],
  [
    'an empty list',
    smallest.replace('https://sp.example.test/acs', '[]'),
    'bad-value',
    /idpact\.yaml:4:10 target\.saml\.acs must not be an empty list/,
  ],
  [
    'a list that does not match',
    smallest.replace('audience: https://sp.example.test', 'audience: [a, b]'),
    'bad-value',
    /idpact\.yaml:5:15 target\.saml\.audience has 2 entries, and acs has 1/,
  ],
  [
    'a number for text',
    smallest.replace('abc', '123'),
    'wrong-type',
    /idpact\.yaml:7:14 parameters\.accountId must be text, and is a number/,
    /quotes/,
  ],
  [
    'an empty parameter',
    smallest.replace('accountId: abc', "accountId: ''"),
    'empty',
    /idpact\.yaml:7:14 parameters\.accountId must not be empty/,
  ],
  [
    'true for on',
    smallest.replace('target:', 'target:\n  settings: { enforce: true }'),
    'wrong-type',
    /idpact\.yaml:3:24 target\.settings\.enforce must be text, and is true or false/,
    /on or off/,
  ],
  [
    'an unknown setting',
    smallest.replace('target:', 'target:\n  settings: { enforced: on }'),
    'unknown-key',
    /idpact\.yaml:3:15 target\.settings\.enforced is unknown to cloudinary@1; did you mean enforce\?/,
  ],
  [
    'an unknown value of a setting',
    smallest.replace('target:', 'target:\n  settings: { enforce: maybe }'),
    'unknown-value',
    /idpact\.yaml:3:24 target\.settings\.enforce must be one of on, off, and is maybe/,
  ],
  [
    'an unknown expectation',
    `${smallest}expect: { saml.absent: keep }\n`,
    'unknown-key',
    /idpact\.yaml:8:11 expect\.saml\.absent is unknown/,
    /saml\.absentOptional/,
  ],
  [
    'an unknown value of one',
    `${smallest}expect: { saml.absentOptional: kept }\n`,
    'unknown-value',
    /keep, reset, unchecked, and is kept; did you mean keep\?/,
  ],
  [
    'an unknown consent',
    `${smallest}allow: [setting]\n`,
    'unknown-value',
    /idpact\.yaml:8:9 allow\.0 must be one of settings, admin-accounts, heavy-payloads, and is setting; did you mean settings\?/,
  ],
  [
    'an unknown role',
    smallest.replace('target:', 'target:\n  users: { fixtures: [{ role: master, email: a@b.test }] }'),
    'unknown-value',
    /idpact\.yaml:3:31 .*and is master/,
  ],
  [
    'a parameter too much',
    `${smallest}  acountId: x\n`,
    'unknown-key',
    /idpact\.yaml:8:3 parameters\.acountId is unknown to cloudinary@1; did you mean accountId\?/,
  ],
  [
    'a parameter that is missing',
    smallest.replace('accountId: abc', 'productEnvironments: [a]'),
    'missing-key',
    /parameters\.accountId is missing: cloudinary@1 asks for it/,
  ],
  [
    'an unknown contract',
    smallest.replace('cloudinary@1', 'cloudinery@1'),
    'unknown-contract',
    /idpact\.yaml:1:11 the contract is unknown; did you mean cloudinary@1\?/,
    /cloudinary@1/,
  ],
  [
    'no version of the contract',
    smallest.replace('cloudinary@1', 'cloudinary'),
    'bad-value',
    /idpact\.yaml:1:11 contract must be a contract and its version/,
  ],
  [
    'a missing variable',
    smallest.replace('abc', '${NOT_THERE}'),
    'missing-secret',
    /idpact\.yaml:7:14 the environment variable NOT_THERE is not set \(parameters\.accountId\)/,
    /export NOT_THERE=/,
  ],
  ['an empty variable', smallest.replace('abc', '${EMPTY}'), 'missing-secret', /EMPTY is empty/],
  [
    'a variable in a key',
    `${smallest}"\${SP_TOKEN}": x\n`,
    'variable-in-key',
    /idpact\.yaml:8:1 a variable stands in a key/,
  ],
  ['no name in a variable', smallest.replace('abc', '${a b}'), 'bad-variable', /does not name a variable/],
  [
    'a misspelt placeholder',
    smallest.replace(
      'target:',
      'target:\n  accounts: { driver: http, baseUrl: "https://x.test", find: { url: "/u?e={emial}" } }',
    ),
    'unknown-placeholder',
    /idpact\.yaml:3:69 target\.accounts\.find\.url: \{emial\} is no placeholder here; did you mean \{email\}\?/,
  ],
  [
    'a misspelt placeholder of the second organisation',
    smallest.replace(
      'target:',
      'target:\n  tenants: { b: { accounts: { driver: http, baseUrl: "https://x.test", find: { url: "/u?e={emial}" } } } }',
    ),
    'unknown-placeholder',
    /target\.tenants\.b\.accounts\.find\.url: \{emial\} is no placeholder here/,
  ],
  [
    'a time limit of nothing',
    smallest.replace('target:', 'target:\n  http: { timeoutMs: 0 }'),
    'bad-value',
    /idpact\.yaml:3:22 target\.http\.timeoutMs must be at least 1/,
  ],
]

describe('a wrong idpact.yaml is refused with its place', () => {
  it.each(bad)('%s', async (_name, text, code, message, hint) => {
    const error = await refusal(load(text))
    expect(error.message).toMatch(message)
    expect(error.code).toBe(code)
    if (hint !== undefined) expect(error.hint).toMatch(hint)
  })

  it('names every mistake, each with its line', async () => {
    const error = await refusal(load('contract: cloudinary\ntarget: { nam: x }\nalow: []\n'))
    expect(error.message.split('\n')).toHaveLength(5)
    expect(error.message).toMatch(
      /^4 things are wrong:\n.*2:11 target\.nam .*did you mean name.*\n.*3:1 alow .*\n.*1:11 contract /,
    )
  })

  it('a file that is not there', async () => {
    const error = await refusal(loadConfig(join(folder(), 'idpact.yaml'), { env, contracts }))
    expect(error.code).toBe('config-missing')
    expect(error.hint).toMatch(/--config/)
  })

  it('a folder', async () => {
    expect((await refusal(loadConfig(folder(), { env, contracts }))).message).toMatch(/it is a folder/)
  })

  it('bytes that are no text', async () => {
    expect((await refusal(load(new Uint8Array([0x63, 0xff, 0xfe, 0x00])))).code).toBe('config-not-text')
  })

  it('a file that is far too large', async () => {
    expect((await refusal(load('#'.repeat(1_000_001)))).code).toBe('config-too-large')
  })

  it('aliases that grow without end', async () => {
    const rows = Array.from({ length: 9 }, (_, i) => `a${i + 1}: &a${i + 1} [${`*a${i},`.repeat(9)}]`)
    const error = await refusal(load(['a0: &a0 [x]', ...rows].join('\n')))
    expect(error.code).toBe('config-malformed')
    expect(error.message).toMatch(/alias/i)
  })

  it('a hundred thousand brackets', async () => {
    expect((await refusal(load(`a: ${'['.repeat(100_000)}`))).code).toMatch(/config-(too-deep|malformed)/)
  })

  it('never shows what came from the environment', async () => {
    const texts = [
      smallest.replace('https://sp.example.test/acs', '"${SP_SECRET}"'),
      `${smallest}allow: ["\${SP_SECRET}"]\n`,
      `${smallest}expect: { saml.absentOptional: "\${SP_SECRET}" }\n`,
      smallest.replace('cloudinary@1', '"${SP_SECRET}"'),
      smallest.replace('target:', 'target:\n  users: { fixtures: [{ role: "${SP_SECRET}", email: "${SP_TOKEN}" }] }'),
      smallest.replace('target:', 'target:\n  admin: { driver: module, module: "${SP_SECRET}" }').replace('abc', '[]'),
    ]
    for (const text of texts) {
      const error = await refusal(load(text))
      expect(`${error.message} ${error.hint} ${JSON.stringify(error)}`).not.toContain('planted-marker')
    }
  })
})
