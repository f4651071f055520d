import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { targetOfFlags, targetWords } from '../../src/cli/target-options.ts'
import { configOfOptions } from '../../src/config/from-options.ts'
import { saml } from '../../src/contracts/saml/contract.ts'
import { IdpactError } from '../../src/core/errors.ts'

const folder = mkdtempSync(join(tmpdir(), 'idpact-options-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const given = {
  acs: ['https://sp.test/acs'],
  entityId: 'https://sp.test',
  session: 'https://sp.test/me',
  identity: '/email',
}
const none = { expect: [], allow: [] }

const problem = async (attempt: () => unknown): Promise<string> => {
  try {
    await attempt()
  } catch (error) {
    if (error instanceof IdpactError) return `${error.message} ${error.hint ?? ''}`
    throw error
  }
  throw new Error('nothing was wrong')
}

describe('a target without a file', () => {
  it('is what a file would say', () => {
    const config = configOfOptions(
      {
        ...given,
        ...none,
        start: 'https://sp.test/login?who={email}',
        singleLogout: { post: 'https://sp.test/slo' },
        user: 'a@sp.test',
        victim: 'b@sp.test',
        expect: ['saml.sha1=reject'],
      },
      saml,
    )
    expect(config.target.saml).toMatchObject({
      acs: ['https://sp.test/acs'],
      audience: ['https://sp.test'],
      singleLogout: { post: 'https://sp.test/slo' },
    })
    expect(config.target.session).toMatchObject({ url: 'https://sp.test/me', identity: '/email' })
    expect(config.target.users).toMatchObject({ user: 'a@sp.test', victim: 'b@sp.test' })
    expect(config.expect['saml.sha1']).toBe('reject')
    // What is not said stays as the contract has it.
    expect(config.expect['saml.unsolicited']).toBe('unchecked')
  })

  it.each([
    [{ acs: ['nowhere'] }, /--acs/],
    [{ session: 'nowhere' }, /--session/],
    [{ singleLogout: { post: 'nowhere' } }, /--slo/],
    [{ singleLogout: { start: 'nowhere' } }, /--logout/],
    [{ user: 'a@sp.test' }, /--user needs --victim/],
    [{ victim: 'b@sp.test' }, /--victim needs --user/],
    [{ user: 'a@sp.test', victim: 'a@sp.test' }, /two accounts/],
    [{ expect: ['saml.sha=reject'] }, /Did you mean saml\.sha1/],
    [{ expect: ['saml.sha1=perhaps'] }, /reject, accept, unchecked/],
    [{ allow: ['everything'] }, /--allow everything/],
  ])('%j is refused, by the name of the option', async (change, message) => {
    expect(await problem(() => configOfOptions({ ...given, ...none, ...change }, saml))).toMatch(message)
  })
})

describe('the options of the command line', () => {
  const metadata = join(folder, 'sp.xml')
  const service = (name: string, more = ''): string =>
    `<md:${name} Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://sp.test/${name}"${more}/>`
  writeFileSync(
    metadata,
    `<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://sp.test/md"><md:SPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">${service('SingleLogoutService')}${service('AssertionConsumerService', ' index="0"')}</md:SPSSODescriptor></md:EntityDescriptor>`,
  )

  it('mean no target where there are none', async () => {
    expect(await targetOfFlags({}, undefined, folder)).toBeUndefined()
  })

  it('take from metadata what is not said', async () => {
    const { session, identity } = given
    const config = await targetOfFlags({ spMetadata: 'sp.xml', session, identity }, 'saml', folder)
    expect(config?.target.saml).toMatchObject({
      acs: ['https://sp.test/AssertionConsumerService'],
      audience: ['https://sp.test/md'],
      metadata,
      singleLogout: { post: 'https://sp.test/SingleLogoutService' },
    })
    const other = { spMetadata: 'sp.xml', session, identity, slo: 'https://sp.test/slo', logout: 'https://sp.test/bye' }
    expect((await targetOfFlags(other, 'saml', folder))?.target.saml?.singleLogout).toMatchObject({
      post: 'https://sp.test/slo',
      redirect: 'https://sp.test/slo',
      start: 'https://sp.test/bye',
    })
  })

  it('say which one is missing, which file cannot be read, and that other contracts need a file', async () => {
    expect(await problem(() => targetOfFlags({ acs: given.acs }, undefined, folder))).toMatch(
      /--entity-id, --session, --identity/,
    )
    expect(await problem(() => targetOfFlags({ spMetadata: 'no.xml' }, undefined, folder))).toMatch(/no\.xml/)
    expect(await problem(() => targetOfFlags({ acs: given.acs }, 'cloudinary', folder))).toMatch(/idpact\.yaml/)
  })

  it('are said again by the command that repeats a run', () => {
    expect(targetWords({ acs: ['https://a.test', 'https://b.test'], user: 'a' })).toEqual([
      ...['--acs', 'https://a.test', '--acs', 'https://b.test', '--user', 'a'],
    ])
  })
})
