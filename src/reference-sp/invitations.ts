import { html } from '../core/html.ts'
import type { Sp } from './sp.ts'
import { fullName, type Source, type User } from './store/users.ts'

/**
 * Mails a new user a link that sets a password, if the rules say so. What the mail server refuses is reported and doesn't
 * undo the account: the link can be sent again by an administrator.
 */
export const inviteIfDue = async (sp: Sp, user: User, origin: Source): Promise<void> => {
  if (sp.rules().invites(user, origin)) await invite(sp, user)
}

export const invite = async (sp: Sp, user: User): Promise<void> => {
  const link = `${sp.url}/invitations/${sp.store.logins.invite(user.id)}`
  try {
    await sp.mailer.send({
      to: user.email,
      subject: 'You are invited to the idpact reference SP',
      text: `Hello ${fullName(user)},\n\nyou have an account with the role ${user.role}. Choose a password here:\n\n${link}\n`,
      html: html`<p>Hello ${fullName(user)},</p>
<p>you have an account with the role ${user.role}. <a href="${link}">Choose a password</a>.</p>`.value,
    })
  } catch (cause) {
    sp.onProblem(`The invitation for ${user.email} was not sent: ${cause instanceof Error ? cause.message : cause}`)
  }
}
