import { faults } from '../catalogue.ts'
import type { FaultBase } from '../fault.ts'
import { logoutFaults } from '../logout.ts'
import { scimGroupFaults } from './groups.ts'
import { scimRequestFaults } from './requests.ts'
import type { ScimFault } from './scim-fault.ts'
import { scimUserFaults } from './users.ts'

/** Everything that the SCIM client can get wrong. */
export const scimFaults: readonly ScimFault[] = [...scimUserFaults, ...scimGroupFaults, ...scimRequestFaults]

/** What of a fault is for people: of either kind. */
export type ListedFault = FaultBase & { stage: string }

/** Everything that the mock IdP can get wrong, by SAML, in logouts and by SCIM. */
export const allFaults: readonly ListedFault[] = [...faults, ...logoutFaults, ...scimFaults]
