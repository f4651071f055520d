/**
 * idpact's steps for cucumber-js. Importing this registers them, the World and the hooks; write your own steps beside them
 * with the `Given`, `When` and `Then` exported here, so that there is one copy of cucumber only.
 *
 * @example
 * // cucumber.js: export default { import: ['node_modules/idpact/dist/steps/index.js', 'steps/*.js'] }
 * import { Then } from 'idpact/steps'
 * Then('the user sees the welcome page', async function () { … this.last.page … })
 */
import './parameter-types.ts'
import './hooks.ts'
import './definitions/accounts.steps.ts'
import './definitions/administrators.steps.ts'
import './definitions/any-sp.steps.ts'
import './definitions/application-profile.steps.ts'
import './definitions/beginnings.steps.ts'
import './definitions/connections.steps.ts'
import './definitions/group-sync.steps.ts'
import './definitions/groups.steps.ts'
import './definitions/idp.steps.ts'
import './definitions/imports.steps.ts'
import './definitions/logins.steps.ts'
import './definitions/logout.steps.ts'
import './definitions/mail.steps.ts'
import './definitions/mistakes.steps.ts'
import './definitions/organisations.steps.ts'
import './definitions/people.steps.ts'
import './definitions/profiles.steps.ts'
import './definitions/provisioning.steps.ts'
import './definitions/pushed-groups.steps.ts'
import './definitions/scim-credentials.steps.ts'
import './definitions/scim-reads.steps.ts'
import './definitions/sp-start.steps.ts'
import './definitions/sso-setup.steps.ts'

export { After, Before, Given, Then, When } from '@cucumber/cucumber'
export { needs } from './needs.ts'
export { failed, inconclusive, notObservable, StepFailure } from './outcome.ts'
export { IdpactWorld } from './world.ts'
