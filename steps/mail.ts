import type { Mail } from '../src/target/ports.ts'
import { eventually } from '../src/target/settle.ts'
import { failed, inconclusive } from './outcome.ts'
import { makeAccount } from './password.ts'
import type { Person } from './scene.ts'
import type { IdpactWorld } from './world.ts'

/** Mail to this address, as soon as there is some. */
export const mailTo = (world: IdpactWorld, address: string): Promise<Mail[]> => {
  const { outbox } = world.run.target
  if (outbox === undefined) throw world.lacks('outbox.read')
  return eventually(
    () => outbox.read(address),
    (mails) => mails.length > 0,
    world.run.target,
  )
}

/**
 * That no mail came counts only where mail is seen to come: an account is made the way that does invite, later than what
 * must not; when its mail is there, a mail to the person would be there too.
 *
 * @throws StepFailure when there is mail to the person, or when the control's mail does not come
 */
export const mustNotBeMailed = async (world: IdpactWorld, person: Person): Promise<void> => {
  const control = world.person('the invited colleague')
  await makeAccount(world, control, undefined)
  if ((await mailTo(world, control.email)).length === 0)
    throw inconclusive({
      code: 'no-mail-seen',
      expected: 'An account made by an administrator is mailed an invitation, so that mail is known to arrive.',
      actual: `No mail to ${control.email} arrived, so the absence of another mail says nothing.`,
      hint: 'Let the service provider send its mail to the outbox of idpact.',
    })
  const mails = (await world.run.target.outbox?.read(person.email)) ?? []
  if (mails.length === 0) return
  throw failed({
    code: 'mail-sent',
    expected: `No mail is sent to ${person.email}.`,
    actual: `${mails.length} arrived: ${mails.map(({ subject }) => `"${subject}"`).join(', ')}.`,
  })
}
