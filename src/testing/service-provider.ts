/** The service provider of a test, as an application of the mock IdP. */
import type { Application, NewSamlSettings } from '../../mock-idp/admin/schema.ts'
import type { OrgClient } from '../../mock-idp/client.ts'
import { UsageError } from '../core/errors.ts'

export interface ServiceProvider {
  /** Where it takes Responses: its assertion consumer service. */
  acs: string
  /** Its entity ID: the audience of Assertions. */
  entityId: string
  /** Attributes of the Assertion: the Name, and the expression that fills it (`user.email`). E-mail and names when left out. */
  attributes?: Readonly<Record<string, string>> | undefined
  /** Everything else that Okta's SAML settings of an application have. */
  saml?: Partial<NewSamlSettings> | undefined
}

const usualAttributes: Readonly<Record<string, string>> = {
  email: 'user.email',
  firstName: 'user.firstName',
  lastName: 'user.lastName',
}

const settingsOf = ({ acs, entityId, attributes = usualAttributes, saml }: ServiceProvider): NewSamlSettings => ({
  ssoUrl: acs,
  audience: entityId,
  nameIdFormat: 'emailAddress',
  applicationUsername: 'user.email',
  attributeStatements: Object.entries(attributes).map(([name, expression]) => ({ name, values: [expression] })),
  ...saml,
})

/**
 * The application of a service provider: the one that an earlier call made for the same settings, else a new one.
 *
 * @throws UsageError `no-service-provider` where neither the call nor the mock IdP was told of one
 */
export const applicationFor = async (
  org: OrgClient,
  made: Map<string, Promise<Application>>,
  sp: ServiceProvider | undefined,
): Promise<Application> => {
  if (sp === undefined)
    throw new UsageError('The mock IdP does not know the service provider.', {
      code: 'no-service-provider',
      hint: 'Say it: createMockIdp({ sp: { acs, entityId } }), or login({ sp: { acs, entityId }, … }).',
    })
  const settings = settingsOf(sp)
  const key = JSON.stringify(settings)
  const known = made.get(key) ?? org.applications.create({ label: `Test ${made.size + 1}`, saml: settings })
  made.set(key, known)
  return known
}
