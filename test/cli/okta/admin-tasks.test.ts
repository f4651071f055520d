import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Command } from 'commander'
import { beforeAll, describe, expect, it } from 'vitest'
import type { CliIo } from '../../../src/cli/io.ts'
import { oktaCommand } from '../../../src/cli/okta.ts'
import { run } from '../run.ts'

const page = readFileSync(new URL('../../../docs/okta-admin-tasks.md', import.meta.url), 'utf8')

const shellWords = (line: string): string[] =>
  [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '')

const commands = [...page.matchAll(/^```sh\n([\s\S]*?)^```$/gm)]
  .flatMap(([, block = '']) => block.trim().split('\n'))
  .filter((line) => /^idpact (okta|connect)\b/.test(line))

/** The words of every verb: `users list`. */
const verbsOf = (command: Command): string[] =>
  command.commands.flatMap((child) =>
    child.commands.length === 0 ? [child.name()] : verbsOf(child).map((verb) => `${child.name()} ${verb}`),
  )

describe('docs/okta-admin-tasks.md', () => {
  let cwd = ''
  const env = Object.fromEntries(
    ['CLIENT_SECRET', 'SCIM_PASSWORD', 'SCIM_TOKEN', 'SCIM_REFRESH_TOKEN', 'NEW_PASSWORD'].map((name) => [name, 'x']),
  )
  beforeAll(() => {
    cwd = mkdtempSync(join(tmpdir(), 'idpact-tasks-'))
    writeFileSync(join(cwd, 'metadata.xml'), '<x/>')
    writeFileSync(join(cwd, 'my-setup.yaml'), 'mappings: []\n')
  })

  // Nobody answers there: a command line that is understood fails with just that.
  it.each(commands)('%s', async (line) => {
    const [, ...args] = shellWords(line)
    const { code, stderr, stdout } = await run([...args, '--url', 'http://127.0.0.1:9'], { cwd, env })
    if (args.includes('--print')) expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^\w+:/) })
    else expect(stderr).toMatch(/^No mock IdP answers at http:\/\/127\.0\.0\.1:9 /)
  })

  it('has every verb that there is', () => {
    const all = verbsOf(oktaCommand({} as CliIo))
    expect(all.length).toBeGreaterThan(60)
    expect(all.filter((verb) => !commands.some((line) => `${line} `.startsWith(`idpact okta ${verb} `)))).toEqual([])
  })

  it.each([
    'Prerequisites',
    'Create a custom app',
    'Access provisioning settings',
    'Set SCIM base URL, feature settings, and authentication',
    'Configure Cloudinary application custom attributes',
    'Enable provisioning',
    'Set Cloudinary custom attributes during Okta user creation',
    'Enable group inheritance for Cloudinary custom attributes',
    'User and group synchronization',
    'Assign users from Okta to Cloudinary',
    'Assign all users in an Okta group',
    'Push Okta groups to Cloudinary',
    'Manage linked groups',
    'Import users from Cloudinary to Okta',
    'Sync users periodically from Cloudinary to Okta',
    'Testing and finalization',
  ])('has the task "%s" of the guide, with commands', (heading) => {
    const [, text = ''] = page.split(new RegExp(`^##+ ${heading}$`, 'm'))
    expect(text).toMatch(/^```sh\nidpact /m)
  })
})
