import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { makeBrowser } from './support/browser.ts'
import { makeIdentity } from './support/certificate.ts'
import { makeIdp, metadataOf, mint, newId, type ResponseOptions } from './support/idp.ts'
import { type Login, makeWorld, type World } from './support/world.ts'

let world: World
const stranger = makeIdentity('stranger')
const email = 'grace@example.test'

beforeAll(async () => {
  world = await makeWorld()
})
beforeEach(async () => {
  await world.api('POST', '/users', { name: 'Grace Hopper', email })
})
afterEach(() => world.sp.reset())
afterAll(() => world.sp.stop())

const message = (change: Partial<ResponseOptions> = {}): ResponseOptions => world.message({ nameId: email, ...change })
const login = (change: Partial<ResponseOptions> = {}): Promise<Login> => world.login({ nameId: email, ...change })

/** Refused with this code, and the same message without the change is accepted: the refusal is about the change. */
const expectRefused = async (attempt: Promise<Login>, code: string): Promise<void> => {
  const { answer, who, code: found } = await attempt
  expect({ status: answer.status, code: found, who }).toEqual({ status: 400, code, who: undefined })
  expect((await login()).who).toBe(email)
}

describe('what is accepted', () => {
  it.each(['assertion', 'response', 'both'] as const)('a signature on: %s', async (sign) => {
    expect((await login({ sign })).who).toBe(email)
  })

  it('the second ACS, with either audience', async () => {
    for (const audience of world.sp.info.audiences) {
      const xml = mint(message({ acsUrl: world.sp.info.acsUrls[1], audience }))
      expect((await world.post(xml, { acs: 1 })).who).toBe(email)
    }
  })

  it('any of several certificates, while the IdP changes its key', async () => {
    const xml = metadataOf(world.idp, [stranger.certificate, world.idp.certificate])
    await world.settings({ saml: { metadata: { mode: 'inline', xml } } })
    expect((await login()).who).toBe(email)
    expect((await login({ key: stranger })).who).toBe(email)
  })

  it('a Response without Destination, where only the Assertion is signed', async () => {
    expect((await login({ destination: null })).who).toBe(email)
    await expectRefused(login({ destination: null, sign: 'both' }), 'DESTINATION_MISMATCH')
  })

  it('times within a clock skew of a minute', async () => {
    expect((await login({ notBefore: 30_000 })).who).toBe(email)
    expect((await login({ notOnOrAfter: -30_000 })).who).toBe(email)
  })

  it('values with every character that XML can carry, exactly as they were put in', async () => {
    await world.settings({ provisioning: true })
    const hostile = 'Zoë <b>&amp; "q" \' 😀\r\n\ttab'
    const attributes = world.attributes({ 'User.FirstName': hostile, 'User.LastName': undefined })
    for (const sign of ['assertion', 'response', 'both'] as const) {
      await login({ attributes, sign, nameId: 'ada@example.test' })
      expect((await world.user('ada@example.test'))?.['first_name']).toBe(hostile)
    }
  })
})

