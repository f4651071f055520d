import type { Profile } from '../profile.ts'
import { goodRules } from '../rules/rules.ts'
import { defaultSettings } from '../store/settings.ts'
import { imagekitDefects } from './defects.ts'
import { enter } from './enter.ts'
import { roles } from './roles.ts'
import { imagekitRoutes } from './routes.ts'

/** ImageKit: several organisations behind one assertion consumer service; users are made by logins and found by e-mail. */
export const imagekitProfile: Profile = {
  id: 'imagekit',
  title: 'ImageKit',
  organisations: ['acme', 'globex'],
  settings: { ...defaultSettings, provisioning: true, scim: false },
  roles,
  // No status is documented for a refusal.
  rules: { ...goodRules, refusalStatus: () => 403, logsInAtCreation: (user) => user.enabled, invites: () => false },
  defects: imagekitDefects,
  acs: (url) => [{ url: `${url}/saml/consume`, audience: `${url}/saml/consume` }],
  administrator: {
    email: 'administrator@sp.example.test',
    firstName: 'Account Administrator',
    lastName: '',
    role: 'account_administrator',
  },
  fill: () => undefined,
  enter,
  routes: imagekitRoutes,
}
