import { randomBytes } from 'node:crypto'
import { deflateRawSync, deflateSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  AuthnRequestError,
  authnRequestLimits,
  checkDestination,
  decodePost,
  decodeRedirect,
} from '../../../mock-idp/saml/authn-request.ts'

const issuer = '<saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">https://sp.example.test</saml:Issuer>'

const request = (options: { attributes?: string; body?: string; before?: string } = {}): string =>
  `${options.before ?? ''}<samlp:AuthnRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ${
    options.attributes ?? 'ID="_1" Version="2.0" IssueInstant="2026-01-02T03:04:05Z"'
  }>${options.body ?? issuer}</samlp:AuthnRequest>`

const base = 'ID="_1" Version="2.0" IssueInstant="2026-01-02T03:04:05Z"'

const redirect = (xml: string, more = ''): string =>
  `SAMLRequest=${encodeURIComponent(deflateRawSync(xml).toString('base64'))}${more}`

const post = (xml: string | Buffer, more: Record<string, unknown> = {}) => ({
  SAMLRequest: Buffer.from(xml).toString('base64'),
  ...more,
})

const full = request({
  attributes: [
    base,
    'Destination="https://idp.example.test/sso"',
    'AssertionConsumerServiceURL="https://sp.example.test/acs?a=1&amp;b=2"',
    'ProtocolBinding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"',
    'ProviderName="Shop &amp; Co" ForceAuthn="1" IsPassive="true"',
  ].join(' '),
  body: [
    `${issuer.replace('https://sp', '\n https://<!-- c -->s<![CDATA[p]]>').replace('</saml', ' \n</saml')}`,
    '<x:Extensions xmlns:x="urn:oasis:names:tc:SAML:2.0:protocol"><a:Issuer xmlns:a="urn:oasis:names:tc:SAML:2.0:assertion">https://evil.example.test</a:Issuer></x:Extensions>',
    '<s:Subject xmlns:s="urn:oasis:names:tc:SAML:2.0:assertion"><s:NameID Format="f">ada@example.test</s:NameID></s:Subject>',
    '<samlp:NameIDPolicy Format="urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress" AllowCreate="false" SPNameQualifier="q"/>',
    '<samlp:RequestedAuthnContext Comparison="minimum"><s:AuthnContextClassRef xmlns:s="urn:oasis:names:tc:SAML:2.0:assertion">c1</s:AuthnContextClassRef><s:AuthnContextClassRef xmlns:s="urn:oasis:names:tc:SAML:2.0:assertion">c2</s:AuthnContextClassRef></samlp:RequestedAuthnContext>',
  ].join('\n'),
})

const fullFields = {
  id: '_1',
  issueInstant: '2026-01-02T03:04:05Z',
  issuer: 'https://sp.example.test',
  destination: 'https://idp.example.test/sso',
  acsUrl: 'https://sp.example.test/acs?a=1&b=2',
  acsIndex: undefined,
  protocolBinding: 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST',
  providerName: 'Shop & Co',
  forceAuthn: true,
  isPassive: true,
  nameIdPolicy: {
    format: 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress',
    spNameQualifier: 'q',
    allowCreate: false,
  },
  requestedAuthnContext: { comparison: 'minimum', classRefs: ['c1', 'c2'], declRefs: [] },
  subject: { nameId: 'ada@example.test', format: 'f' },
  signed: false,
  xml: full,
}

