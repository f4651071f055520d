/** docs/saml.md: every case of the contract `saml`, with its clause, what is sent, and what an attacker gains. */
import { faults } from '../../mock-idp/faults/catalogue.ts'
import type { Requirement } from '../../src/contracts/contract.ts'
import { saml } from '../../src/contracts/saml/contract.ts'
import { type GeneratedFile, notice, table } from './generated-file.ts'

const asked: Readonly<Record<string, string>> = {
  reject: 'refuse',
  accept: 'accept',
  'reject-or-true-identity': 'refuse, or log in nobody but the signed user',
  'by-policy': 'as declared',
}

const cases = (requirement: Requirement): string => {
  const own = faults.filter((fault) => fault.requirement === requirement.id)
  if (own.length === 0) return ''
  const rows = own.map(({ id, title, expect, basis, signed, encrypted, knob }) => [
    `\`${id}\``,
    title,
    knob === undefined ? (asked[expect] ?? expect) : `${asked[expect] ?? expect} in \`${knob}\``,
    [
      ...(signed === undefined ? [] : [signed === 'one' ? 'one of the two' : signed]),
      ...(encrypted === true ? ['encrypted'] : []),
    ].join(', ') || 'any',
    basis.join(', '),
  ])
  return `${table(['mistake', 'the message', 'a service provider must', 'signed', 'basis'], rows)}\n`
}

const section = (requirement: Requirement): string => {
  const {
    id,
    statement,
    keyword,
    severity = 'medium',
    source,
    basis,
    violation,
    gain,
    hint,
    notTestedBecause,
  } = requirement
  const lines = [
    `**${keyword}, ${severity}.** ${source.document}: ${basis === 'stated' ? `“${source.quote}”` : source.quote}`,
    ...(violation === undefined ? [] : [`Broken when: ${violation}`]),
    ...(gain === undefined ? [] : [`An attacker gains: ${gain}`]),
    `What to do: ${hint}`,
    ...(notTestedBecause === undefined ? [] : [`Not tested: ${notTestedBecause}`]),
  ]
  return `### ${id}: ${statement}\n\n${lines.map((line) => `- ${line}\n`).join('')}\n${cases(requirement)}`
}

const knobs = (): string =>
  table(
    ['`--expect`', 'is about', 'values', 'default'],
    Object.entries(saml.expect).map(([name, { title, values, default: usual }]) => [
      `\`${name}\``,
      title,
      values.join(', '),
      usual,
    ]),
  )

const intro = `# What any SAML service provider must refuse, and what it must accept

The contract \`saml\` knows nothing of a service provider but where it takes Responses, its entity ID, and a URL that says who
is logged in. How to run it: [saml-service-providers.md](saml-service-providers.md).

${saml.requirements.length} requirements, ${faults.filter(({ requirement }) => requirement !== undefined).length} mistakes of the mock IdP. Each mistake is one scenario with its twin: the same
message without it, which must be let in before, and after a refusal once more. A quotation in “quotes” is the document's own
words; everything else follows from them, or says their sense.

## Where SAML leaves a choice

\`unchecked\` is observed and reported, not judged.

`

const page = (): string =>
  notice('mock-idp/faults and src/contracts/saml') +
  intro +
  knobs() +
  saml.areas
    .map(
      ({ id, title }) =>
        `\n## ${title}\n\n${saml.requirements
          .filter(({ area }) => area === id)
          .map(section)
          .join('\n')}`,
    )
    .join('')

export const samlPage: GeneratedFile = { path: 'docs/saml.md', make: page }
