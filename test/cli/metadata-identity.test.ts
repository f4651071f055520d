import { copyFile, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { run } from './run.ts'

it('idpact metadata prints the identity that idpact.yaml names, on every machine the same', async () => {
  const folders = await Promise.all([1, 2].map(() => mkdtemp(join(tmpdir(), 'idpact-test-'))))
  const [one = '', two = ''] = folders
  const own = await run(['metadata', '--cert'], { cwd: one })
  await copyFile(join(one, '.idpact', 'idp.key.pem'), join(one, 'key.pem'))
  await copyFile(join(one, 'key.pem'), join(two, 'key.pem'))
  const idp = '{ entityId: "urn:our:idp", keyFile: ./key.pem, publicUrl: "https://idp.example.test" }'
  // Secrets of the target need not be there to know whom to trust.
  for (const cwd of folders) await writeFile(join(cwd, 'idpact.yaml'), `idp: ${idp}\ntarget: { x: "\${NOT_SET}" }\n`)
  const printed = await Promise.all(folders.map((cwd) => run(['metadata'], { cwd })))
  for (const { stdout } of printed) {
    expect(stdout).toContain('entityID="urn:our:idp"')
    expect(stdout).toContain('Location="https://idp.example.test/')
  }
  expect(await run(['metadata', '--cert'], { cwd: two })).toMatchObject({ code: 0, stdout: own.stdout })
  await writeFile(join(two, 'idpact.yaml'), 'idp: { entityID: x }\n')
  expect(await run(['metadata'], { cwd: two })).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('did you mean entityId'),
  })
})
