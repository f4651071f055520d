import type { Requirement } from '../contract.ts'
import { area } from './requirement.ts'
import { bindings, weakness } from './sources.ts'

const relayState = bindings(
  '3.5.3',
  'The RelayState is data that the sender of the response says nothing about; it must not exceed 80 bytes and should be protected by its creator.',
)

/** What goes on around a message: where the browser is led, whose session it gets, what a refusal shows. */
export const flow: readonly Requirement[] = area('flow', {
  'REL-01': {
    severity: 'medium',
    statement: 'A RelayState never leads the browser to another site.',
    violation: 'The browser is redirected to whatever the RelayState says.',
    gain: 'A link to the real service ends on a page of the attacker, after a real login.',
    hint: 'Take only paths of your own, after they are parsed as a URL; or keep the target on the server, and send a reference.',
    source: relayState,
  },
  'REL-02': {
    severity: 'low',
    statement: 'A RelayState that is long or has markup in it does no harm.',
    violation: 'The RelayState is written into a page as it is, or breaks the service.',
    gain: 'Script of the attacker runs in the session of the user.',
    hint: 'Escape what you show, and ignore what you did not send.',
    source: relayState,
  },
  'SES-01': {
    severity: 'medium',
    statement: 'A login gives the browser a new session.',
    violation: 'The session that the browser had before goes on, with the user in it.',
    gain: "Who plants a session in the victim's browser is in it after the victim's login.",
    hint: 'Make a new session identifier at every login.',
    source: weakness(
      'CWE-384',
      'Session fixation: authenticating a user without invalidating any existing session identifier.',
    ),
  },
  'ERR-01': {
    severity: 'low',
    statement: 'The page of a refusal shows nothing of the message, of keys or of the code.',
    violation: 'XML, a stack trace or a file path is shown.',
    gain: 'Hints for the next attempt.',
    hint: 'Show a code and a sentence; keep the cause in the log.',
    source: weakness('CWE-209', 'Generation of error message containing sensitive information.'),
  },
})
