import type { FaultInfo, Registration } from '../mock-idp/admin/schema.ts'
import type { OrgClient } from '../mock-idp/client.ts'
import { createMockIdpClient } from '../mock-idp/client.ts'
import type { Contract } from '../src/contracts/contract.ts'
import { contractOf } from '../src/contracts/index.ts'
import { InternalError } from '../src/core/errors.ts'
import { type Ledger, openLedger } from '../src/target/ledger.ts'
import type { Target } from '../src/target/ports.ts'
import type { RunContext } from '../src/target/run-context.ts'
import { openTarget } from '../src/target/target.ts'
import type { UserAgent } from '../src/target/user-agent.ts'

/** What all scenarios of one process share: who the IdP and the target are, and how to reach them. */
/** One organisation at the SP, and the IdP that it trusts. */
export interface Side {
  target: Target
  /** The org of the mock IdP that the SP trusts in this phase. */
  org: OrgClient
  /** What it trusts of it; every scenario's application is on it. */
  registration: Registration
  /** What the contract asks for, of this organisation. */
  parameters: RunContext['parameters']
}

export interface Run extends Side {
  context: RunContext
  contract: Contract
  /** A second organisation, which trusts another IdP. */
  b: Side | undefined
  ledger: Ledger
  newBrowser(): UserAgent
  /** What the mock IdP can get wrong, by id. */
  faultCatalogue(): Promise<ReadonlyMap<string, FaultInfo>>
}

/** By what they were opened with: phases differ in their settings, and so do the runs that one process may do. */
const runs = new Map<string, Promise<Run>>()

export const openRun = (context: RunContext): Promise<Run> => {
  const key = JSON.stringify(context)
  const known = runs.get(key) ?? open(context)
  runs.set(key, known)
  return known
}

const open = async (context: RunContext): Promise<Run> => {
  const { idp, parameters } = context
  const target = await openTarget(context.target, { outboxUrl: context.outboxUrl, browser: context.browser })
  const side = async (target: Target, id: string, own: RunContext['parameters']): Promise<Side> => {
    const org = createMockIdpClient({ url: idp.url }).org(id)
    const [registration] = await org.registrations.list()
    if (registration === undefined)
      throw new InternalError(`The org ${org.id} of the mock IdP has no registration`, { code: 'no-registration' })
    return { target, org, registration, parameters: own }
  }
  const ofB = context.target.tenants.b?.parameters
  return {
    ...(await side(target, context.settings['idp'] === 'plain' ? idp.plainOrg : idp.org, parameters)),
    b: target.b && (await side(target.b, idp.orgOfB, { ...parameters, ...ofB })),
    context,
    contract: contractOf(context.contract),
    ledger: openLedger(context.ledgerFile, { run: context.run.id, target }),
    newBrowser: () => target.newAgent(),
    faultCatalogue: async () =>
      new Map((await createMockIdpClient({ url: idp.url }).faultCatalogue()).map((info) => [info.id, info])),
  }
}

/** Lets go of the targets; the runs of this process are over. */
export const closeRuns = async (): Promise<void> => {
  const open = [...runs.values()]
  runs.clear()
  for (const result of await Promise.allSettled(open))
    if (result.status === 'fulfilled') await result.value.target.close()
}