describe('the gate', () => {
  const gate: [string, string, (xml: string) => string][] = [
    ['a DOCTYPE', 'MESSAGE_FORBIDDEN_XML', (xml) => `<!DOCTYPE x [<!ENTITY e "x">]>${xml}`],
    ['a comment in the NameID', 'MESSAGE_FORBIDDEN_XML', (xml) => xml.replace('grace@', 'grace<!-- -->@')],
    ['a processing instruction', 'MESSAGE_FORBIDDEN_XML', (xml) => xml.replace('grace@', 'grace<?x y?>@')],
    ['a CDATA section', 'MESSAGE_FORBIDDEN_XML', (xml) => xml.replace('grace@', '<![CDATA[grace]]>@')],
    ['an encoding that is not UTF-8', 'MESSAGE_FORBIDDEN_XML', (xml) => `<?xml version="1.0" encoding="UTF-7"?>${xml}`],
    ['XML that is not well-formed', 'MESSAGE_MALFORMED', (xml) => xml.replace('</samlp:Response>', '')],
    ['an entity that is not declared', 'MESSAGE_MALFORMED', (xml) => xml.replace('grace@', '&x;@')],
    ['Extensions', 'MESSAGE_STRUCTURE', (xml) => xml.replace('<samlp:Status>', '<samlp:Extensions/><samlp:Status>')],
    ['an element in a NameID', 'MESSAGE_STRUCTURE', (xml) => xml.replace('grace@', 'grace<b/>@')],
    ['another version', 'MESSAGE_STRUCTURE', (xml) => xml.replaceAll('Version="2.0"', 'Version="1.1"')],
    ['an ID that is no NCName', 'MESSAGE_STRUCTURE', (xml) => xml.replace(/ ID="_/, ' ID="1_')],
    ['a message that is too large', 'MESSAGE_TOO_LARGE', (xml) => xml.replace('grace@', `${'a'.repeat(530_000)}@`)],
    [
      'a message that is too deep',
      'MESSAGE_TOO_LARGE',
      (xml) => xml.replace('grace@', '<b>'.repeat(40) + '</b>'.repeat(40)),
    ],
    [
      'an unknown Condition',
      'MESSAGE_STRUCTURE',
      (xml) => xml.replace('</saml:Conditions>', '<saml:Condition/></saml:Conditions>'),
    ],
  ]
  it.each(gate)('refuses %s', async (_name, code, edit) => {
    await expectRefused(world.post(edit(mint(message()))), code)
  })

  it('refuses two Assertions', async () => {
    const assertion = /<saml:Assertion.*<\/saml:Assertion>/s
    const other = assertion.exec(mint(message({ nameId: 'eve@example.test', sign: 'none' })))?.[0] ?? ''
    const genuine = mint(message())
    await expectRefused(world.post(genuine.replace('<saml:Assertion', `${other}<saml:Assertion`)), 'MESSAGE_STRUCTURE')
  })

  it('refuses an Assertion inside of another, and one inside of a Signature', async () => {
    const genuine = mint(message())
    const assertion = /<saml:Assertion.*<\/saml:Assertion>/s.exec(genuine)?.[0] ?? ''
    const forged = (/<saml:Assertion.*<\/saml:Assertion>/s.exec(
      mint(message({ nameId: 'eve@example.test', sign: 'none' })),
    ) ?? [''])[0]
    const wrapped = genuine.replace(assertion, forged.replace('<saml:Subject>', `${assertion}<saml:Subject>`))
    await expectRefused(world.post(wrapped), 'MESSAGE_STRUCTURE')
    const inObject = genuine.replace('</ds:Signature>', `<ds:Object>${forged}</ds:Object></ds:Signature>`)
    await expectRefused(world.post(inObject), 'MESSAGE_STRUCTURE')
  })

  it('refuses an ID that is there twice', async () => {
    const id = newId()
    const xml = mint(
      message({ assertionId: id, edit: (unsigned) => unsigned.replace(/ ID="[^"]+"/, ` ID="${id}"`), sign: 'none' }),
    )
    await expectRefused(world.post(xml), 'DUPLICATE_ID')
  })

  it('refuses a Signature that is not in its place, or covers another element', async () => {
    const genuine = mint(message())
    const signature = /<ds:Signature .*<\/ds:Signature>/s.exec(genuine)?.[0] ?? ''
    await expectRefused(
      world.post(genuine.replace(signature, '').replace('<samlp:Status>', `<samlp:Status>${signature}`)),
      'SIGNATURE_MISPLACED',
    )
    await expectRefused(
      world.post(genuine.replace(signature, '').replace('<samlp:Status>', `${signature}<samlp:Status>`)),
      'SIGNATURE_MISPLACED',
    )
    await expectRefused(
      world.post(genuine.replace(signature, '').replace('</saml:Subject>', `</saml:Subject>${signature}`)),
      'SIGNATURE_MISPLACED',
    )
  })

  it('refuses SHA-1', async () => {
    await expectRefused(
      login({ signatureAlgorithm: 'http://www.w3.org/2000/09/xmldsig#rsa-sha1' }),
      'SIGNATURE_ALGORITHM',
    )
  })

  it('refuses what is no message at all', async () => {
    const acs = world.sp.info.acsUrls[0]
    const code = async (fields: Record<string, string>) =>
      JSON.parse((await makeBrowser().post(acs, fields, { accept: 'application/json' })).body).code
    expect(await code({})).toBe('MESSAGE_MISSING')
    expect(await code({ SAMLResponse: 'not base64!' })).toBe('MESSAGE_MALFORMED')
    expect(await code({ SAMLResponse: Buffer.from([0xff, 0xfe, 0x00]).toString('base64') })).toBe('MESSAGE_MALFORMED')
    expect(await code({ SAMLResponse: 'A'.repeat(3_000_000) })).toBe('MESSAGE_TOO_LARGE')
  })
})

describe('signatures', () => {
  it('refuses no signature', () => expectRefused(login({ sign: 'none' }), 'SIGNATURE_MISSING'))
  it('refuses the key of someone else', () => expectRefused(login({ key: stranger }), 'SIGNATURE_INVALID'))
  it.each([['assertion'], ['response'], ['both']] as const)('refuses a NameID changed after signing (%s)', (sign) =>
    expectRefused(world.post(mint(message({ sign })).replace(email, 'eve@example.test')), 'SIGNATURE_INVALID'),
  )
  it('refuses a broken Response signature beside a good Assertion', async () => {
    const xml = mint(message({ sign: 'both' }))
    // Consent is an attribute of the Response: the Assertion and its signature stay whole.
    const broken = xml.replace(
      'Version="2.0"',
      'Version="2.0" Consent="urn:oasis:names:tc:SAML:2.0:consent:unspecified"',
    )
    await expectRefused(world.post(broken), 'SIGNATURE_INVALID')
  })
  it('refuses a broken Assertion signature inside a good Response', async () => {
    const xml = mint(
      message({
        sign: 'response',
        edit: (unsigned) => {
          const signed = mint(message({ sign: 'assertion', edit: () => unsigned }))
          return signed.replace(/<ds:SignatureValue>....../, '<ds:SignatureValue>AAAAAA')
        },
      }),
    )
    await expectRefused(world.post(xml), 'SIGNATURE_INVALID')
  })
})

describe('is it for us, here and now', () => {
  const elsewhere = 'https://other.example.test/saml'
  const hour = 60 * 60_000
  const cases: [string, string, Partial<ResponseOptions>][] = [
    ['another Destination', 'DESTINATION_MISMATCH', { destination: elsewhere }],
    ['another Recipient', 'RECIPIENT_MISMATCH', { recipient: elsewhere }],
    ['another Audience', 'AUDIENCE_MISMATCH', { audience: elsewhere }],
    ['no Audience', 'AUDIENCE_MISMATCH', { conditions: '' }],
    ['another Issuer of the Response', 'ISSUER_MISMATCH', { responseIssuer: elsewhere }],
    ['another Issuer of the Assertion', 'ISSUER_MISMATCH', { assertionIssuer: elsewhere }],
    ['an expired Assertion', 'ASSERTION_EXPIRED', { notOnOrAfter: -hour, confirmationNotOnOrAfter: hour }],
    ['an expired SubjectConfirmationData', 'ASSERTION_EXPIRED', { confirmationNotOnOrAfter: -hour }],
    ['an Assertion that is not valid yet', 'ASSERTION_NOT_YET_VALID', { notBefore: hour, notOnOrAfter: 2 * hour }],
    ['a session that has ended', 'ASSERTION_EXPIRED', { sessionNotOnOrAfter: -hour }],
    ['no AuthnStatement', 'NOT_AUTHENTICATED', { withAuthnStatement: false }],
    ['no Assertion', 'ASSERTION_MISSING', { withAssertion: false, sign: 'response' }],
    ['no NameID', 'NAME_ID_MISSING', { nameId: null }],
    [
      'a Status that is no success',
      'STATUS_NOT_SUCCESS',
      {
        status: 'urn:oasis:names:tc:SAML:2.0:status:Responder',
        statusDetail: 'urn:oasis:names:tc:SAML:2.0:status:RequestDenied',
      },
    ],
    [
      'a Status that is no success, without an Assertion',
      'STATUS_NOT_SUCCESS',
      { status: 'urn:oasis:names:tc:SAML:2.0:status:Responder', withAssertion: false, sign: 'response' },
    ],
    [
      'a confirmation that is not a bearer',
      'SUBJECT_NOT_CONFIRMED',
      { edit: (xml) => xml.replace('cm:bearer', 'cm:sender-vouches') },
    ],
    [
      'a confirmation without NotOnOrAfter',
      'SUBJECT_NOT_CONFIRMED',
      { edit: (xml) => xml.replace(/( NotOnOrAfter="[^"]+")( Recipient)/, '$2') },
    ],
    [
      'a time that is none',
      'INVALID_TIME',
      { edit: (xml) => xml.replace(/(<saml:Conditions[^>]* NotOnOrAfter=")[^"]+/, '$1soon') },
    ],
  ]
  it.each(cases)('refuses %s', async (_name, code, change) => {
    await expectRefused(login(change), code)
  })

  it('refuses the Destination of the other ACS', () =>
    expectRefused(login({ acsUrl: world.sp.info.acsUrls[1] }), 'DESTINATION_MISMATCH'))

  it('needs every AudienceRestriction to hold', async () => {
    const restriction = (audience: string) =>
      `<saml:AudienceRestriction><saml:Audience>${audience}</saml:Audience></saml:AudienceRestriction>`
    const ours = world.sp.info.audiences[0]
    await expectRefused(login({ conditions: restriction(ours) + restriction(elsewhere) }), 'AUDIENCE_MISMATCH')
    for (const near of [`${ours}/`, ours.slice(0, -1), ours.toUpperCase()])
      await expectRefused(login({ conditions: restriction(near) }), 'AUDIENCE_MISMATCH')
  })

  it('takes an Assertion once: from the same browser, from another, in a new Response', async () => {
    const assertionId = newId()
    const xml = mint(message({ assertionId }))
    const first = await world.post(xml)
    expect(first.who).toBe(email)
    const again = await world.post(xml, { browser: first.browser })
    expect(again.code).toBe('ASSERTION_REPLAYED')
    await expectRefused(world.post(xml), 'ASSERTION_REPLAYED')
    await expectRefused(login({ assertionId }), 'ASSERTION_REPLAYED')
  })
})

describe('requests and answers', () => {
  it('accepts the answer to a request of this browser, once', async () => {
    const browser = makeBrowser()
    const request = await world.start(browser, email)
    expect(request.url.origin + request.url.pathname).toBe('https://idp.example.test/sso')
    expect(request.url.searchParams.get('tenant')).toBe('1')
    expect(request.xml).toContain(`AssertionConsumerServiceURL="${world.sp.info.acsUrls[0].replaceAll("'", '')}"`)
    expect(request.xml).toContain(`>${world.sp.info.audiences[0]}</saml:Issuer>`)
    const first = await world.post(mint(message({ inResponseTo: request.id })), { browser })
    expect(first.who).toBe(email)
    const second = await world.post(mint(message({ inResponseTo: request.id })), { browser })
    expect(second.code).toBe('UNKNOWN_REQUEST')
  })

  it('names the second ACS and its audience when asked to', async () => {
    const browser = makeBrowser()
    const request = await world.start(browser, email, 'second')
    expect(request.xml).toContain(`AssertionConsumerServiceURL="${world.sp.info.acsUrls[1]}"`)
    expect(request.xml).toContain(`>${world.sp.info.audiences[1]}</saml:Issuer>`)
    const xml = mint(
      message({ inResponseTo: request.id, acsUrl: world.sp.info.acsUrls[1], audience: world.sp.info.audiences[1] }),
    )
    expect((await world.post(xml, { browser, acs: 1 })).who).toBe(email)
  })

  it('refuses the answer to the request of another browser', async () => {
    const request = await world.start(makeBrowser(), email)
    const other = makeBrowser()
    await world.start(other, email)
    await expectRefused(world.post(mint(message({ inResponseTo: request.id })), { browser: other }), 'UNKNOWN_REQUEST')
    await expectRefused(world.post(mint(message({ inResponseTo: request.id }))), 'UNKNOWN_REQUEST')
  })

  it('refuses the answer to a request that was never sent', () =>
    expectRefused(login({ inResponseTo: newId() }), 'UNKNOWN_REQUEST'))

  it('refuses Response and Assertion that do not agree on the request', async () => {
    const browser = makeBrowser()
    const { id } = await world.start(browser, email)
    for (const change of [
      { inResponseTo: id, subjectInResponseTo: undefined },
      { inResponseTo: undefined, subjectInResponseTo: id },
      { inResponseTo: id, subjectInResponseTo: newId() },
    ])
      await expectRefused(world.post(mint(message(change)), { browser }), 'UNKNOWN_REQUEST')
  })

  it('leaves a request open when its answer is refused', async () => {
    const browser = makeBrowser()
    const { id } = await world.start(browser, email)
    await world.post(mint(message({ inResponseTo: id, nameId: 'nobody@example.test' })), { browser })
    expect((await world.post(mint(message({ inResponseTo: id })), { browser })).who).toBe(email)
  })

  it('begins at the host of the ACS URL, where the cookie must be', async () => {
    const url = world.sp.info.startUrl.replace('{email}', email)
    const answer = await makeBrowser().get(url.replace('127.0.0.1', 'localhost'))
    expect([answer.status, answer.location]).toEqual([302, url])
  })

  it('goes to an IdP that only has HTTP-POST with a form that posts itself', async () => {
    const xml = metadataOf(world.idp, [world.idp.certificate], 'HTTP-POST')
    await world.settings({ saml: { metadata: { mode: 'inline', xml } } })
    const answer = await makeBrowser().get(world.sp.info.startUrl.replace('{email}', email))
    expect(answer.status).toBe(200)
    expect(answer.body).toContain('action="https://idp.example.test/sso?tenant=1"')
    const request = Buffer.from(/name="SAMLRequest" value="([^"]+)"/.exec(answer.body)?.[1] ?? '', 'base64').toString()
    expect(request).toMatch(/^<samlp:AuthnRequest /)
  })

  it('changes the session id at login, and goes nowhere else for RelayState', async () => {
    const browser = makeBrowser()
    browser.cookies.set('sp_session', 'planted')
    const send = async (RelayState: string) =>
      browser.post(world.sp.info.acsUrls[0], {
        SAMLResponse: Buffer.from(mint(message())).toString('base64'),
        RelayState,
      })
    expect((await send('/console/settings')).location).toBe('/console/settings')
    const first = browser.cookies.get('sp_session')
    expect(first).not.toBe('planted')
    for (const target of [
      'https://evil.example.test/',
      '//evil.example.test/',
      '/\\evil.example.test',
      'javascript:alert(1)',
    ])
      expect((await send(target)).location).toBe('/')
    expect(browser.cookies.get('sp_session')).not.toBe(first)
    const old = makeBrowser()
    old.cookies.set('sp_session', first ?? '')
    expect(await world.whoAmI(old)).toBeUndefined()
  })
})

describe('the identity provider', () => {
  it('is any: nothing of Okta in its metadata', async () => {
    const plain = makeIdp('urn:idp:plain:42')
    const xml = metadataOf(plain)
    await world.settings({ saml: { metadata: { mode: 'inline', xml } } })
    const answer = await world.post(mint(message({ idp: plain })))
    expect(answer.who).toBe(email)
  })

  it('is not trusted any more when another one is', async () => {
    await world.settings({ saml: { metadata: { mode: 'inline', xml: metadataOf({ ...world.idp, ...stranger }) } } })
    expect((await login()).code).toBe('SIGNATURE_INVALID')
  })

  it('is refused while SAML login is off, or no metadata are there', async () => {
    await world.settings({ saml: { metadata: null } })
    expect((await login()).code).toBe('IDP_NOT_CONFIGURED')
    await world.settings({ saml: { enabled: false } })
    expect((await login()).code).toBe('SAML_DISABLED')
    const start = await makeBrowser().get(world.sp.info.startUrl.replace('{email}', email), {
      accept: 'application/json',
    })
    expect([start.status, JSON.parse(start.body).code]).toEqual([400, 'SAML_DISABLED'])
  })
})

describe('the page of a refusal', () => {
  it('names code and description, and shows nothing of the message', async () => {
    const { answer } = await world.post(mint(message({ audience: 'https://secret-audience.example.test' })), {
      json: false,
    })
    expect(answer.status).toBe(400)
    expect(answer.headers.get('content-type')).toContain('text/html')
    expect(answer.body).toContain('AUDIENCE_MISMATCH')
    expect(answer.body).toContain('The assertion is meant for another audience.')
    expect(answer.body).not.toContain('secret-audience')
    expect(answer.body).not.toContain('    at ')
  })
})
