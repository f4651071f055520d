import { type Html, html } from '../../src/core/html.ts'
import type { AuthnRequest } from '../saml/authn-request.ts'
import { requestDetails } from './journal-details.ts'

/** An AuthnRequest, decoded, for a person: the fields, and the XML folded away. */
export const requestTable = (request: AuthnRequest): Html =>
  html`<section class="request"><h2>The request, decoded</h2>
    <dl class="facts">${Object.entries({ id: request.id, ...requestDetails(request) }).map(
      ([name, value]) => html`<dt>${name}</dt><dd>${Array.isArray(value) ? value.join(', ') : String(value)}</dd>`,
    )}</dl>
    <details><summary>XML</summary><pre>${request.xml}</pre></details></section>`
