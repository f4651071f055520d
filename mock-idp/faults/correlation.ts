import { editAssertions } from './edit.ts'
import { fault } from './fault.ts'
import { text } from './params.ts'

/** Which request a Response says that it answers. */
export const inResponseTo = fault({
  id: 'in-response-to',
  title: 'The Response and its Assertion answer another request, or one where there was none',
  stage: 'claims',
  severity: 'high',
  expect: 'reject',
  basis: ['SAML Core 3.2.2', 'SAML Profiles 4.1.4.3', 'SAML Profiles 4.1.5'],
  parameters: { id: { title: 'The ID of the request', type: 'string', required: true } },
  apply: (draft, _context, params) => {
    const id = text(params, 'id')
    return {
      ...editAssertions(draft, ({ subject, ...assertion }) => ({
        ...assertion,
        subject: subject && {
          ...subject,
          confirmations: subject.confirmations.map((one) => ({ ...one, inResponseTo: id })),
        },
      })),
      inResponseTo: id,
    }
  },
})

export const correlationFaults = [inResponseTo] as const
