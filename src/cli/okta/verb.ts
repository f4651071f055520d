import { Command, Option } from 'commander'
import type { Application } from '../../../mock-idp/admin/schema.ts'
import type { OrgClient } from '../../../mock-idp/client.ts'
import { type CliIo, setExitCode } from '../io.ts'
import { connectTo } from './at.ts'
import { findApplication } from './find.ts'
import { type Answer, asText } from './output.ts'

/** What a verb works with. */
export interface VerbContext {
  io: CliIo
  org: OrgClient
  /** The application that it is about: that of `--app`, else the only one. Asked for when it is first needed. */
  app(): Promise<Application>
}

/** One thing that can be done: a row of an area's table. `A` are its positional arguments, `O` its options. */
export interface Verb<A extends unknown[] = never[], O = never> {
  name: string
  summary: string
  /** More than the summary, in the verb's own help. */
  description?: string
  /** As commander writes them: `<login>`, `[text]`, `<user...>`. */
  args?: string
  options?: readonly Option[]
  /** It is about one application, so it has `--app`. */
  ofApplication?: boolean
  run(ctx: VerbContext, args: A, options: O): Promise<Answer>
}

/** Verbs about one thing; or a single verb, which then needs no second word. */
export interface Area {
  name: string
  summary: string
  verbs: readonly Verb[]
}

/** A verb with its types, for the table of an area, which does not know them. */
export const verb = <A extends unknown[] = [], O extends object = object>(wanted: Verb<A, O>): Verb =>
  wanted as unknown as Verb

export const option = (flags: string, text: string): Option => new Option(flags, text)

/** One of a few words. */
export const choice = (flags: string, text: string, words: readonly string[]): Option =>
  new Option(flags, text).choices(words)

/** May be given several times; the option is then a list. */
export const repeatable = (flags: string, text: string): Option =>
  new Option(flags, `${text}; may be repeated`).argParser((value: string, before: unknown) => [
    // A negated twin (--no-enum) leaves false there.
    ...(Array.isArray(before) ? before : []),
    value,
  ])

const placeOptions = (): Option[] => [
  option('--url <url>', 'the running mock IdP (default: that of this folder)'),
  option('--org <id>', 'which org').default('default'),
  option('--json', 'print JSON'),
]

interface PlaceOptions {
  url?: string
  org: string
  app?: string
  json?: true
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`

/** The command of a verb. */
export const verbCommand = (io: CliIo, wanted: Verb): Command => {
  const { name, summary, description = summary, args, options = [], ofApplication } = wanted
  const command = new Command(name).summary(summary).description(sentence(description))
  if (args !== undefined) command.arguments(args)
  const all = [
    ...options,
    ...(ofApplication ? [option('--app <label-or-id>', 'which application (default: the only one)')] : []),
    ...placeOptions(),
  ]
  for (const one of all) command.addOption(one)
  return command.action(async (...given: unknown[]) => {
    const place = command.opts<PlaceOptions>()
    const org = (await connectTo(io, place.url)).org(place.org)
    const ctx: VerbContext = { io, org, app: () => findApplication(org, place.app) }
    // Commander ends the arguments with the options and the command itself.
    const answer = await wanted.run(ctx, given.slice(0, -2) as never[], place as never)
    io.stdout.write(place.json ? `${JSON.stringify(answer.data ?? null, null, 2)}\n` : asText(answer))
    if (answer.exitCode !== undefined) setExitCode(command, answer.exitCode)
  })
}

/** The command of an area, with a command for each verb. */
export const areaCommand = (io: CliIo, { name, summary, verbs }: Area): Command => {
  const command = new Command(name).summary(summary).description(sentence(summary))
  for (const one of verbs) command.addCommand(verbCommand(io, one))
  return command
}
