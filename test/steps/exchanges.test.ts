import { describe, expect, it } from 'vitest'
import type { Exchange } from '../../src/core/evidence.ts'
import { cutSignatures } from '../../src/target/mask.ts'
import { withoutResponse } from '../../steps/exchanges.ts'

const response = (id: string): string =>
  `<saml2p:Response ID="${id}">${'<a>é>?</a>'.repeat(40)}<ds:SignatureValue>${'c2ln'.repeat(40)}</ds:SignatureValue></saml2p:Response>`
const base64 = (xml: string): string => Buffer.from(xml).toString('base64')
const post = (message: string): string => new URLSearchParams({ SAMLResponse: message, RelayState: 'r' }).toString()
const page = (message: string): string => `<form><input name="SAMLResponse" value="${message}"/></form>`

const exchange = (requestBody: string | undefined, responseBody: string): Exchange => ({
  at: '2026-01-02T03:04:05.000Z',
  method: 'POST',
  url: 'https://sp.example.test/acs',
  requestHeaders: {},
  requestBody,
  status: 200,
  responseHeaders: {},
  responseBody,
  durationMs: 1,
})

describe('the exchanges of a login', () => {
  const xml = response('_1')

  it('say of the Response that is kept decoded only how long it was, and keep all else', () => {
    const message = base64(xml)
    // What a form is posted with must be escaped, or the test would not see that.
    expect(post(message)).toMatch(/%2[BF]/)
    const [shown] = withoutResponse([exchange(post(message), page(message))], xml)
    const note = `[${message.length} characters of Base64: the Response, decoded in responseXml]`
    expect(shown?.requestBody).toBe(`SAMLResponse=${note}&RelayState=r`)
    expect(shown?.responseBody).toBe(`<form><input name="SAMLResponse" value="${note}"/></form>`)
  })

  it('do so too where the values of signatures are cut', () => {
    const message = cutSignatures(base64(xml))
    expect(message).not.toBe(base64(xml))
    const [shown] = withoutResponse([exchange(post(message), page(message))], xml)
    expect(shown?.requestBody).toContain('decoded in responseXml')
  })

  it('keep any other message, and every message where none is decoded', () => {
    const other = exchange(post(base64(response('_2'))), page(base64(response('_2'))))
    expect(withoutResponse([other], xml)).toEqual([other])
    const own = exchange(undefined, page(base64(xml)))
    expect(withoutResponse([own], undefined)).toEqual([own])
    expect(withoutResponse([own], xml)).not.toEqual([own])
  })
})
