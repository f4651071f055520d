import { Writable } from 'node:stream'
import type { Command } from 'commander'
import type { CliIo } from '../../src/cli/io.ts'
import { commandNames, main } from '../../src/cli/main.ts'
import { oktaCommand } from '../../src/cli/okta.ts'
import type { GeneratedFile } from './generated-file.ts'
import { notice } from './generated-file.ts'

/** What `idpact … --help` prints, at a fixed width. */
const help = async (...words: string[]): Promise<string> => {
  let text = ''
  const stdout = new Writable({
    write: (chunk, _encoding, done) => {
      text += String(chunk)
      done()
    },
  })
  await main([...words, '--help'], { stdout, stderr: stdout, stdin: process.stdin, env: {}, cwd: '.' })
  return `\`\`\`text\n${text.trimEnd()}\n\`\`\`\n`
}

const page = async (): Promise<string> => {
  const parts = [`# Commands\n\n${await help()}`]
  for (const name of commandNames) parts.push(`## idpact ${name}\n\n${await help(name)}`)
  return parts.join('\n')
}

/** Usage of each area and verb, with its options. */
const oktaPage = async (): Promise<string> => {
  const areas = oktaCommand({} as CliIo).commands
  const parts = [
    `# What an Okta administrator does\n\nEvery area and verb of \`idpact okta\`. By task: [okta-admin-tasks.md](okta-admin-tasks.md).\n\n${await help('okta')}`,
  ]
  for (const area of areas) parts.push(...(await section(area, ['okta', area.name()])))
  return parts.join('\n')
}

const section = async (command: Command, words: readonly string[]): Promise<string[]> => {
  const own = `${'#'.repeat(words.length)} idpact ${words.join(' ')}\n\n${await help(...words)}`
  const children = await Promise.all(command.commands.map((child) => section(child, [...words, child.name()])))
  return [own, ...children.flat()]
}

/** Every area and verb of `idpact okta`. */
export const oktaPages: GeneratedFile = {
  path: 'docs/cli-okta.md',
  make: async () => notice('src/cli/okta') + (await oktaPage()),
}

/** Every command's help. */
export const commandPages: GeneratedFile = {
  path: 'docs/cli.md',
  make: async () => notice('src/cli') + (await page()),
}
