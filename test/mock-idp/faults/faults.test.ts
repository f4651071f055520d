import { beforeAll, describe, expect, it } from 'vitest'
import { faults, findFault } from '../../../mock-idp/faults/catalogue.ts'
import { type FaultContext, type FaultParams, faultStages } from '../../../mock-idp/faults/fault.ts'
import { okta } from '../../../mock-idp/personas/okta.ts'
import { plain } from '../../../mock-idp/personas/plain.ts'
import { decodeMessage } from '../../../mock-idp/saml/bindings.ts'
import type { StoredSigningKey } from '../../../mock-idp/saml/keys.ts'
import { respond } from '../../../mock-idp/saml/respond.ts'
import {
  acsUrl,
  audience,
  difference,
  draftOf,
  issuer,
  judgeByNodeSaml,
  planOf,
  testKey,
  verifyAll,
} from '../saml/support.ts'
import { problemsOf } from './strict-sp.ts'

const now = Date.now()
const offset = 7_200_000
const other = {
  spEntityId: 'https://other-sp.example.test',
  acsUrl: 'https://other-sp.example.test/acs',
  idpEntityId: 'https://other-idp.example.test',
}
const previousXml = '<samlp:Response ID="_before"/>'

const assertion = 'Response/Assertion'
const email = `${assertion}/AttributeStatement/Attribute`
const role = `${assertion}/AttributeStatement/Attribute[2]`
const extra = `${assertion}/AttributeStatement/Attribute[3]`
const conditions = `${assertion}/Conditions`
const unspecified = 'urn:oasis:names:tc:SAML:2.0:attrname-format:unspecified'
const basic = 'urn:oasis:names:tc:SAML:2.0:attrname-format:basic'
const iso = (ms: number): string => new Date(ms).toISOString()
const hour = 3_600_000

interface Row {
  id: string
  params?: FaultParams
  /** Path → [twin's value, faulty value]: all that may differ. */
  differs: Record<string, [string | undefined, string | undefined]>
  /** What a careful SP objects to, signatures aside. */
  problems?: string[]
  /** Whether xml-crypto still verifies [Response, Assertion] with the trusted key; both by default. */
  verifies?: boolean[]
}

/** The attribute statement shifts by one where an attribute is taken out: the second takes the first one's place. */
const withoutEmail: Row['differs'] = {
  [`${email}@Name`]: ['User.Email', 'User.Role'],
  [`${email}/AttributeValue`]: ['ada@example.test', 'admin'],
  [`${email}/AttributeValue[2]`]: [undefined, 'reports'],
  [role]: ['', undefined],
  [`${role}@Name`]: ['User.Role', undefined],
  [`${role}@NameFormat`]: [unspecified, undefined],
  [`${role}/AttributeValue`]: ['admin', undefined],
  [`${role}/AttributeValue@type`]: ['xs:string', undefined],
  [`${role}/AttributeValue[2]`]: ['reports', undefined],
  [`${role}/AttributeValue[2]@type`]: ['xs:string', undefined],
  [`${email}/AttributeValue[2]@type`]: [undefined, 'xs:string'],
}

