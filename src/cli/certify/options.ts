/** The options of `idpact certify`, and what their words must look like. */
import { type Command, InvalidArgumentError, Option } from 'commander'
import type { Shard } from '../../certify/choose.ts'
import { defaultParallel } from '../../certify/reproduce.ts'
import type { BrowserMode } from '../../target/browser.ts'
import type { TargetFlags } from '../target-options.ts'

export interface Options extends TargetFlags {
  config?: string
  contract?: string
  tags?: string
  requirement: string[]
  scenario: string[]
  defect: string[]
  parallel: number
  seed?: number
  shard?: Shard
  rerun?: true
  failFast?: true
  retry: number
  keep?: true
  step?: true
  browser?: BrowserMode
  waivers?: string
  baseline?: string
  gate?: 'new'
  sign?: true
  key?: string
  plan?: true
  production?: true
  out: string
  acceptPartial?: true
  json?: true
}

export const withCertifyOptions = (command: Command): Command => {
  const group = (title: string, ...options: Option[]): void => {
    for (const option of options) command.addOption(option.helpGroup(title))
  }
  const option = (flags: string, text: string): Option => new Option(flags, text)
  group(
    'What is certified:',
    option('--config <file>', 'another file than idpact.yaml of this folder'),
    option('--contract <name>', 'what the service provider promises: cloudinary@1 (default: as idpact.yaml says)'),
    option(
      '--defect <id...>',
      'break this requirement in the embedded reference SP, to see what a failure looks like',
    ).default([]),
    option('--production', 'test a target that idpact.yaml calls a production environment'),
    option('--plan', 'say what would be made, switched and deleted at the target, and do nothing'),
  )
  group(
    'Which scenarios:',
    option('--tags <expression>', 'only scenarios with these tags: "@provisioning and not @slow"'),
    option('--requirement <id...>', 'only scenarios of these requirements').default([]),
    option('--scenario <name...>', 'only these scenarios: a name, a part of one, or file:line').default([]),
    option('--rerun', 'only what failed or was inconclusive in the report of --out'),
    option(
      '--shard <part/of>',
      'only this part of the scenarios, such as 2/4; `idpact merge` joins the reports',
    ).argParser(shard),
  )
  group(
    'How they run:',
    option('--parallel <count>', 'how many scenarios run side by side').argParser(atLeastOne).default(defaultParallel),
    option(
      '--seed <number>',
      'order of the scenarios and names of people; the report says which one was used',
    ).argParser(wholeNumber),
    option('--retry <times>', 'try a scenario that did not pass again, up to 10 times; the report marks it')
      .argParser(upTo(10))
      .default(0),
    option('--browser [how]', 'a real Chromium logs in: headless, or headed to look on')
      .choices(['headless', 'headed'])
      .preset('headless'),
    option('--fail-fast', 'end at the first failure'),
    option('--step', 'wait at the first failure, with the mock IdP and everything that was made still there'),
    option('--keep', 'leave what the scenarios made at the service provider; `idpact cleanup` removes it'),
  )
  group(
    'What a failure means:',
    option('--waivers <file>', 'failures that somebody takes on themselves, YAML; beside those of idpact.yaml'),
    option('--baseline <report>', 'compare with this earlier report.json, or the folder that it is in'),
    option('--gate <which>', 'new: exit with 1 only for failures that are neither waived nor in the baseline').choices([
      'new',
    ]),
    option('--accept-partial', 'exit with 0 also when not everything could be tested'),
  )
  group(
    'What is written:',
    option('--out <folder>', 'where the report goes').argParser(notEmpty).default('reports/latest'),
    option('--sign', 'sign the report: certificate.jws, which `idpact verify` checks'),
    option('--key <file>', 'the private key to sign with, PEM (default: one of this folder, made when first needed)'),
    option('--json', 'print what happens as one JSON object a line; the last one is the summary'),
  )
  return command
}

const shard = (text: string): Shard => {
  const [, part = '', of = ''] = /^(\d{1,4})\/(\d{1,4})$/.exec(text) ?? []
  if (Number(part) >= 1 && Number(part) <= Number(of)) return { part: Number(part), of: Number(of) }
  throw new InvalidArgumentError('Expected a part and how many there are, such as 2/4.')
}

const wholeNumber = (text: string): number => {
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('Expected a whole number.')
}

const notEmpty = (text: string): string => {
  if (text.trim() !== '') return text
  throw new InvalidArgumentError('Expected a name.')
}

const upTo =
  (most: number) =>
  (text: string): number => {
    const count = wholeNumber(text)
    if (count <= most) return count
    throw new InvalidArgumentError(`Expected a whole number up to ${most}.`)
  }

const atLeastOne = (text: string): number => {
  const count = wholeNumber(text)
  if (count > 0) return count
  throw new InvalidArgumentError('Expected a whole number from 1 on.')
}
