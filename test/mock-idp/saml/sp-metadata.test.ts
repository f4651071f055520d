import samlify from 'samlify'
import { describe, expect, it } from 'vitest'
import { plain } from '../../../mock-idp/personas/plain.ts'
import { renderMetadata } from '../../../mock-idp/saml/metadata.ts'
import { readSpMetadata } from '../../../mock-idp/saml/sp-metadata.ts'
import { metadataLimits } from '../../../mock-idp/saml/sp-metadata-gate.ts'
import { testKey } from './support.ts'

const post = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST'
const artifact = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Artifact'
const [first, second, encryption] = await Promise.all(['first', 'second', 'encryption'].map((name) => testKey(name)))

const keyDescriptor = (certificate: string | undefined, use = ''): string =>
  `<md:KeyDescriptor${use}><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data><ds:X509Certificate>\n${certificate}\n</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>`

const descriptor = (
  options: { entityId?: string; keys?: string; acs?: string; roles?: string; flags?: string } = {},
): string =>
  `<md:EntityDescriptor entityID="${options.entityId ?? 'https://sp.example.test/saml'}">${options.roles ?? ''}<md:SPSSODescriptor ${
    options.flags ?? 'WantAssertionsSigned="true" AuthnRequestsSigned="1"'
  } protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">${options.keys ?? keyDescriptor(first?.certificateBase64, ' use="signing"')}<md:NameIDFormat>urn:f1</md:NameIDFormat><md:NameIDFormat> urn:f2 </md:NameIDFormat>${
    options.acs ??
    `<md:AssertionConsumerService Binding="${post}" Location="https://sp.example.test/acs?a=1&amp;b=2" index="0"/><md:AssertionConsumerService Binding="${artifact}" Location="https://sp.example.test/art" index="7" isDefault="true"/>`
  }</md:SPSSODescriptor></md:EntityDescriptor>`.replace(
    '<md:EntityDescriptor',
    '<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata"',
  )

describe("a service provider's metadata", () => {
  it('is read', async () => {
    expect(await readSpMetadata(`<?xml version="1.0"?>\n<!-- ours -->${descriptor()}`)).toEqual({
      entityId: 'https://sp.example.test/saml',
      acs: [
        { url: 'https://sp.example.test/acs?a=1&b=2', index: 0, binding: post, isDefault: false },
        { url: 'https://sp.example.test/art', index: 7, binding: artifact, isDefault: true },
      ],
      nameIdFormats: ['urn:f1', 'urn:f2'],
      certificates: [first?.certificateBase64],
      // Without a use it is for both (SAML Metadata 2.4.1.1).
      encryptionCertificates: [],
      singleLogout: undefined,
      wantAssertionsSigned: true,
      authnRequestsSigned: true,
    })
  })

  it('may say little', async () => {
    const acs = `<md:AssertionConsumerService Binding="${post}" Location="https://sp.example.test/acs"/>`
    const read = await readSpMetadata(
      descriptor({ keys: '', acs, flags: 'WantAssertionsSigned="false"' }).replace(
        /<md:NameIDFormat>.*<\/md:NameIDFormat>/,
        '',
      ),
    )
    expect(read).toMatchObject({
      certificates: [],
      nameIdFormats: [],
      wantAssertionsSigned: false,
      authnRequestsSigned: false,
    })
    expect(read.acs).toEqual([{ url: 'https://sp.example.test/acs', index: 0, binding: post, isDefault: false }])
  })

  it('may have keys with and without a use: all but those for encryption verify, and are not encrypted for', async () => {
    const keys =
      keyDescriptor(first?.certificateBase64) +
      keyDescriptor(second?.certificateBase64, ' use="signing"') +
      keyDescriptor(encryption?.certificateBase64, ' use="encryption"')
    const read = await readSpMetadata(descriptor({ keys }))
    expect(read.certificates).toEqual([first?.certificateBase64, second?.certificateBase64])
    expect(read.encryptionCertificates).toEqual([first?.certificateBase64, encryption?.certificateBase64])
  })

  it('may be an identity provider as well, whose keys are not its own', async () => {
    const roles = `<md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">${keyDescriptor(second?.certificateBase64, ' use="signing"')}<md:NameIDFormat>urn:idp</md:NameIDFormat></md:IDPSSODescriptor>`
    const read = await readSpMetadata(descriptor({ roles }))
    expect(read.certificates).toEqual([first?.certificateBase64])
    expect(read.nameIdFormats).toEqual(['urn:f1', 'urn:f2'])
  })

  const many = (...all: string[]): string =>
    `<m:EntitiesDescriptor xmlns:m="urn:oasis:names:tc:SAML:2.0:metadata">${all.join('\n')}</m:EntitiesDescriptor>`

  it('may be one entity of several, in a namespace declared around it', async () => {
    const inherited = descriptor()
      .replace(/ xmlns:md="[^"]*"/, '')
      .replaceAll('md:', 'm:')
    const idp = renderMetadata({
      persona: plain,
      entityId: 'https://idp.example.test',
      ssoUrl: 'https://idp.example.test/sso',
      certificates: [second?.certificateBase64 ?? ''],
      nameIdFormat: 'x',
      wantAuthnRequestsSigned: false,
    })
    expect(await readSpMetadata(many(idp, inherited))).toEqual(await readSpMetadata(descriptor()))
    const two = many(inherited, descriptor({ entityId: 'https://two.example.test' }))
    await expect(readSpMetadata(two)).rejects.toMatchObject({ code: 'metadata-several-sps' })
    expect(await readSpMetadata(two, { entityId: 'https://two.example.test' })).toMatchObject({
      entityId: 'https://two.example.test',
    })
    await expect(readSpMetadata(two, { entityId: 'https://no.example.test' })).rejects.toMatchObject({
      code: 'metadata-no-sp',
    })
  })

  it('may be written by samlify itself', async () => {
    const sp = samlify.ServiceProvider({
      entityID: 'urn:sp',
      assertionConsumerService: [{ Binding: post, Location: 'https://sp.example.test/acs' }],
      signingCert: first?.certificatePem ?? '',
    })
    expect(await readSpMetadata(sp.getMetadata())).toMatchObject({
      entityId: 'urn:sp',
      certificates: [first?.certificateBase64],
    })
  })

  it.each([
    ['metadata-doctype', `<!DOCTYPE x>${descriptor()}`],
    ['metadata-not-xml', '<html><br></html>'],
    ['metadata-not-xml', ''],
    ['metadata-too-deep', descriptor({ keys: '<a>'.repeat(40) })],
    ['metadata-too-large', 'x'.repeat(metadataLimits.size + 1)],
    ['metadata-no-sp', '<html></html>'],
    ['metadata-no-sp', descriptor().replaceAll('SPSSODescriptor', 'IDPSSODescriptor')],
    ['metadata-no-sp', descriptor().replace('SAML:2.0:protocol', 'SAML:1.1:protocol')],
    ['metadata-no-sp', descriptor({ entityId: '' })],
    ['metadata-no-acs', descriptor({ acs: '' + '<!-- none -->' })],
    ['metadata-bad-acs', descriptor().replace('https://sp.example.test/art', 'javascript:alert(1)')],
    ['bad-sp-certificate', descriptor({ keys: keyDescriptor('AAAA') })],
  ])('is refused: %s', async (code, xml) => {
    await expect(readSpMetadata(xml)).rejects.toMatchObject({ code, hint: expect.stringMatching(/./) })
  })
})
