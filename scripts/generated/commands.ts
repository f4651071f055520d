import { Writable } from 'node:stream'
import { commandNames, main } from '../../src/cli/main.ts'
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

/** Every command's help. */
export const commandPages: GeneratedFile = {
  path: 'docs/cli.md',
  make: async () => notice('src/cli') + (await page()),
}
