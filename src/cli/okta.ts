import { Command } from 'commander'
import type { CliIo } from './io.ts'
import { applications } from './okta/applications.ts'
import { assign, assignments, form, profile, unassign } from './okta/assign.ts'
import { attributes } from './okta/attributes.ts'
import { connection } from './okta/connection.ts'
import { exportCommand } from './okta/export.ts'
import { groups } from './okta/groups.ts'
import { imports } from './okta/import.ts'
import { mappings } from './okta/mappings.ts'
import { password } from './okta/password.ts'
import { provisioning } from './okta/provisioning.ts'
import { push } from './okta/push.ts'
import { pushRules } from './okta/push-rules.ts'
import { setup } from './okta/setup.ts'
import { tasks } from './okta/tasks.ts'
import { users } from './okta/users.ts'
import { type Area, areaCommand, type Verb, verbCommand } from './okta/verb.ts'

const areas: readonly Area[] = [
  users,
  groups,
  applications,
  attributes,
  mappings,
  connection,
  provisioning,
  assign,
  unassign,
  form,
  push,
  pushRules,
  imports,
  tasks,
]

/** Those that need no second word. */
const verbs: readonly Verb[] = [assignments, profile, password, setup]

/** `idpact okta …`: what an Okta administrator does, by the control API of a running mock IdP. */
export const oktaCommand = (io: CliIo): Command => {
  const command = new Command('okta').description(
    'What an Okta administrator does, at a running mock IdP ("idpact idp"). People are named by login or id, groups by name or id, applications by label or id.',
  )
  for (const area of areas) command.addCommand(areaCommand(io, area))
  for (const one of verbs) command.addCommand(verbCommand(io, one))
  return command.addCommand(exportCommand(io))
}
