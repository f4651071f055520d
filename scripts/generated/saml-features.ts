/** The scenarios of the contract `saml` that are one mistake of the mock IdP each. */
import { faults } from '../../mock-idp/faults/catalogue.ts'
import type { Fault } from '../../mock-idp/faults/fault.ts'
import type { Contract, Requirement } from '../../src/contracts/contract.ts'
import { saml } from '../../src/contracts/saml/contract.ts'
import type { GeneratedFile } from './generated-file.ts'

/** How scenarios of one table begin, go on and end: steps and tags that their mistakes have in common. */
interface Manner {
  tags: readonly string[]
  given: readonly string[]
  when: string
  outcome: string
}

/** Mistakes that only mean something after other steps: their scenarios are written by hand. */
const byHand = new Set(['SAML-COR-19', 'SAML-COR-20', 'SAML-COR-31'])

const beyondMemory = new Set(['SAML-PAR-04', 'SAML-PAR-05', 'SAML-PAR-16'])

const has = (fault: Pick<Fault, 'parameters'>, parameter: string): boolean =>
  fault.parameters !== undefined && parameter in fault.parameters

/** A comment after the name of somebody else means something where the user's own name begins with it. */
const cutsOff = ({ requirement = '' }: Fault): boolean => /SAML-(PAR-09|PAR-10|PAR-11|C14-02)/.test(requirement)

const mistake = (fault: Fault): string => {
  const made = 'the mock IdP makes the mistake "<mistake>"'
  if (has(fault, 'canary')) return `${made}, which calls the canary`
  if (has(fault, 'file')) return `${made}, which reads the marker file`
  if (has(fault, 'length')) return `${made} after the name of the victim`
  if (has(fault, 'identity')) return `${made} in the name of the victim`
  return made
}

const login = ({ requirement }: Fault): string => {
  if (requirement === 'SAML-COR-08') return 'the user logs in from the service provider'
  if (requirement === 'SAML-COR-10') return 'the user logs in from the mock IdP, where that is accepted'
  return 'the user logs in'
}

const outcome = ({ expect, knob = '' }: Fault): string =>
  ({
    reject: 'the service provider refuses the login',
    accept: 'the service provider logs the user in',
    'reject-or-true-identity': 'nobody but the user is logged in',
    'by-policy': `the service provider does as declared in "${knob}"`,
  })[expect]

const mannerOf = (fault: Fault): Manner => ({
  tags: beyondMemory.has(fault.requirement ?? '') ? ['@consent:heavy-payloads'] : [],
  given: [
    ...(cutsOff(fault) && (has(fault, 'identity') || has(fault, 'length'))
      ? ["the name of the user begins with the victim's"]
      : []),
    mistake(fault),
  ],
  when: login(fault),
  outcome: outcome(fault),
})

const isMade = (fault: Fault): boolean =>
  !Object.keys(fault.parameters ?? {}).some((name) => ['id', 'value', 'attribute', 'format'].includes(name))

const faultsOf = ({ id }: Requirement): Fault[] => faults.filter((fault) => fault.requirement === id && isMade(fault))

const cell = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('|', '\\|')

const rows = (list: readonly Fault[]): string => {
  const cells = [['mistake', 'what is wrong'], ...list.map(({ id, title }) => [id, title])].map((row) => row.map(cell))
  const widths = [0, 1].map((column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)))
  return cells.map((row) => `        | ${row.map((text, at) => text.padEnd(widths[at] ?? 0)).join(' | ')} |\n`).join('')
}

const outline = (manner: Manner, list: readonly Fault[], and: readonly string[] = []): string => {
  const [first = '', ...more] = manner.given
  return [
    ...(manner.tags.length > 0 ? [`    ${manner.tags.join(' ')}`] : []),
    '    Scenario Outline: <what is wrong>',
    `      Given ${first}`,
    ...more.map((step) => `      And ${step}`),
    `      When ${manner.when}`,
    `      Then ${manner.outcome}`,
    ...and.map((step) => `      And ${step}`),
    '',
    '      Examples:',
    rows(list),
  ].join('\n')
}

/** Where a careless reader breaks: that it is up again afterwards is not enough. */
const mayBreak = /^SAML-(SIG-17|ID-03|PAR-15|PAR-16|C14-03)$/

const after = ({ requirement = '', ...fault }: Fault): string[] => [
  ...(has(fault, 'canary') || has(fault, 'file')
    ? ['nobody has called the canary, and the page has nothing of it']
    : []),
  ...(beyondMemory.has(requirement) ? ['the service provider answered in time'] : []),
  ...(mayBreak.test(requirement) ? ['the service provider has not broken on it'] : []),
]

/** Of each layout of wrapping one variant: the forged user may be one that the SP has never seen. */
const forNewUsers = (list: readonly Fault[]): Fault[] => {
  const layouts = Map.groupBy(list, ({ id }) => id.split('/')[0] ?? id)
  return [...layouts.values()].flatMap(([fault]) => (fault && has(fault, 'identity') ? [fault] : []))
}

const newUserRequirements = /^SAML-(SIG-02|SIG-1|SIG-2|XSW|ID-02|ALG-04|TRF-02|C14-01)/

const rule = (requirement: Requirement): string => {
  const list = faultsOf(requirement)
  const groups = [...Map.groupBy(list, (fault) => JSON.stringify([mannerOf(fault), after(fault)])).values()]
  const outlines = groups.map((group) => {
    const [fault] = group
    return fault === undefined ? '' : outline(mannerOf(fault), group, after(fault))
  })
  const fresh = newUserRequirements.test(requirement.id) ? forNewUsers(list) : []
  const [example] = fresh
  const ofStrangers =
    example === undefined
      ? []
      : [
          outline(mannerOf(example), fresh)
            .replaceAll('in the name of the victim', 'in the name of a stranger')
            .replace('<what is wrong>', '<what is wrong>, for somebody new'),
        ]
  return `  @${requirement.id}\n  Rule: ${requirement.statement}\n\n${[...outlines, ...ofStrangers].join('\n')}`
}

const notice = '# Generated by `npm run generate` from mock-idp/faults and src/contracts/saml. Do not edit.\n\n'

const featureOf = ({ areas }: Contract, area: string): string => {
  const title = areas.find(({ id }) => id === area)?.title ?? area
  const requirements = saml.requirements.filter(
    (one) => one.area === area && !byHand.has(one.id) && faultsOf(one).length > 0,
  )
  return `${notice}@${area}\nFeature: ${title}\n\n${requirements.map(rule).join('\n')}`
}

/** One file for each area that has such scenarios. */
export const samlFeatures: readonly GeneratedFile[] = saml.areas
  .filter(({ id }) =>
    saml.requirements.some((one) => one.area === id && !byHand.has(one.id) && faultsOf(one).length > 0),
  )
  .map(({ id }) => ({ path: `features/saml/${id}.feature`, make: () => featureOf(saml, id) }))
