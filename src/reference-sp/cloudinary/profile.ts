import type { Profile } from '../profile.ts'
import { goodRules } from '../rules/rules.ts'
import { defaultSettings } from '../store/settings.ts'
import { cloudinaryDefects } from './defects/defects.ts'
import { enter, makeGroupsTooEarly } from './login/enter.ts'
import { productEnvironments } from './product-environments.ts'
import { isAdministrator, isRole, roles } from './roles.ts'
import { cloudinaryRoutes } from './routes.ts'

/** An account of Cloudinary: one organisation, with the console's assertion consumer service and the older one. */
export const cloudinaryProfile: Profile = {
  id: 'cloudinary',
  title: 'Cloudinary',
  organisations: ['account'],
  settings: defaultSettings,
  roles,
  rules: {
    ...goodRules,
    mayAuthorise: (user) => user.enabled && isAdministrator(user.role),
    scimRole: (role) => (isRole(role) ? role : undefined),
  },
  defects: cloudinaryDefects,
  acs: (url) => [
    { url: `${url}/console/saml/consume`, audience: `${url}/console/saml` },
    { url: `${url}/saml/consume`, audience: `${url}/saml` },
  ],
  administrator: {
    email: 'master.admin@sp.example.test',
    firstName: 'Master',
    lastName: 'Admin',
    role: 'master_admin',
  },
  fill: (store) => {
    for (const cloudName of productEnvironments) store.environments.create({ name: cloudName, cloudName })
  },
  enter,
  beforeChecks: makeGroupsTooEarly,
  routes: cloudinaryRoutes,
}
