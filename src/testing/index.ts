/** The package's main entry: a mock IdP for tests, and the certification of an application of the same process. */
export { createMockIdpClient, type MockIdpClient, MockIdpError, type OrgClient } from '../../mock-idp/client.ts'
export type { MockIdpInfo, MockIdpOptions } from '../../mock-idp/index.ts'
export type { Report } from '../report/model.ts'
export { type CertifiedApp, type CertifyAppOptions, certifyApp, type Trust } from './certify-app.ts'
export type { Login, LoginOptions, Mistake, SamlResponse, SessionCookie, Who } from './login.ts'
export type { ServiceProvider } from './service-provider.ts'
export { createMockIdp, type TestIdp, type TestIdpOptions } from './test-idp.ts'
