import { z } from 'zod'
import { TargetError } from '../../core/errors.ts'
import { askTarget } from './target.ts'
import type { VerbContext } from './verb.ts'

/** A ListResponse of groups (RFC 7644 3.4.2); what else is in it does not matter here. */
const listOfGroups = z.object({
  Resources: z
    .array(z.object({ id: z.string().min(1).max(1000), displayName: z.string().max(1000).optional() }))
    .max(1000)
    .default([]),
})

export interface SpGroup {
  id: string
  displayName?: string | undefined
}

/**
 * Groups of the service provider with this name, asked for with the connection's credential. A filter is RFC 7644 3.4.2.2:
 * the value is written as JSON text.
 *
 * @throws TargetError `unexpected-answer`, or with what the service provider said
 */
export const groupsNamed = async (
  org: VerbContext['org'],
  registrationId: string,
  name: string,
): Promise<readonly SpGroup[]> => {
  const query = new URLSearchParams({ filter: `displayName eq ${JSON.stringify(name)}`, startIndex: '1', count: '100' })
  const { status, body } = await askTarget(() =>
    org.connection.call({ method: 'GET', path: `/Groups?${query}` }, registrationId),
  )
  const list = listOfGroups.safeParse(body)
  if (status === 200 && list.success) return list.data.Resources
  throw new TargetError(`Expected a list of groups with status 200 from the service provider, found status ${status}`, {
    code: 'unexpected-answer',
    hint: 'The journal of the mock IdP shows the whole answer. "idpact okta connection test" tries the connection.',
  })
}