describe('an AuthnRequest', () => {
  it('is read from the HTTP-Redirect binding, field by field', () => {
    expect(decodeRedirect(redirect(full, '&RelayState=a%20b+c%26%0D%0A'))).toEqual({
      ...fullFields,
      binding: 'HTTP-Redirect',
      relayState: 'a b c&\r\n',
      querySignature: undefined,
    })
  })

  it('is read from the HTTP-POST binding, with base64 in lines', () => {
    const SAMLRequest = Buffer.from(full).toString('base64').replace(/.{76}/g, '$&\r\n')
    expect(decodePost({ SAMLRequest, RelayState: '' })).toEqual({
      ...fullFields,
      binding: 'HTTP-POST',
      relayState: '',
      querySignature: undefined,
    })
  })

  it('may be small, and name the service by an index', () => {
    const read = decodeRedirect(redirect(request({ attributes: `${base} AssertionConsumerServiceIndex="3"` })))
    expect(read).toMatchObject({ acsIndex: 3, acsUrl: undefined, forceAuthn: false, isPassive: false })
    expect(read).toMatchObject({ nameIdPolicy: undefined, requestedAuthnContext: undefined, relayState: undefined })
  })

  it('keeps the RelayState as it came, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (relayState) => {
        const query = redirect(request(), `&RelayState=${encodeURIComponent(relayState)}`)
        expect(decodeRedirect(query).relayState).toBe(relayState)
        expect(decodePost(post(request(), { RelayState: relayState })).relayState).toBe(relayState)
      }),
    )
  })

  it('may have been sent to the SSO URL in another spelling, or without a Destination', () => {
    const sso = 'https://idp.example.test/sso'
    expect(() => checkDestination({ destination: undefined }, sso)).not.toThrow()
    expect(() => checkDestination({ destination: 'HTTPS://IDP.example.test:443/sso' }, sso)).not.toThrow()
  })
})

const deep = (n: number): string => '<a>'.repeat(n) + '</a>'.repeat(n)

