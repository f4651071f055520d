import { expect, it } from 'vitest'
import { okta } from '../../../mock-idp/personas/okta.ts'
import { plain } from '../../../mock-idp/personas/plain.ts'
import { refusalResponse } from '../../../mock-idp/saml/draft-response.ts'
import { status } from '../../../mock-idp/saml/names.ts'
import { renderResponse } from '../../../mock-idp/saml/render.ts'
import { acsUrl, draftOf, issuer, planOf, readFields, testKey, verifyAll } from './support.ts'

it("gives IDs in the persona's shape, new for each message", () => {
  const [a, b] = [draftOf(okta), draftOf(okta)]
  const ids = [a.id, a.assertions[0]?.id ?? '', b.id, b.assertions[0]?.id ?? '']
  expect(new Set(ids).size).toBe(4)
  for (const id of ids) expect(id).toMatch(/^id\d{26}$/)
  expect(ids[1]?.slice(0, 11)).toBe(ids[0]?.slice(0, 11))
  expect(draftOf(plain).id).toMatch(/^_[0-9a-f]{32}$/)
})

it('names the session after the request, or anew', () => {
  const session = (draft: ReturnType<typeof draftOf>) => draft.assertions[0]?.authnStatement?.sessionIndex
  expect(session(draftOf(okta, { request: { id: '_r' } }))).toBe('_r')
  expect(session(draftOf(okta, { request: undefined }))).toMatch(/^id\d{13}\.\d{9}$/)
  expect(session(draftOf(plain))).toMatch(/^_[0-9a-f]{32}$/)
  expect(session(draftOf(okta, { sessionIndex: 's' }))).toBe('s')
})

it('takes Recipient and Destination from the settings where they differ from the ACS', () => {
  const draft = draftOf(okta, { recipient: 'https://r.example.test', destination: 'https://d.example.test' })
  expect(draft.destination).toBe('https://d.example.test')
  expect(draft.assertions[0]?.subject?.confirmations[0]?.recipient).toBe('https://r.example.test')
})

it('says no without an Assertion, signed all the same', async () => {
  const key = await testKey()
  const draft = refusalResponse({
    persona: okta,
    now: 0,
    request: { id: '_r' },
    destination: acsUrl,
    issuer,
    status: { code: status.responder, subCode: status.noPassive, message: 'No session & none may be made' },
  })
  const xml = await renderResponse(draft, planOf(key), okta.style)
  const fields = readFields(xml)
  expect([...fields.keys()].some((path) => path.includes('Assertion'))).toBe(false)
  expect(fields.get('Response@InResponseTo')).toBe('_r')
  expect(fields.get('Response/Status/StatusCode@Value')).toBe(status.responder)
  expect(fields.get('Response/Status/StatusCode/StatusCode@Value')).toBe(status.noPassive)
  expect(fields.get('Response/Status/StatusMessage')).toBe('No session & none may be made')
  expect(verifyAll(xml, key.certificatePem).map(({ ok }) => ok)).toEqual([true])
})
