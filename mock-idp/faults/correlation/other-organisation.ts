/** For another organisation of the same service provider than the identity provider speaks for: COR-31. */
import { claimsFault, type Fault } from '../fault.ts'
import { withConditions, withConfirmations } from './change.ts'

export const otherOrganisationFaults: readonly Fault[] = [
  claimsFault({
    id: 'addressed-to-other-organisation',
    title: 'It is addressed to another organisation of the service provider: its audience, Recipient and Destination',
    severity: 'high',
    expect: 'reject',
    basis: ['SAML Core 2.2.5', 'SDP-SP16'],
    requirement: 'SAML-COR-31',
    parameters: {
      audience: { title: 'Audience of the other organisation', type: 'string', required: true },
      acs: { title: 'ACS URL of the other organisation', type: 'string', required: true },
    },
    apply: (draft, _context, { audience, acs }) => {
      const changed = withConfirmations(
        withConditions(draft, () => ({ audienceRestrictions: [[String(audience)]] })),
        () => ({ recipient: String(acs) }),
      )
      return { ...changed, destination: String(acs) }
    },
  }),
]
