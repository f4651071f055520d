import type { AdminConfig } from '../../config/schema.ts'
import { TargetError } from '../../core/errors.ts'
import type { AdminPort, SettingsChange, Verb } from '../ports.ts'
import type { Transport } from '../transport.ts'
import { type HttpApi, mustRun } from './http-operation.ts'

type Config = Extract<AdminConfig, { driver: 'http' }>

/** Settings in the order in which they are changed: what a switch needs is there before it is thrown. */
const switches = ['saml', 'provisioning', 'enforce', 'scim'] as const

export const httpAdminVerbs = (config: Config): Verb[] => [
  ...switches.flatMap((name): Verb[] => (config[name] === undefined ? [] : [`admin.${name}`])),
  ...(config.metadata?.inline === undefined && config.metadata?.url === undefined ? [] : (['admin.metadata'] as const)),
  ...(config.twoFactor === undefined ? [] : (['admin.twoFactor'] as const)),
]

const notDeclared = (name: string): TargetError =>
  new TargetError(`target.admin.${name} is not declared in idpact.yaml`, {
    code: 'not-declared',
    hint: `Declare target.admin.${name}: the request that changes it.`,
  })

/** The `http` driver: the settings of any SP, as idpact.yaml declares them. */
export const httpAdmin = (config: Config, transport: Transport): AdminPort => {
  const api: HttpApi = { baseUrl: config.baseUrl, headers: config.headers, transport }
  const setMetadata = async (metadata: NonNullable<SettingsChange['metadata']>): Promise<void> => {
    const [operation, values] =
      'inline' in metadata
        ? [config.metadata?.inline, { metadata: metadata.inline }]
        : [config.metadata?.url, { url: metadata.url }]
    if (operation === undefined) throw notDeclared(`metadata.${'inline' in metadata ? 'inline' : 'url'}`)
    await mustRun(api, operation, values)
  }
  const { twoFactor } = config
  return {
    settings: [
      ...switches.filter((name) => config[name] !== undefined),
      ...(config.metadata === undefined ? [] : ['metadata', 'idp']),
    ],
    read: async () => ({ settings: await mustRun(api, config.read, {}) }),
    restore: async ({ settings }) => {
      await mustRun(api, config.restore, { snapshot: settings })
    },
    apply: async (change) => {
      if (change.metadata !== undefined) await setMetadata(change.metadata)
      for (const name of switches) {
        const to = change[name]
        if (to === undefined) continue
        const operations = config[name]
        if (operations === undefined) throw notDeclared(name)
        await mustRun(api, operations[to], {})
      }
    },
    ...(twoFactor === undefined
      ? {}
      : {
          setTwoFactor: async (id: string, on: boolean) => {
            await mustRun(api, twoFactor[on ? 'on' : 'off'], { id })
          },
        }),
  }
}
