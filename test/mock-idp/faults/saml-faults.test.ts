import { beforeAll, describe, expect, it } from 'vitest'
import { faults } from '../../../mock-idp/faults/catalogue.ts'
import type { Fault, FaultContext, FaultParams } from '../../../mock-idp/faults/fault.ts'
import { okta } from '../../../mock-idp/personas/okta.ts'
import type { Persona } from '../../../mock-idp/personas/persona.ts'
import { plain } from '../../../mock-idp/personas/plain.ts'
import type { StoredSigningKey } from '../../../mock-idp/saml/keys.ts'
import { respond } from '../../../mock-idp/saml/respond.ts'
import { saml } from '../../../src/contracts/saml/contract.ts'
import { acsUrl, draftOf, judgeByNodeSaml, planOf, readFields, testKey } from '../saml/support.ts'

const victim = 'victim@example.test'
const user = 'ada@example.test'
const all = faults.filter(({ requirement }) => requirement !== undefined)
/** Those of encrypted Assertions have tests of their own: encryption-faults.test.ts. */
const ofSaml = all.filter(({ encrypted }) => encrypted !== true)

type Shape = 'both' | 'assertion' | 'response'
const shapesOf = ({ signed }: Fault): Shape[] =>
  signed === undefined ? ['both', 'assertion', 'response'] : signed === 'one' ? ['assertion', 'response'] : [signed]

const sampleOf: Readonly<Record<string, FaultParams[string]>> = {
  identity: victim,
  attribute: 'User.Email',
  value: victim,
  length: 3,
  id: '_another',
  canary: 'http://127.0.0.1:9/canary',
  file: 'file:///nowhere',
}
const paramsOf = ({ parameters = {} }: Fault): FaultParams =>
  Object.fromEntries(Object.keys(parameters).map((name) => [name, sampleOf[name] ?? 'x']))

let key: StoredSigningKey
let context: FaultContext
let announced: Readonly<Record<'next' | 'weak', StoredSigningKey | undefined>>
beforeAll(async () => {
  const [own, foreignKey, next, weak] = await Promise.all(
    ['own', 'foreign', 'next', 'weak'].map((name) => testKey(name)),
  )
  if (own === undefined || foreignKey === undefined) throw new Error('no key')
  key = own
  announced = { next, weak }
  context = {
    now: Date.now(),
    spClockOffsetMs: 0,
    other: {
      spEntityId: 'https://other-sp.example.test',
      acsUrl: 'https://other-sp.example.test/acs',
      idpEntityId: 'https://other-idp.example.test',
    },
    foreignKey,
    previousXml: undefined,
  }
})

const send = async (fault: Fault | undefined, shape: Shape, persona: Persona = okta) => {
  const twin = {
    draft: draftOf(persona),
    plan: planOf(key, { signResponse: shape !== 'assertion', signAssertion: shape !== 'response' }),
  }
  const input = { ...twin, persona, acsUrl, relayState: undefined }
  const good = await respond({ ...input, faults: [], context })
  if (fault === undefined) return { good, sent: good }
  const chosen = [{ fault, params: paramsOf(fault) }]
  return {
    good,
    sent: await respond({
      ...input,
      faults: chosen,
      context: { ...context, announcedKey: announced[fault.needsKey ?? 'next'], previousXml: good.xml },
    }),
  }
}

const wants = (shape: Shape) => ({ assertionSigned: shape !== 'response', responseSigned: shape !== 'assertion' })

it('every fault of SAML belongs to a requirement of the contract, and every requirement of the messages has one', () => {
  const ids = saml.requirements.map(({ id }) => id)
  for (const { requirement, id } of all) expect(ids, id).toContain(requirement)
  // What goes on around a message is no mistake in it.
  const around = /^SAML-(REL-02|SES-01|ERR-01|COR-09|COR-29|PAR-20|(SLO|REQ|MD)-.*)$/
  const covered = new Set(all.map(({ requirement }) => requirement))
  expect(ids.filter((id) => !covered.has(id) && !around.test(id))).toEqual([])
})

it('what is for the service provider to say has a knob, and nothing else has', () => {
  for (const { id, expect: expected, knob } of all) {
    expect(knob !== undefined, id).toBe(expected === 'by-policy')
    if (knob !== undefined) expect(saml.expect, id).toHaveProperty([knob])
  }
})

