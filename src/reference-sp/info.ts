import type { Service } from './service.ts'

/** What every reference SP says of itself: where it is, and how idpact reaches it. JSON. It holds secrets. */
export interface Info {
  /** Id of the contract that it keeps. */
  contract: string
  url: string
  /** `baseUrl` is what `/settings`, `/reset` and `/defects` stand below; see `http/admin-routes.ts` for the rest. */
  admin: { baseUrl: string; token: string }
  defects: string[]
  /** As `target` of an idpact.yaml has it, but for what is not the SP's to say (outbox, domain of addresses). */
  target: Readonly<Record<string, unknown>>
  /** As `expect` of an idpact.yaml has it, where it is not the contract's default. */
  expect?: Readonly<Record<string, string>>
  /** As `parameters` of an idpact.yaml has them. */
  parameters: Readonly<Record<string, string | string[]>>
}

export const infoOf = (service: Service): Omit<Info, 'target' | 'parameters'> => ({
  contract: service.profile.id,
  url: service.url,
  admin: { baseUrl: `${service.url}/admin/api`, token: service.adminToken },
  defects: [...service.defects()],
})