const rows: Row[] = [
  { id: 'missing-attribute', params: { attribute: 'User.Email' }, differs: withoutEmail },
  {
    id: 'empty-attribute',
    params: { attribute: 'User.Email' },
    differs: { [`${email}/AttributeValue`]: ['ada@example.test', ''] },
  },
  {
    id: 'renamed-attribute',
    params: { attribute: 'User.Email', to: 'mail' },
    differs: { [`${email}@Name`]: ['User.Email', 'mail'] },
  },
  {
    id: 'attribute-name-case',
    params: { attribute: 'User.Email' },
    differs: { [`${email}@Name`]: ['User.Email', 'user.email'] },
  },
  {
    id: 'extra-attribute',
    params: { attribute: 'Shoe.Size', values: ['42', '<43>'] },
    differs: {
      [extra]: [undefined, ''],
      [`${extra}@Name`]: [undefined, 'Shoe.Size'],
      [`${extra}@NameFormat`]: [undefined, unspecified],
      [`${extra}/AttributeValue`]: [undefined, '42'],
      [`${extra}/AttributeValue@type`]: [undefined, 'xs:string'],
      [`${extra}/AttributeValue[2]`]: [undefined, '<43>'],
      [`${extra}/AttributeValue[2]@type`]: [undefined, 'xs:string'],
    },
  },
  {
    id: 'attribute-value',
    params: { attribute: 'User.Role', values: ['guest', 'reports'] },
    differs: { [`${role}/AttributeValue`]: ['admin', 'guest'] },
  },
  {
    id: 'attribute-value-case',
    params: { attribute: 'User.Email' },
    differs: { [`${email}/AttributeValue`]: ['ada@example.test', 'ADA@EXAMPLE.TEST'] },
  },
  {
    id: 'several-values',
    params: { attribute: 'User.Email', values: 'eve@example.test' },
    differs: {
      [`${email}/AttributeValue[2]`]: [undefined, 'eve@example.test'],
      [`${email}/AttributeValue[2]@type`]: [undefined, 'xs:string'],
    },
  },
  {
    id: 'attribute-name-format',
    params: { attribute: 'User.Email', format: 'basic' },
    differs: { [`${email}@NameFormat`]: [unspecified, basic] },
  },
  {
    id: 'wrong-audience',
    differs: { [`${conditions}/AudienceRestriction/Audience`]: [audience, other.spEntityId] },
    problems: ['audience'],
  },
  {
    id: 'wrong-recipient',
    differs: { [`${assertion}/Subject/SubjectConfirmation/SubjectConfirmationData@Recipient`]: [acsUrl, other.acsUrl] },
    problems: ['recipient'],
  },
  { id: 'wrong-destination', differs: { 'Response@Destination': [acsUrl, other.acsUrl] }, problems: ['destination'] },
  {
    id: 'wrong-issuer',
    differs: { 'Response/Issuer': [issuer, other.idpEntityId], [`${assertion}/Issuer`]: [issuer, other.idpEntityId] },
    problems: ['response issuer', 'assertion issuer'],
  },
  {
    id: 'expired',
    differs: {
      [`${conditions}@NotBefore`]: [iso(now - 300_000), iso(now + offset - 2 * hour)],
      [`${conditions}@NotOnOrAfter`]: [iso(now + 300_000), iso(now + offset - hour)],
    },
    problems: [],
  },
  {
    id: 'not-yet-valid',
    differs: {
      [`${conditions}@NotBefore`]: [iso(now - 300_000), iso(now + offset + hour)],
      [`${conditions}@NotOnOrAfter`]: [iso(now + 300_000), iso(now + offset + 2 * hour)],
    },
    problems: ['not before'],
  },
  {
    id: 'request-denied-with-assertion',
    differs: {
      'Response/Status/StatusCode@Value': [
        'urn:oasis:names:tc:SAML:2.0:status:Success',
        'urn:oasis:names:tc:SAML:2.0:status:Responder',
      ],
      'Response/Status/StatusCode/StatusCode': [undefined, ''],
      'Response/Status/StatusCode/StatusCode@Value': [undefined, 'urn:oasis:names:tc:SAML:2.0:status:RequestDenied'],
    },
    problems: ['status'],
  },
  {
    id: 'name-id-value',
    params: { value: 'eve@example.test' },
    differs: { [`${assertion}/Subject/NameID`]: ['ada@example.test', 'eve@example.test'] },
  },
  {
    id: 'missing-name-id',
    problems: ['subject'],
    differs: {
      [`${assertion}/Subject/NameID`]: ['ada@example.test', undefined],
      [`${assertion}/Subject/NameID@Format`]: ['urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified', undefined],
    },
  },
  {
    id: 'empty-name-id',
    problems: ['subject'],
    differs: { [`${assertion}/Subject/NameID`]: ['ada@example.test', ''] },
  },
  {
    id: 'in-response-to',
    params: { id: '_another' },
    problems: ['response in response to', 'confirmation in response to'],
    differs: {
      'Response@InResponseTo': ['_request1', '_another'],
      [`${assertion}/Subject/SubjectConfirmation/SubjectConfirmationData@InResponseTo`]: ['_request1', '_another'],
    },
  },
  {
    id: 'name-id-format',
    params: { format: 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient' },
    differs: {
      [`${assertion}/Subject/NameID@Format`]: [
        'urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified',
        'urn:oasis:names:tc:SAML:2.0:nameid-format:transient',
      ],
    },
  },
  { id: 'unsigned', differs: {}, verifies: [] },
  { id: 'wrong-key', differs: {}, verifies: [false, false] },
  {
    id: 'tampered-name-id',
    params: { value: 'eve&eve@example.test' },
    differs: { [`${assertion}/Subject/NameID`]: ['ada@example.test', 'eve&eve@example.test'] },
    verifies: [false, false],
  },
  {
    id: 'tampered-attribute',
    params: { attribute: 'User.Role', value: '$& <owner>' },
    differs: {
      [`${role}/AttributeValue`]: ['admin', '$& <owner>'],
      [`${role}/AttributeValue[2]`]: ['reports', '$& <owner>'],
    },
    verifies: [false, false],
  },
]

/** Those whose message is not the twin with some fields changed; each has a test of its own. */
const apart = ['request-denied', 'replayed-response']

let key: StoredSigningKey
let context: FaultContext
beforeAll(async () => {
  const [own, foreignKey] = await Promise.all([testKey(), testKey('foreign')])
  key = own
  context = { now, spClockOffsetMs: offset, other, foreignKey, previousXml }
})

const draft = draftOf(okta, { now, authnInstant: now })
const send = (chosen: { id: string; params?: FaultParams }[] = [], persona = okta) =>
  respond({
    draft: persona === okta ? draft : draftOf(persona, { now, authnInstant: now }),
    plan: planOf(key),
    persona,
    acsUrl,
    relayState: 'state',
    faults: chosen.map(({ id, params }) => ({ fault: findFault(id), params: params ?? {} })),
    context,
  })

describe('the twin', () => {
  it('is accepted by node-saml and by a careful service provider', async () => {
    const { xml, form, appliedFaults } = await send()
    expect(await judgeByNodeSaml(xml, key)).toMatchObject({ nameID: 'ada@example.test' })
    expect(problemsOf(xml, now, '_request1')).toEqual([])
    expect(appliedFaults).toEqual([])
    expect(form).toEqual({ action: acsUrl, samlResponse: expect.any(String), relayState: 'state' })
    expect(decodeMessage(form.samlResponse)).toBe(xml)
  })
})

describe('a fault changes one property, and nothing else', () => {
  it.each(rows)('$id', async ({ id, params, differs, problems, verifies }) => {
    const twin = (await send()).xml
    const { xml, form, appliedFaults } = await send([{ id, ...(params && { params }) }])
    expect(difference(twin, xml)).toEqual(differs)
    expect(verifyAll(xml, key.certificatePem).map(({ ok }) => ok)).toEqual(verifies ?? [true, true])
    // The careful SP's clock is the one of which `expired` and `not-yet-valid` know.
    const spNow = id === 'expired' ? now + offset : now
    const own = id === 'expired' ? ['not on or after'] : (problems ?? [])
    expect(problemsOf(xml, spNow, '_request1').filter((p) => p !== 'confirmation expired')).toEqual(own)
    expect(appliedFaults).toEqual([id])
    expect(decodeMessage(form.samlResponse)).toBe(xml)
  })

  it('those that are one field of the draft are all tried here', () => {
    const tried = [...rows.map(({ id }) => id), ...apart]
    expect(faults.map(({ id }) => id)).toEqual(expect.arrayContaining(tried))
  })

  it('all have what a report says of them', () => {
    for (const fault of faults) {
      expect(faultStages).toContain(fault.stage)
      expect(fault.id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*(\/[a-z0-9]+(-[a-z0-9]+)*)*$/)
      expect(fault.title).toMatch(/^[A-Z].{10,}[^.]$/)
      expect(fault.basis.length).toBeGreaterThan(0)
    }
  })

  it('in the shape of any persona', async () => {
    const twin = (await send([], plain)).xml
    const { xml } = await send([{ id: 'tampered-name-id', params: { value: 'x' } }], plain)
    expect(xml).toContain('>x</saml:NameID>')
    expect(verifyAll(twin, key.certificatePem).map(({ ok }) => ok)).toEqual([true, true])
    expect(verifyAll(xml, key.certificatePem).map(({ ok }) => ok)).toEqual([false, false])
  })
})

describe('faults apart', () => {
  it('request-denied leaves the Assertion out, and signs what is left', async () => {
    const { xml } = await send([{ id: 'request-denied' }])
    expect(xml).not.toContain('Assertion ')
    expect(problemsOf(xml, now, '_request1')).toEqual(['status', 'assertion'])
    expect(verifyAll(xml, key.certificatePem).map(({ ok }) => ok)).toEqual([true])
  })

  it('replayed-response sends the previous Response, byte for byte, with the RelayState of now', async () => {
    const { xml, form } = await send([{ id: 'replayed-response' }])
    expect(xml).toBe(previousXml)
    expect(decodeMessage(form.samlResponse)).toBe(previousXml)
    expect(form.relayState).toBe('state')
  })

  it('wrong-key is sound in itself: the key that it carries verifies it', async () => {
    const { xml } = await send([{ id: 'wrong-key' }])
    const foreign = await testKey('foreign')
    expect(verifyAll(xml, foreign.certificatePem).map(({ ok }) => ok)).toEqual([true, true])
  })

  it('wrong-key keeps the hash where its key is of another kind', async () => {
    const plan = planOf(await testKey('ec', 'ec-p256'), { signatureAlgorithm: 'ecdsa-sha512' })
    const { xml } = await respond({
      draft,
      plan,
      persona: okta,
      acsUrl,
      relayState: undefined,
      faults: [{ fault: findFault('wrong-key'), params: {} }],
      context,
    })
    expect(xml).toContain('xmldsig-more#rsa-sha512')
  })

  it('attribute-value adds the attribute where it is missing', async () => {
    const twin = (await send()).xml
    const { xml } = await send([{ id: 'attribute-value', params: { attribute: 'Shoe.Size', values: ['42'] } }])
    expect(difference(twin, xml)).toMatchObject({ [`${extra}@Name`]: [undefined, 'Shoe.Size'] })
  })

  it('attribute-name-format takes every attribute when none is named', async () => {
    const twin = (await send()).xml
    const { xml } = await send([{ id: 'attribute-name-format', params: { format: 'none' } }])
    expect(difference(twin, xml)).toEqual({
      [`${email}@NameFormat`]: [unspecified, undefined],
      [`${role}@NameFormat`]: [unspecified, undefined],
    })
  })

  it('add up, in the order of the stages', async () => {
    const { xml, appliedFaults } = await send([
      { id: 'tampered-attribute', params: { attribute: 'mail', value: 'x' } },
      { id: 'renamed-attribute', params: { attribute: 'User.Email', to: 'mail' } },
    ])
    expect(xml).toMatch(/Name="mail"[^>]*><saml2:AttributeValue [^>]*>x</)
    expect(appliedFaults).toEqual(['tampered-attribute', 'renamed-attribute'])
  })
})

describe('a fault that finds nothing to spoil says so', () => {
  it.each<[string, FaultParams]>([
    ['missing-attribute', { attribute: 'user.email' }],
    ['attribute-value-case', { attribute: 'Digits' }],
    ['attribute-name-case', { attribute: 'lower' }],
    ['tampered-attribute', { attribute: 'Nothing', value: 'x' }],
    ['tampered-name-id', { value: 'ada@example.test' }],
    ['replayed-response', {}],
  ])('%s', async (id, params) => {
    const attributes = [
      { name: 'Digits', nameFormat: undefined, values: ['42'] },
      { name: 'lower', nameFormat: undefined, values: ['x'] },
    ]
    const sent = respond({
      draft: draftOf(okta, { attributes }),
      plan: planOf(key),
      persona: okta,
      acsUrl,
      relayState: undefined,
      faults: [{ fault: findFault(id), params }],
      context: { ...context, previousXml: undefined },
    })
    await expect(sent).rejects.toMatchObject({ code: 'fault-not-applicable', name: 'UsageError' })
  })
})