describe.each([okta, plain])('in the shape of $id', (persona) => {
  it('each fault makes another message than the twin, whatever is signed', async () => {
    // A look is one of other identity providers: it may be the persona's own.
    const own =
      persona === plain
        ? ['look-canonical-form', 'look-without-declaration', 'look-without-types', 'issuer-without-format']
        : []
    for (const fault of ofSaml)
      for (const shape of shapesOf(fault)) {
        const { good, sent } = await send(fault, shape, persona)
        const isSame = JSON.stringify(sent.form) === JSON.stringify(good.form)
        expect(isSame, `${fault.id} ${shape}`).toBe(own.includes(fault.id) || fault.id === 'replayed-response')
      }
  }, 60_000)
})

it('no two faults make the same message', async () => {
  const seen = new Map<string, string>()
  const twice: string[] = []
  const digits = (text: string): string => {
    const ids = [...new Set(text.match(/id\d{15,}/g) ?? [])]
    return text
      .replaceAll(/[A-Za-z0-9+/=]{40,}/g, (run) => (/^[a-z0-9 ]+$/.test(run) ? run : 'B'))
      .replaceAll(/id\d{15,}/g, (id) => `I${ids.indexOf(id)}`)
      .replaceAll(/\d{4}-\d\d-\d\dT/g, 'D')
      .replaceAll(/\d\d:\d\d:\d\d\.\d{3}/g, 'T')
  }
  for (const fault of ofSaml) {
    const [shape = 'both'] = shapesOf(fault)
    const { sent } = await send(fault, shape)
    // Base64 hides what differs: keys, digests and encodings are told apart by the fault's own tests.
    const shown = `${digits(sent.xml)} ${JSON.stringify(sent.form.fields?.map(([name]) => name) ?? '')} ${sent.form.method} ${sent.form.enctype}`
    // Keys and values apart, these are the same text.
    const isOfKeys =
      /^SAML-(SIG-0[1-9]|SIG-1[58]|SIG-22|ALG-0[1-7]|PAR-12|PAR-15|PAR-17|PAR-18|COR-|REL-|TRF-|ACC-03|ACC-05)/.test(
        fault.requirement ?? '',
      )
    if (isOfKeys) continue
    if (seen.has(shown)) twice.push(`${seen.get(shown)} = ${fault.id}`)
    seen.set(shown, fault.id)
  }
  expect(twice).toEqual([])
}, 60_000)

describe('what must be accepted', () => {
  const acceptable = ofSaml.filter(
    ({ expect: expected, requirement }) =>
      expected === 'accept' && requirement !== 'SAML-ACC-05' && requirement !== 'SAML-REL-01',
  )

  it.each(acceptable.map((fault) => [fault.id, fault] as const))('%s is good to node-saml', async (_id, fault) => {
    for (const shape of shapesOf(fault)) {
      const { sent } = await send(fault, shape)
      expect((await judgeByNodeSaml(sent.xml, key, wants(shape)))['nameID']).toBe(user)
    }
  })
})

describe('a forged identity', () => {
  const forgeries = ofSaml.filter(
    ({ parameters = {}, requirement = '' }) => 'identity' in parameters && !/PAR-(09|10|11|18)/.test(requirement),
  )

  it.each(forgeries.map((fault) => [fault.id, fault] as const))(
    '%s really names the other user',
    async (_id, fault) => {
      const [shape = 'both'] = shapesOf(fault)
      const { good, sent } = await send(fault, shape)
      expect(good.xml).not.toContain('victim')
      expect(sent.xml.normalize('NFKC').toLowerCase()).toMatch(/[v][^<]{0,3}i[^<]{0,20}@|victim/u)
    },
  )
})

it('a wrapped message still has the genuine signed element in it, byte for byte', async () => {
  const wrapping = ofSaml.filter(({ id }) => /^(xsw-[345]|hidden-in-(extensions|status-detail|advice))\//.test(id))
  expect(wrapping.length).toBeGreaterThan(30)
  for (const fault of wrapping) {
    const { good, sent } = await send(fault, 'assertion')
    const value = /<ds:SignatureValue>([^<]*)</.exec(good.xml)?.[1] ?? 'none'
    expect(sent.xml, fault.id).toContain(value)
    expect([...sent.xml.matchAll(/NameID[^>]*>([^<]*)</g)].map(([, text]) => text).filter(Boolean), fault.id).toEqual(
      expect.arrayContaining([user, victim]),
    )
  }
})

it('the twin of every shape is good', async () => {
  for (const shape of ['both', 'assertion', 'response'] as const) {
    const { good } = await send(undefined, shape)
    expect(readFields(good.xml).get('Response/Assertion/Subject/NameID')).toBe(user)
    expect((await judgeByNodeSaml(good.xml, key, wants(shape)))['nameID']).toBe(user)
  }
})
