import type { Profile } from '../profile.ts'
import { goodRules } from '../rules/rules.ts'
import { defaultSettings } from '../store/settings.ts'
import { cloudsmithDefects } from './defects.ts'
import { enter } from './enter.ts'
import { cloudsmithRoutes } from './routes.ts'

/** Cloudsmith: each organisation has an ACS, members and teams of its own; SAML, Group Sync and SCIM are its switches. */
export const cloudsmithProfile: Profile = {
  id: 'cloudsmith',
  title: 'Cloudsmith',
  organisations: ['acme', 'globex'],
  settings: { ...defaultSettings, provisioning: true, scim: false },
  roles: ['Owner', 'Manager', 'Member', 'Collaborator'],
  rules: {
    ...goodRules,
    // No status is documented for a refusal.
    refusalStatus: () => 403,
    invites: () => false,
    defaultRole: () => 'Member',
    scimReadsTopLevel: () => false,
    scimShowsCustomAttributes: () => false,
    scimHasGroups: () => false,
    scimNeedsNames: () => true,
    // Members are looked up by their e-mail address, and that is their userName too.
    bindsExternalId: () => false,
  },
  defects: cloudsmithDefects,
  acs: (url, organisation) => {
    const acs = `${url}/orgs/${organisation}/saml/acs/`
    return [{ url: acs, audience: acs }]
  },
  administrator: { email: 'owner@sp.example.test', firstName: 'Owner', lastName: 'Of All', role: 'Owner' },
  fill: () => undefined,
  enter,
  routes: cloudsmithRoutes,
}
