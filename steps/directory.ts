import type { NewSamlSettings } from '../mock-idp/admin/schema.ts'
import type { Contract } from '../src/contracts/contract.ts'
import type { Target } from '../src/target/ports.ts'
import type { Person, ProfileValue } from './scene.ts'
import type { IdpactWorld } from './world.ts'

/** How the scenario's application differs from the ordinary one. */
export interface ApplicationOptions {
  /** Which of the target's ACS URLs and audiences is the application's own. */
  acs: number
  /** False: no attribute statements at all. */
  attributes: boolean
  /** Attributes that come from directory groups instead of the person's profile: the name, and the prefix of the groups. */
  fromGroups: { attribute: string; prefix: string; whenEmpty: 'omit' | 'send' } | undefined
  /** What is signed; the mock IdP's own choice, which is both, when left out. */
  signed?: { response: boolean; assertion: boolean } | undefined
  /** Whether Assertions are encrypted for the SP's key. */
  encrypted?: boolean | undefined
  /** True: what provisioning says too is said by SAML from the application's own profile, and not from the directory. */
  fromProvisioning: boolean
}

export const ordinaryApplication: ApplicationOptions = {
  acs: 0,
  attributes: true,
  fromGroups: undefined,
  fromProvisioning: false,
}

/** `{accountId}` stands for a parameter; everything else is an expression of the mock IdP as it is. */
const expressionOf = (value: string, parameters: Readonly<Record<string, ProfileValue>>): string => {
  const name = /^\{(.+)\}$/.exec(value)?.[1]
  return name === undefined ? value : JSON.stringify(String(parameters[name] ?? ''))
}

/** The SAML settings of an application, as an administrator fills them in by the contract's documentation. */
export const samlSettingsFor = (
  contract: Contract,
  target: Pick<Target, 'acs'>,
  parameters: Readonly<Record<string, ProfileValue>>,
  options: ApplicationOptions,
): NewSamlSettings => {
  const { urls, audiences } = target.acs
  // A service provider without SAML has an application all the same: Okta's have a sign-on address.
  const ssoUrl = urls[options.acs] ?? urls[0] ?? 'https://no-saml.example.test/acs'
  const { fromGroups, fromProvisioning } = options
  return {
    ssoUrl,
    audience: audiences[options.acs] ?? audiences[0] ?? 'https://no-saml.example.test',
    spEntityIds: [...audiences],
    requestableSsoUrls: urls.flatMap((url, index) => (url === ssoUrl ? [] : [{ url, index }])),
    ...(options.signed === undefined
      ? {}
      : { responseSigned: options.signed.response, assertionSigned: options.signed.assertion }),
    ...(target.acs.singleLogout === undefined
      ? {}
      : {
          singleLogout: {
            url: target.acs.singleLogout.post ?? target.acs.singleLogout.redirect ?? ssoUrl,
            binding: target.acs.singleLogout.post === undefined ? 'HTTP-Redirect' : 'HTTP-POST',
          },
          ...(target.acs.singleLogout.certificate === undefined
            ? {}
            : { spCertificate: target.acs.singleLogout.certificate }),
        }),
    ...(options.encrypted === true && target.acs.encryptionKey !== undefined
      ? { encryption: { certificate: target.acs.encryptionKey } }
      : {}),
    nameIdFormat: contract.nameIdFormat,
    applicationUsername: 'user.email',
    attributeStatements: options.attributes
      ? contract.attributes
          .filter(({ name }) => name !== fromGroups?.attribute)
          .map(({ name, value, provisioned = value }) => ({
            name,
            values: [expressionOf(fromProvisioning ? provisioned : value, parameters)],
          }))
      : [],
    groupAttributeStatements:
      fromGroups === undefined
        ? []
        : [
            {
              name: fromGroups.attribute,
              filter: { type: 'STARTS_WITH', value: fromGroups.prefix },
              whenEmpty: fromGroups.whenEmpty,
            },
          ],
  }
}

const defined = (profile: Person['profile']): Record<string, ProfileValue> =>
  Object.fromEntries(Object.entries(profile).filter((entry): entry is [string, ProfileValue] => entry[1] !== undefined))

/** Brings the mock IdP's directory to what the scenario has said of this person so far; returns the id there. */
export const bringToDirectory = async (world: IdpactWorld, person: Person): Promise<string> => {
  const { org } = world.side(person.tenant)
  const profile = defined(person.profile)
  if (person.directoryId === undefined) {
    const { login = person.email, email = person.email, ...rest } = profile
    const { id } = await world.application(person.tenant)
    person.session = await org.sessions.createForNewUser({
      profile: { login: String(login), email: String(email), ...rest },
      applicationIds: person.assigned ? [id] : [],
    })
    person.directoryId = person.session.userId
    ;(person.tenant === 'b' ? world.madeUsersOfB : world.madeUsers).push(person.directoryId)
  } else if (person.changed) {
    const removed = [...person.stored].filter((name) => !(name in profile)).map((name) => [name, null] as const)
    await org.users.update(person.directoryId, { profile: { ...profile, ...Object.fromEntries(removed) } })
  }
  person.changed = false
  person.stored = new Set(Object.keys(profile))
  return person.directoryId
}

/** Puts the person into exactly these groups of the directory (Okta's own groups, not the SP's), made where needed. */
export const setDirectoryGroups = async (
  world: IdpactWorld,
  person: Person,
  names: readonly string[],
): Promise<void> => {
  const { org } = world.side(person.tenant)
  const id = await bringToDirectory(world, person)
  for (const name of person.directoryGroups.filter((old) => !names.includes(old)))
    await org.groups.removeMember(await world.directoryGroup(name), id)
  for (const name of names.filter((fresh) => !person.directoryGroups.includes(fresh)))
    await org.groups.addMember(await world.directoryGroup(name), id)
  person.directoryGroups = [...names]
}
