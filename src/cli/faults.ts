import { Command } from 'commander'
import type { ListedFault } from '../../mock-idp/faults/scim/catalogue.ts'
import type { CliIo } from './io.ts'

interface Options {
  json?: true
  markdown?: true
}

/** `idpact faults`: what the mock IdP can get wrong on purpose, in the order in which it happens to a message. */
export const faultsCommand = (io: CliIo): Command =>
  new Command('faults')
    .description(
      'Lists what the mock IdP can get wrong on purpose. Steps, the console and the control API arm them by id.',
    )
    .option('--json', 'print JSON')
    .option('--markdown', 'print a table for documentation')
    .action(async (options: Options) => {
      const { allFaults } = await import('../../mock-idp/faults/scim/catalogue.ts')
      io.stdout.write(render(allFaults, options))
    })

const render = (faults: readonly ListedFault[], { json, markdown }: Options): string => {
  if (json === true) return `${JSON.stringify(faults.map(asData), null, 2)}\n`
  if (markdown === true) return faultTable(faults)
  const width = Math.max(...faults.map(({ id }) => id.length))
  return faults.map((fault) => `${fault.id.padEnd(width)}  ${fault.title}${parameterText(fault)}\n`).join('')
}

const asData = ({ id, title, stage, severity, expect, basis, parameters = {} }: ListedFault) => ({
  ...{ id, title, stage, severity, expect, basis, parameters },
})

const names = ({ parameters = {} }: ListedFault): string[] =>
  Object.entries(parameters).map(([name, { required }]) => (required ? name : `${name}?`))

const parameterText = (fault: ListedFault): string => {
  const all = names(fault)
  return all.length === 0 ? '' : ` (${all.join(', ')})`
}

/** A Markdown table, for `--markdown` and the docs. */
export const faultTable = (faults: readonly ListedFault[]): string => {
  const row = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |\n`
  return [
    row([
      'id',
      'what is wrong with the message',
      'stage',
      'severity',
      'a service provider should',
      'basis',
      'parameters',
    ]),
    row(Array.from({ length: 7 }, () => '---')),
    ...faults.map((fault) =>
      row([
        `\`${fault.id}\``,
        fault.title,
        fault.stage,
        fault.severity,
        fault.expect,
        fault.basis.join(', '),
        names(fault)
          .map((name) => `\`${name}\``)
          .join(' ') || '–',
      ]),
    ),
  ].join('')
}
