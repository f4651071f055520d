import type { Application } from '../../mock-idp/admin/schema.ts'
import { createMockIdp as createPlainMockIdp, type MockIdp, type MockIdpOptions } from '../../mock-idp/index.ts'
import {
  type At,
  type Login,
  type LoginOptions,
  openBrowser,
  respond,
  responseOf,
  type SamlResponse,
  type SessionCookie,
  signIn,
} from './login.ts'
import { applicationFor, type ServiceProvider } from './service-provider.ts'

export interface TestIdpOptions extends MockIdpOptions {
  /** The service provider that logins go to unless they say another. */
  sp?: ServiceProvider | undefined
}

/** A mock IdP for tests: everything that it is, and logins in one call. */
export interface TestIdp extends Omit<MockIdp, 'start'> {
  start(): Promise<TestIdp>
  /** What a service provider is configured with, with the metadata and the certificate themselves. */
  trust(): Promise<{ entityId: string; ssoUrl: string; metadataUrl: string; metadata: string; certificate: string }>
  /**
   * Logs somebody in at the service provider: a Response, posted as a browser does, redirects followed.
   *
   * @returns the answer of the service provider, whatever it is; ask it who is logged in by `get`
   * @throws TargetError where it gives no answer, UsageError where there is no Response
   * @example
   * const login = await idp.login({ as: 'ada@example.test', faults: ['wrong-audience'] })
   * expect((await login.get(`${app}/me`)).status).toBe(401)
   */
  login(options: LoginOptions): Promise<Login>
  /**
   * Signs somebody in at the mock IdP alone, for a browser of the test's own: there is no sign-in page then.
   *
   * @returns the cookie of the session, as Playwright's `addCookies` takes it
   * @example await context.addCookies([await idp.signIn({ as: 'ada@example.test' })])
   */
  signIn(options: Omit<LoginOptions, 'start'>): Promise<SessionCookie>
  saml: {
    /**
     * A Response for somebody, which is not posted: for a test of the code that reads it.
     *
     * @example const { fields } = await idp.saml.respond({ as: 'ada@example.test', sp: { acs, entityId } })
     */
    respond(options: LoginOptions): Promise<SamlResponse>
  }
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * A mock IdP in this process, in memory unless `dataDir` is given. Nothing happens before `start()`.
 *
 * @throws UsageError if the options cannot be
 * @example
 * await using idp = await createMockIdp({ sp: { acs: 'http://127.0.0.1:3000/acs', entityId: 'my-app' } }).start()
 * const login = await idp.login({ as: 'ada@example.test' })
 */
export const createMockIdp = ({ sp, ...options }: TestIdpOptions = {}): TestIdp => {
  const plain = createPlainMockIdp(options)
  const made = new Map<string, Promise<Application>>()
  const browsers: (() => Promise<void>)[] = []
  const at = async (own: ServiceProvider | undefined): Promise<At> => ({
    org: plain.org(),
    idpUrl: plain.url,
    application: await applicationFor(plain.org(), made, own ?? sp),
  })
  const stop = async (): Promise<void> => {
    made.clear()
    await Promise.all([plain.stop(), ...browsers.splice(0).map((close) => close())])
  }
  const idp: TestIdp = {
    get url() {
      return plain.url
    },
    get info() {
      return plain.info
    },
    get client() {
      return plain.client
    },
    org: (id) => plain.org(id),
    start: async () => {
      await plain.start()
      return idp
    },
    stop,
    trust: async () => {
      const [registration] = await plain.org().registrations.list()
      const { entityId, ssoUrl, metadataUrl } = plain.info
      return {
        ...{ entityId, ssoUrl, metadataUrl },
        metadata: await plain.org().metadata(),
        certificate: registration?.certificatePem ?? '',
      }
    },
    login: async (wanted) => {
      const { agent, close } = await openBrowser()
      browsers.push(close)
      const form = await respond(agent, await at(wanted.sp), wanted)
      const page = await agent.submit(form)
      return {
        ...page,
        response: responseOf(form),
        get: (url) => agent.get(new URL(url, page.url).href),
        cookies: (url) => agent.cookies(new URL(url, page.url).href),
        exchanges: agent.exchanges,
      }
    },
    signIn: async (wanted) => signIn(await at(wanted.sp), wanted),
    saml: {
      respond: async (wanted) => {
        const { agent, close } = await openBrowser()
        try {
          return responseOf(await respond(agent, await at(wanted.sp), wanted))
        } finally {
          await close()
        }
      },
    },
    [Symbol.asyncDispose]: stop,
  }
  return idp
}
