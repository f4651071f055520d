import { join } from 'node:path'
import { Command } from 'commander'
import type { CliIo } from './io.ts'

interface Options {
  cert?: true
  org?: string
  url?: string
}

/** `idpact metadata`: what a service provider needs to trust the mock IdP of this folder. */
export const metadataCommand = (io: CliIo): Command =>
  new Command('metadata')
    .description(
      'Prints the metadata of the mock IdP of this folder, whether it runs or not: the identity that "idp" and "certify" use. Makes it if there is none.',
    )
    .option('--cert', 'print its certificate (PEM) instead')
    .option('--org <id>', 'of another org than "default"')
    .option('--url <url>', 'its address (default: where it last listened, else http://127.0.0.1:7100)')
    .action(async ({ cert, org, url }: Options) => {
      const { readFolderMetadata } = await import('../../mock-idp/offline.ts')
      const { xml, certificatePem } = await readFolderMetadata({
        dataDir: join(io.cwd, '.idpact'),
        org,
        baseUrl: url?.replace(/\/+$/, ''),
      })
      io.stdout.write(cert ? certificatePem : `${xml}\n`)
    })
