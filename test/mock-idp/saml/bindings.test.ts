import { expect, it } from 'vitest'
import { encodeMessage, postFormHeaders, renderPostForm } from '../../../mock-idp/saml/bindings.ts'

const form = {
  action: 'https://sp.example.test/acs?a=1&b="2"',
  samlResponse: encodeMessage('<é/>'),
  relayState: undefined,
}

it('posts the Response by itself, and by a button where scripts are off', () => {
  const page = renderPostForm(form, { nonce: 'n0nce' })
  expect(page).toContain(
    '<form id="appForm" action="https://sp.example.test/acs?a=1&amp;b=&quot;2&quot;" method="POST">',
  )
  expect(page).toContain(`<input name="SAMLResponse" type="hidden" value="${form.samlResponse}">`)
  expect(page).toContain(`<script nonce="n0nce">document.getElementById('appForm').submit()</script>`)
  expect(page).toMatch(/<noscript>.*<button type="submit">/)
  expect(postFormHeaders('n0nce')['content-security-policy']).toContain("script-src 'nonce-n0nce'")
})

it('sends a RelayState that came, even an empty one, and none that did not', () => {
  expect(renderPostForm(form, { nonce: 'n' })).not.toContain('RelayState')
  expect(renderPostForm({ ...form, relayState: '' }, { nonce: 'n' })).toContain(
    'name="RelayState" type="hidden" value=""',
  )
})

it('keeps every character of a RelayState, and its markup harmless', () => {
  const page = renderPostForm({ ...form, relayState: '"><script>\'&\r\n\t' }, { nonce: 'n' })
  expect(page).toContain('value="&quot;&gt;&lt;script&gt;&#39;&amp;&#13;&#10;&#9;"')
})

it.each(['javascript:alert(1)', 'data:text/html,x', 'nowhere', ''])('does not post to %j', (action) => {
  expect(() => renderPostForm({ ...form, action }, { nonce: 'n' })).toThrow(
    expect.objectContaining({ code: 'bad-acs-url' }),
  )
})
