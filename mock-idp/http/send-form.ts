import { randomBytes } from 'node:crypto'
import type { Response } from 'express'
import type { FormPost } from '../faults/fault.ts'
import { postFormHeaders, renderPostForm } from '../saml/bindings.ts'

/** The page that posts a message to the service provider (SAML Bindings 3.5.4). */
export const sendForm = (res: Response, form: FormPost, title?: string): void => {
  const nonce = randomBytes(16).toString('base64url')
  res.set(postFormHeaders(nonce))
  // With no-referrer, browsers send `Origin: null` along with the message, which some service providers refuse.
  res.set('referrer-policy', 'strict-origin-when-cross-origin')
  res.send(renderPostForm(form, { nonce, ...(title === undefined ? {} : { title }) }))
}
