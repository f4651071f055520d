import { writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Command } from 'commander'
import { ConfigError } from '../core/errors.ts'
import type { CliIo } from './io.ts'

interface ExportOptions {
  url?: string
  org: string
  out?: string
}

/** `idpact okta …`: what an Okta administrator does. */
export const oktaCommand = (io: CliIo): Command =>
  new Command('okta').description('What an Okta administrator does, at the mock IdP.').addCommand(
    new Command('export')
      .summary('write the directory as the YAML that "idpact idp --directory" reads')
      .description('Writes users, groups, applications and assignments as YAML.')
      .option('--url <url>', 'of a running mock IdP (default: the directory in .idpact/ of this folder)')
      .option('--org <id>', 'which org', 'default')
      .option('--out <file>', 'write to this file instead of stdout')
      .action(async ({ url, org, out }: ExportOptions) => {
        const yaml = url === undefined ? await fromFolder(io, org) : await fromServer(url, org)
        if (out === undefined) io.stdout.write(yaml)
        else {
          write(resolve(io.cwd, out), yaml)
          io.stderr.write(`Wrote ${out}\n`)
        }
      }),
  )

const fromFolder = async (io: CliIo, org: string): Promise<string> => {
  const { readFolderDirectory } = await import('../../mock-idp/offline.ts')
  return readFolderDirectory({ dataDir: join(io.cwd, '.idpact'), org })
}

const fromServer = async (url: string, org: string): Promise<string> => {
  const { createMockIdpClient } = await import('../../mock-idp/client.ts')
  return createMockIdpClient({ url }).org(org).directoryYaml()
}

const write = (file: string, content: string): void => {
  try {
    writeFileSync(file, content)
  } catch (cause) {
    throw new ConfigError(`${file} cannot be written: ${(cause as Error).message}`, {
      code: 'unwritable-file',
      hint: 'Choose another file with --out.',
      cause,
    })
  }
}
