import type { Response } from 'express'
import { html, raw } from '../../core/html.ts'
import { page, sendPage } from './page.ts'

/** The page that posts a message to the identity provider (SAML Bindings 3.5.4). */
export const postToIdp = (
  res: Response,
  url: string,
  carrier: 'SAMLRequest' | 'SAMLResponse',
  message: string,
  relayState: string | undefined,
): void => {
  // It has a script of one line, which the policy of the other pages does not allow.
  res.removeHeader('content-security-policy')
  sendPage(
    res,
    200,
    page(
      { title: 'To your identity provider', narrow: true },
      html`<form method="post" action="${url}"><input type="hidden" name="${carrier}" value="${message}">
${relayState !== undefined && html`<input type="hidden" name="RelayState" value="${relayState}">`}<button>Continue to your identity provider</button></form>${raw('<script>document.forms[0].submit()</script>')}`,
    ),
  )
}
