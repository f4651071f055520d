import { writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Command } from 'commander'
import { ConfigError } from '../../core/errors.ts'
import type { CliIo } from '../io.ts'
import { connectTo } from './at.ts'

interface ExportOptions {
  url?: string
  org: string
  out?: string
}

/** `idpact okta export`: works without a running mock IdP too. */
export const exportCommand = (io: CliIo): Command =>
  new Command('export')
    .summary('write the directory as the YAML that "idpact idp --directory" reads')
    .description('Writes users, groups, applications and assignments as YAML.')
    .option('--url <url>', 'of a running mock IdP (default: the directory in .idpact/ of this folder)')
    .option('--org <id>', 'which org', 'default')
    .option('--out <file>', 'write to this file instead of stdout')
    .action(async ({ url, org, out }: ExportOptions) => {
      const yaml =
        url === undefined ? await fromFolder(io, org) : await (await connectTo(io, url)).org(org).directoryYaml()
      if (out === undefined) io.stdout.write(yaml)
      else {
        write(resolve(io.cwd, out), yaml)
        io.stderr.write(`Wrote ${out}\n`)
      }
    })

const fromFolder = async (io: CliIo, org: string): Promise<string> => {
  const { readFolderDirectory } = await import('../../../mock-idp/offline.ts')
  return readFolderDirectory({ dataDir: join(io.cwd, '.idpact'), org })
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
