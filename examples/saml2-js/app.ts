/** A service provider on saml2-js, set up as its README says; Assertions need not be encrypted. */
import { createRequire } from 'node:module'
import { generateSigningKey } from '../../mock-idp/saml/keys.ts'
import { type Idp, type SamlApp, startSamlApp } from '../saml-app.ts'

type Done<T extends unknown[]> = (error: Error | null, ...values: T) => void
/** The part of saml2-js that is used here; it has no types of its own. */
interface Saml2 {
  ServiceProvider: new (
    options: Record<string, unknown>,
  ) => {
    create_login_request_url(idp: unknown, options: object, done: Done<[url: string]>): void
    post_assert(idp: unknown, options: object, done: Done<[response: { user: { name_id: string } }]>): void
  }
  IdentityProvider: new (options: Record<string, unknown>) => unknown
}
const saml2 = createRequire(import.meta.url)('saml2-js') as Saml2

const promised = <T>(run: (done: Done<[T]>) => void): Promise<T> =>
  new Promise((resolve, reject) => run((error, value) => (error ? reject(error) : resolve(value))))

export const startSaml2Js = async ({ ssoUrl, certificatePem }: Idp): Promise<SamlApp> => {
  // It wants a key for messages that it would sign or decrypt.
  const key = await generateSigningKey({ commonName: 'example', now: Date.now() })
  return startSamlApp(({ acs, entityId }) => {
    const sp = new saml2.ServiceProvider({
      entity_id: entityId,
      private_key: key.privateKeyPem,
      certificate: key.certificatePem,
      assert_endpoint: acs,
      allow_unencrypted_assertion: true,
    })
    const idp = new saml2.IdentityProvider({
      sso_login_url: ssoUrl,
      sso_logout_url: ssoUrl,
      certificates: [certificatePem],
    })
    return {
      loginUrl: () => promised((done) => sp.create_login_request_url(idp, {}, done)),
      nameIdOf: async (form) => {
        const { user } = await promised<{ user: { name_id: string } }>((done) =>
          sp.post_assert(idp, { request_body: form }, done),
        )
        return user.name_id
      },
    }
  })
}
