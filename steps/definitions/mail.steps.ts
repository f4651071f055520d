import { Then } from '@cucumber/cucumber'
import { mailTo, mustNotBeMailed } from '../mail.ts'
import { needs } from '../needs.ts'
import { failed } from '../outcome.ts'
import { acceptInvitation } from '../password.ts'
import type { IdpactWorld } from '../world.ts'

/** Mail that the service provider sends. */

Then(
  'the service provider mails {person} an invitation',
  needs('outbox.read'),
  async function (this: IdpactWorld, name: string) {
    const person = this.person(name)
    if ((await mailTo(this, person.email)).length > 0) return
    throw failed({
      code: 'no-invitation',
      expected: `An invitation is mailed to ${person.email}.`,
      actual: 'No mail to this address arrived.',
      hint: 'Check the preflight of the outbox: it shows whether mail of the service provider arrives at all.',
    })
  },
)

Then(
  'the service provider mails {person} no invitation',
  needs('outbox.read', 'accounts.create'),
  async function (this: IdpactWorld, name: string) {
    await mustNotBeMailed(this, this.person(name))
  },
)

Then(
  'the invitation of {person} leads to a password',
  needs('outbox.read'),
  async function (this: IdpactWorld, name: string) {
    const trouble = await acceptInvitation(this, this.person(name))
    if (trouble !== undefined) throw failed(trouble)
  },
)
