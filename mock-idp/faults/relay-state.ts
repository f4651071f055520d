/** What goes back to the SP beside the message: REL-1, REL-2. */
import { type Fault, wireFault } from './fault.ts'
import { text } from './params.ts'

const relayState = wireFault({
  id: 'relay-state',
  title: 'The RelayState is not what the service provider sent',
  severity: 'medium',
  expect: 'accept',
  basis: ['SAML Bindings 3.5.3'],
  requirement: 'SAML-REL-01',
  parameters: { value: { title: 'The RelayState to send', type: 'string', required: true } },
  apply: (form, _context, params) => ({ ...form, relayState: text(params, 'value') }),
})

export const relayStateFaults: readonly Fault[] = [relayState]