const bad: [code: string, why: string, read: () => unknown][] = [
  ['missing-saml-request', 'nothing in the query', () => decodeRedirect('')],
  ['missing-saml-request', 'a Response in the form', () => decodePost({ SAMLResponse: 'PHg+' })],
  ['repeated-parameter', 'twice in the query', () => decodeRedirect(`${redirect(request())}&${redirect(full)}`)],
  ['repeated-parameter', 'twice in the form', () => decodePost({ SAMLRequest: ['a', 'b'] })],
  ['repeated-parameter', 'RelayState twice', () => decodeRedirect(redirect(full, '&RelayState=a&RelayState=b'))],
  ['bad-url-encoding', 'a stray percent sign', () => decodeRedirect('SAMLRequest=%E0%A4%A')],
  ['unsupported-encoding', 'another SAMLEncoding', () => decodeRedirect(redirect(full, '&SAMLEncoding=gzip'))],
  ['too-large', 'in the query', () => decodeRedirect(`SAMLRequest=${'A'.repeat(authnRequestLimits.base64 + 1)}`)],
  ['too-large', 'in the form', () => decodePost({ SAMLRequest: 'A'.repeat(authnRequestLimits.base64 + 1) })],
  ['not-base64', 'letters of the URL-safe alphabet', () => decodePost({ SAMLRequest: 'PHg-_w==' })],
  ['not-base64', 'a plus that became a space', () => decodeRedirect('SAMLRequest=ab+d')],
  ['not-base64', 'a length that cannot be', () => decodePost({ SAMLRequest: 'PHg+a' })],
  ['not-base64', 'nothing', () => decodePost({ SAMLRequest: '' })],
  ['not-deflate', 'XML as it is', () => decodeRedirect(`SAMLRequest=${Buffer.from('<xx>').toString('base64')}`)],
  [
    'not-deflate',
    'zlib',
    () => decodeRedirect(`SAMLRequest=${encodeURIComponent(deflateSync(full).toString('base64'))}`),
  ],
  [
    'not-deflate',
    'noise',
    () => decodeRedirect(`SAMLRequest=${encodeURIComponent(Buffer.alloc(9, 0xff).toString('base64'))}`),
  ],
  ['inflate-bomb', 'zeros', () => decodeRedirect(redirect('0'.repeat(authnRequestLimits.xml + 1)))],
  ['not-utf8', 'Latin-1', () => decodePost(post(Buffer.from([0x3c, 0xe9, 0x3e])))],
  ['not-utf8', 'compressed on POST', () => decodePost(post(deflateRawSync(randomBytes(64))))],
  ['doctype', 'empty', () => decodePost(post(request({ before: '<!DOCTYPE a>' })))],
  [
    'doctype',
    'with entities',
    () => decodePost(post(request({ before: '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>', body: '&x;' }))),
  ],
  ['too-deep', '40 levels', () => decodePost(post(request({ body: issuer + deep(40) })))],
  ['too-many-elements', '2000 siblings', () => decodePost(post(request({ body: issuer + '<a/>'.repeat(2000) })))],
  ['not-xml', 'text', () => decodePost(post('hello'))],
  ['not-xml', 'nothing inside', () => decodePost(post(' \n'))],
  ['not-xml', 'cut off', () => decodePost(post(full.slice(0, -3)))],
  ['not-xml', 'an undeclared prefix', () => decodePost(post('<samlp:AuthnRequest/>'))],
  ['not-xml', 'an unknown entity', () => decodePost(post(request({ body: '&nbsp;' })))],
  ['not-xml', 'a forbidden character', () => decodePost(post(request({ body: '\u0001' })))],
  ['not-xml', 'a second root', () => decodePost(post(full + full))],
  ['not-authn-request', 'another message', () => decodePost(post(full.replaceAll('AuthnRequest', 'LogoutRequest')))],
  ['not-authn-request', 'no namespace', () => decodePost(post(`<AuthnRequest ${base}/>`))],
  [
    'not-authn-request',
    'another namespace',
    () => decodePost(post(full.replace('SAML:2.0:protocol', 'SAML:1.0:protocol'))),
  ],
  ['wrong-version', '1.1', () => decodePost(post(full.replace('"2.0"', '"1.1"')))],
  ['wrong-version', 'none', () => decodePost(post(request({ attributes: 'ID="_1"' })))],
  ['missing-id', 'none', () => decodePost(post(full.replace('ID="_1"', '')))],
  ['missing-id', 'empty', () => decodePost(post(full.replace('ID="_1"', 'ID=""')))],
  ['missing-issue-instant', 'none', () => decodePost(post(full.replace(/IssueInstant="[^"]*"/, '')))],
  ['bad-issue-instant', 'a date', () => decodePost(post(full.replace('2026-01-02T03:04:05Z', '2 Jan 2026')))],
  ['bad-issue-instant', 'month 13', () => decodePost(post(full.replace('2026-01', '2026-13')))],
  ['missing-issuer', 'none', () => decodePost(post(request({ body: '' })))],
  [
    'missing-issuer',
    'empty',
    () => decodePost(post(request({ body: issuer.replace('https://sp.example.test', ' ') }))),
  ],
  [
    'missing-issuer',
    'in another place',
    () => decodePost(post(request({ body: `<samlp:Extensions>${issuer}</samlp:Extensions>` }))),
  ],
  ['repeated-element', 'two Issuers', () => decodePost(post(request({ body: issuer + issuer })))],
  ['bad-boolean', 'yes', () => decodePost(post(request({ attributes: `${base} ForceAuthn="yes"` })))],
  [
    'bad-acs-index',
    'a name',
    () => decodePost(post(request({ attributes: `${base} AssertionConsumerServiceIndex="a"` }))),
  ],
  [
    'bad-acs-index',
    'too large',
    () => decodePost(post(request({ attributes: `${base} AssertionConsumerServiceIndex="70000"` }))),
  ],
  [
    'acs-url-and-index',
    'both',
    () =>
      decodePost(
        post(request({ attributes: `${base} AssertionConsumerServiceIndex="1" AssertionConsumerServiceURL="u"` })),
      ),
  ],
  ['missing-signature', 'SigAlg alone', () => decodeRedirect(redirect(full, '&SigAlg=x'))],
  [
    'wrong-destination',
    'elsewhere',
    () => checkDestination({ destination: 'https://other.example.test' }, 'https://idp.example.test/sso'),
  ],
]

describe('an AuthnRequest that cannot be read', () => {
  it.each(bad)('%s: %s', (code, _why, read) => {
    let error: unknown
    try {
      read()
    } catch (thrown) {
      error = thrown
    }
    expect(error).toBeInstanceOf(AuthnRequestError)
    const refusal = error as AuthnRequestError
    expect(refusal.code).toBe(code)
    expect(refusal.message).toContain(refusal.expected)
    expect(refusal.message).toContain(refusal.found)
    expect(refusal.hint).toMatch(/\w+ .*\./)
  })

  it('fails with nothing but an AuthnRequestError, whatever comes', () => {
    const survives = (read: () => unknown): void => {
      try {
        read()
      } catch (error) {
        expect(error).toBeInstanceOf(AuthnRequestError)
      }
    }
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.string(), (bytes, text) => {
        survives(() => decodePost(post(Buffer.from(bytes))))
        survives(() => decodePost(post(full.slice(0, bytes.length * 3) + text)))
        survives(() => decodeRedirect(`SAMLRequest=${text}`))
        survives(() => decodeRedirect(redirect(text)))
      }),
    )
  })
})
