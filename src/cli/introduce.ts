import { join } from 'node:path'
import type { NewApplication } from '../../mock-idp/admin/schema.ts'
import { createMockIdpClient } from '../../mock-idp/client.ts'
import { targetSchema } from '../config/schema.ts'
import { findContract } from '../contracts/index.ts'
import type { Info } from '../reference-sp/index.ts'

/** Attributes that a directory for people has under another name than a certification's. */
const ordinarySources: Readonly<Record<string, string>> = { 'User.Username': 'user.login' }

/** The application at the mock IdP through which everyone in its directory may log in at this reference SP. */
const applicationFor = (info: Info): NewApplication => {
  const { acs, audience } = targetSchema.parse(info.target).saml ?? { acs: [], audience: [] }
  const contract = findContract(info.contract)
  const sourceOf = (name: string, value: string): string => {
    const parameter = /^\{(.+)\}$/.exec(value)?.[1]
    return parameter === undefined
      ? (ordinarySources[name] ?? value)
      : JSON.stringify(String(info.parameters[parameter] ?? ''))
  }
  return {
    label: 'Reference SP',
    everyone: true,
    saml: {
      ssoUrl: acs[0] ?? '',
      audience: audience[0] ?? '',
      spEntityIds: [...audience],
      requestableSsoUrls: acs.map((url, index) => ({ url, index })),
      nameIdFormat: contract.nameIdFormat,
      applicationUsername: 'user.email',
      attributeStatements: contract.attributes.map(({ name, value }) => ({ name, values: [sourceOf(name, value)] })),
    },
  }
}

/** The metadata of the mock IdP of a folder, made if there is none, so that whoever is started first knows the other. */
export const folderMetadata = async (cwd: string): Promise<string> => {
  const { readFolderMetadata } = await import('../../mock-idp/offline.ts')
  return (await readFolderMetadata({ dataDir: join(cwd, '.idpact') })).xml
}

/** Where the mock IdP of a folder listens, or last did. */
export const folderIdpUrl = async (cwd: string): Promise<string> => {
  const { folderAddress } = await import('../../mock-idp/offline.ts')
  return folderAddress(join(cwd, '.idpact'))
}

/**
 * Registers the reference SP at the mock IdP of a folder, if that is running, and lets logins make accounts.
 *
 * @returns the app link for an IdP-initiated login; undefined when no mock IdP answers
 */
export const introduce = async (info: Info, idpUrl: string): Promise<string | undefined> => {
  await fetch(`${info.admin.baseUrl}/settings`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${info.admin.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ provisioning: true }),
  })
  const { applications } = createMockIdpClient({ url: idpUrl, timeoutMs: 2000 }).org('default')
  const wanted = applicationFor(info)
  try {
    const known = (await applications.list()).find(({ saml }) => saml.audience === wanted.saml.audience)
    const { appLink } = known
      ? await applications.update(known.id, { saml: wanted.saml, everyone: true })
      : await applications.create(wanted)
    return appLink
  } catch {
    return undefined
  }
}
