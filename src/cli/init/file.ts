/** The idpact.yaml that `idpact init` writes: what was answered, and what can be added, commented. */

import type { Contract } from '../../contracts/contract.ts'
import { verbs } from '../../target/ports.ts'

export interface Answers {
  contract: Contract
  name: string
  acs: readonly string[]
  entityId: string
  /** Its own metadata: a URL, or a path relative to the file. */
  metadata?: string | undefined
  session: string
  identity: string
  start?: string | undefined
  singleLogout?:
    | { post?: string | undefined; redirect?: string | undefined; certificate?: string | undefined }
    | undefined
  /** Certificate for which Assertions may be encrypted, base64. */
  encryptionKey?: string | undefined
  parameters: Readonly<Record<string, string>>
}

/** JSON is YAML: whatever was typed stays one value. */
const quoted = (value: string): string =>
  /^[\w./:@-]+$/.test(value) && !/^[\d.-]/.test(value) && !value.endsWith(':') ? value : JSON.stringify(value)

export const fileOf = (answers: Answers): string => {
  const { contract, name, acs, entityId, metadata, session, identity, start, singleLogout, parameters } = answers
  const logout = Object.entries(singleLogout ?? {}).filter((entry): entry is [string, string] => entry[1] !== undefined)
  const asked = Object.entries(contract.parameters)
  const choices = Object.entries(contract.expect)
  return [
    '# yaml-language-server: $schema=./node_modules/idpact/schemas/idpact.schema.json',
    '# What idpact certifies, and how it reaches and observes it. `npx idpact check` tries it; every key is in the schema above.',
    '',
    `# ${contract.title}. The version is part of the name, so that a new idpact asks for nothing else.`,
    `contract: ${contract.id}@${contract.version}`,
    '',
    'target:',
    `  name: ${quoted(name)}`,
    '  # version: 1.4.2              # shown in the report and in the certificate',
    '  saml:',
    `    acs: ${acs.length === 1 ? quoted(acs[0] ?? '') : `[${acs.map(quoted).join(', ')}]`}   # where it takes Responses`,
    `    audience: ${quoted(entityId)}   # its entity ID`,
    ...(metadata === undefined ? [] : [`    metadata: ${quoted(metadata)}`]),
    start === undefined || start === ''
      ? '    # start: https://…?email={email}   # where a login begins there'
      : `    start: ${quoted(start)}   # where a login begins there; {email} stands for the person`,
    ...(logout.length === 0
      ? []
      : ['    singleLogout:', ...logout.map(([key, value]) => `      ${key}: ${quoted(value)}`)]),
    ...(answers.encryptionKey === undefined
      ? []
      : [`    encryptionKey: ${answers.encryptionKey}   # Assertions may be encrypted for it`]),
    '  session:                      # who is logged in: the verdict rests on this',
    `    url: ${quoted(session)}`,
    `    identity: ${quoted(identity)}`,
    ...(contract.roles.values.length > 0 ? ['    # role: /role'] : []),
    '  # Each further port makes more requirements observable:',
    `  #   accounts, admin, passwordLogin, outbox, scim: ${Object.keys(verbs).length} verbs, listed by \`npx idpact check\``,
    '  # http: { timeoutMs: 10000, maxPerSecond: 20 }',
    '',
    ...(asked.length === 0
      ? []
      : [
          'parameters:                     # what the documentation has an administrator look up',
          ...asked.map(([key, { title, type, required }]) => {
            const value = parameters[key] ?? ''
            const text =
              type === 'string[]'
                ? `[${value
                    .split(',')
                    .map((one) => quoted(one.trim()))
                    .join(', ')}]`
                : quoted(value)
            return `${!required && value === '' ? '  # ' : '  '}${key}: ${value === '' ? '…' : text}   # ${title}`
          }),
          '',
        ]),
    '# allow: [settings]             # what idpact may do there, where it is not on this machine',
    ...(choices.length === 0
      ? []
      : [
          '# expect:                       # what it does where the documentation leaves a choice',
          ...choices.map(([key, { title, values }]) => `#   ${key}: ${values.join(' | ')}   # ${title}`),
        ]),
    '# waivers:                      # failures that somebody takes on themselves for a while',
    `#   - { requirement: ${contract.requirements[0]?.id ?? 'ABC-01'}, reason: …, approver: …, expires: 2027-01-31 }`,
    '# environment: production       # certify then asks for --production',
    '',
  ].join('\n')
}
