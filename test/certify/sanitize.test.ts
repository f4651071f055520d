import { describe, expect, it } from 'vitest'
import type { Envelope } from '../../src/certify/cucumber.ts'
import { cleanEnvelope, sanitizer } from '../../src/certify/sanitize.ts'

const secret = 'a/b+c"d&e f'

describe('what is kept of a run', () => {
  const clean = sanitizer({ secrets: [secret, 'abc'], cutSignatures: false })

  it.each<[string, string]>([
    ['as it is', secret],
    ['in a URL', encodeURIComponent(secret)],
    ['in a form', new URLSearchParams({ x: secret }).toString()],
    ['in JSON', JSON.stringify({ x: secret })],
    ['in XML', secret.replaceAll('&', '&amp;')],
  ])('has no secret %s', (_title, text) => {
    const cleaned = clean({ deep: [text] }).deep[0] ?? ''
    expect(cleaned).toContain('[redacted]')
    expect(cleaned).not.toMatch(/c["%\\]/)
  })

  it('is not blotted out by what is too short to be a secret', () => {
    expect(clean('abc abc')).toBe('abc abc')
  })

  it('has no secret in an attachment, be it encoded or not', () => {
    const attachment = (body: string, contentEncoding: 'IDENTITY' | 'BASE64') =>
      ({ attachment: { body, contentEncoding, mediaType: 'text/plain' } }) as unknown as Envelope
    expect(cleanEnvelope(attachment(`x ${secret}`, 'IDENTITY'), clean).attachment?.body).toBe('x [redacted]')
    const encoded = cleanEnvelope(attachment(Buffer.from(`x ${secret}`).toString('base64'), 'BASE64'), clean)
    expect(Buffer.from(encoded.attachment?.body ?? '', 'base64').toString()).toBe('x [redacted]')
  })
})

describe('what is kept of a run against a target that others use too', () => {
  const clean = sanitizer({ secrets: [], cutSignatures: true })
  const message = Buffer.from('<Response>signed</Response>').toString('base64')

  it.each<[string, string]>([
    ['a signature value', `<ds:SignatureValue Id="x">${message}</ds:SignatureValue>`],
    ['a posted form', `SAMLResponse=${encodeURIComponent(message)}&RelayState=r`],
    ['a form in a page', `<input type="hidden" name="SAMLResponse" value="${message}"/>`],
    ['a form in a page, the other way round', `<input value="${message}" name="SAMLResponse"/>`],
    ['a form in a page in JSON', JSON.stringify(`<input name="SAMLResponse" value="${message}"/>`)],
    ['a field in JSON', JSON.stringify({ SAMLResponse: message })],
  ])('cuts %s', (_title, text) => {
    const cleaned = clean(text)
    expect(cleaned).toContain('(cut)')
    expect(cleaned).not.toContain(message.slice(0, 12))
  })

  it('keeps them on this machine', () => {
    const text = `<SignatureValue>${message}</SignatureValue>`
    expect(sanitizer({ secrets: [], cutSignatures: false })(text)).toBe(text)
  })
})
