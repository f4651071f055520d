import { join } from 'node:path'
import { Command, Option } from 'commander'
import type { CliIo } from './io.ts'

interface Options {
  cert?: true
  org?: string
  tenant?: string
  url?: string
  singleLogout?: boolean
  rollover?: boolean
  weakKey?: boolean
}

/** `idpact metadata`: what a service provider needs to trust the mock IdP of this folder. */
export const metadataCommand = (io: CliIo): Command =>
  new Command('metadata')
    .description(
      'Prints the metadata of the mock IdP of this folder, whether it runs or not: the identity that "idp" and "certify" use. Makes it if there is none.',
    )
    .option('--cert', 'print its certificate (PEM) instead')
    .option('--single-logout', 'with the single logout URL, for a service provider that has single logout')
    .option('--rollover', 'with the next key beside the one in use, as while a key is changed')
    .option('--weak-key', 'with a key of 1024 bits beside the one in use, which no service provider should take')
    .option('--org <id>', 'of another org than "default"')
    .addOption(
      new Option(
        '--tenant <b>',
        'of the identity provider that a second organisation trusts (target.tenants.b)',
      ).choices(['b']),
    )
    .option('--url <url>', 'its address (default: where it last listened, else http://127.0.0.1:7100)')
    .action(async ({ cert, org, tenant, url, singleLogout, rollover, weakKey }: Options) => {
      const { readFolderMetadata, secondOrg } = await import('../../mock-idp/offline.ts')
      const { identityOfFile } = await import('../config/identity.ts')
      const idp = await identityOfFile(join(io.cwd, 'idpact.yaml'))
      const { xml, certificatePem } = await readFolderMetadata({
        dataDir: join(io.cwd, '.idpact'),
        singleLogout,
        rollover,
        weakKey,
        org: tenant === 'b' ? secondOrg : org,
        baseUrl: (url ?? idp.publicUrl)?.replace(/\/+$/, ''),
        entityId: idp.entityId,
        keyFile: idp.keyFile,
      })
      io.stdout.write(cert ? certificatePem : `${xml}\n`)
    })
