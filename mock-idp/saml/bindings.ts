import { UsageError } from '../../src/core/errors.ts'
import { escapeHtml, html, raw } from '../../src/core/html.ts'
import type { FormPost } from '../faults/fault.ts'

/** base64 of UTF-8, on one line (SAML Bindings 3.5.4). */
export const encodeMessage = (xml: string): string => Buffer.from(xml, 'utf8').toString('base64')

export const decodeMessage = (samlResponse: string): string => Buffer.from(samlResponse, 'base64').toString('utf8')

/** An HTML reader turns CR and CRLF of the source into LF; as character references they arrive as they are. */
const attributeValue = (value: string) => raw(escapeHtml(value).replace(/[\r\n\t]/g, (c) => `&#${c.charCodeAt(0)};`))

const checkAction = (action: string): void => {
  if (URL.canParse(action) && /^https?:$/.test(new URL(action).protocol)) return
  throw new UsageError(`Expected an http or https address to post the Response to, found ${JSON.stringify(action)}.`, {
    code: 'bad-acs-url',
    hint: 'Set the single sign-on URL of the application to the Assertion Consumer Service of the service provider.',
  })
}

/**
 * The page that carries a Response through the browser (SAML Bindings 3.5.4), with the names that Okta's has: form
 * `appForm`, inputs `SAMLResponse` and `RelayState`. A RelayState that never came is not sent; an empty one is.
 *
 * @param options.nonce Of the Content-Security-Policy; see {@link postFormHeaders}.
 * @throws UsageError `bad-acs-url` for an address that is not http or https
 */
export const renderPostForm = (form: FormPost, options: { nonce: string; title?: string }): string => {
  checkAction(form.action)
  const { fields = [['SAMLResponse', form.samlResponse] as const] } = form
  const inputs = [...fields, ...(form.relayState === undefined ? [] : [['RelayState', form.relayState] as const])].map(
    ([name, value]) => html`<input name="${name}" type="hidden" value="${attributeValue(value)}">
`,
  )
  const enctype = form.enctype === undefined ? null : html` enctype="${form.enctype}"`
  return html`<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>${options.title ?? 'Signing in…'}</title></head>
<body>
<form id="appForm" action="${attributeValue(form.action)}" method="${form.method ?? 'POST'}"${enctype}>
${inputs}<noscript><p>Scripts are off in this browser.</p><button type="submit">Continue</button></noscript>
</form>
<script nonce="${options.nonce}">document.getElementById('appForm').submit()</script>
</body>
</html>
`.toString()
}

/**
 * Headers that go with {@link renderPostForm}: nothing but the one script runs, no frame may hold it, nothing keeps it.
 * `form-action` is left open, because browsers apply it to the redirects that follow the post as well.
 */
export const postFormHeaders = (nonce: string): Record<string, string> => ({
  'content-type': 'text/html;charset=utf-8',
  'content-security-policy': `default-src 'none'; script-src 'nonce-${nonce}'; base-uri 'none'; frame-ancestors 'none'`,
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
})
