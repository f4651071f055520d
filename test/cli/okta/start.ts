import type { Application } from '../../../mock-idp/admin/schema.ts'
import type { OrgClient } from '../../../mock-idp/client.ts'
import type { MockIdp } from '../../../mock-idp/index.ts'
import { newApp, newPerson, startIdp } from '../../mock-idp/http/helpers.ts'
import { type Ran, type RunOptions, run } from '../run.ts'
import { resetDouble } from './engine-double.ts'

export interface Okta {
  idp: MockIdp
  org: OrgClient
  app: Application
  /** `idpact okta …` at this mock IdP; must succeed. Returns what it printed. */
  okta(...args: string[]): Promise<string>
  /** The same with `--json`, parsed. */
  json<T>(...args: string[]): Promise<T>
  /** The same, whatever comes of it. */
  attempt(args: readonly string[], options?: RunOptions): Promise<Ran>
}

/** A mock IdP with one application, App, and one person, ada@example.test. */
export const startOkta = async (): Promise<Okta> => {
  resetDouble()
  const idp = await startIdp()
  const app = await newApp(idp, {}, { everyone: false })
  await newPerson(idp)
  const attempt = (args: readonly string[], options?: RunOptions) => run([...args, '--url', idp.url], options)
  const okta = async (...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await attempt(['okta', ...args])
    if (code !== 0) throw new Error(`idpact okta ${args.join(' ')} ended with ${code}: ${stderr}`)
    return stdout
  }
  const json = async <T>(...args: string[]) => JSON.parse(await okta(...args, '--json')) as T
  return { idp, org: idp.org(), app, okta, json, attempt }
}
