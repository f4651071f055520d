import { UsageError } from '../../core/errors.ts'
import { findUser } from './find.ts'
import { said } from './output.ts'
import { readSecret, secretOptions } from './secret.ts'
import { type Verb, verb } from './verb.ts'

/** A new password of a person, which Sync Password sends on. */
export const password: Verb = verb<[string], object>({
  name: 'password',
  summary: 'give a person a new password, which goes to the service provider (Sync Password)',
  args: '<user>',
  ofApplication: true,
  options: secretOptions('password', 'the new password'),
  run: async ({ org, app, io }, [login], options) => {
    const secret = await readSecret(io, options, 'password')
    const [{ id, label }, user] = [await app(), await findUser(org, login)]
    // The mock IdP has no passwords of its own: without the switch nothing would come of it, and nobody would notice.
    if (!(await org.provisioning.get(id)).actions.syncPassword)
      throw new UsageError(`Sync Password is off for ${label}: the password would go nowhere`, {
        code: 'action-off',
        hint: 'Turn it on first: "idpact okta provisioning on sync-password".',
      })
    await org.provisioning.setPassword(id, user.id, secret)
    return said(`The new password of ${user.profile.login} goes to ${label}.`)
  },
})
