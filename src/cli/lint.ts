import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { Command } from 'commander'
import { ConfigError } from '../core/errors.ts'
import { printable } from '../core/printable.ts'
import { type CliIo, exitCodes, setExitCode } from './io.ts'

interface Options {
  entityId?: string
  json?: true
}

/** `idpact lint`: a service provider's own metadata, by what SAML says of them. */
export const lintCommand = (io: CliIo): Command =>
  new Command('lint')
    .description(
      "Checks a service provider's own metadata: each finding has the clause and says what to do. Exit code 1 where there is one.",
    )
    .argument('<file>', 'the metadata XML, a file or an http(s) URL')
    .option('--entity-id <id>', 'the entity ID that is expected')
    .option('--json', 'print JSON')
    .action(async (file: string, { entityId, json }: Options, command: Command) => {
      const { lintMetadata, metadataRules } = await import('../saml-lint/metadata.ts')
      const xml = await read(file, io.cwd)
      const findings = lintMetadata({ xml, entityId, now: Date.now() }).map((finding) => {
        const rule = metadataRules.find((one) => one.rule === finding.rule)
        return { ...finding, clause: rule?.clause ?? '', hint: rule?.hint ?? '' }
      })
      if (json === true) io.stdout.write(`${JSON.stringify(findings, null, 2)}\n`)
      else if (findings.length === 0) io.stdout.write('Nothing is wrong with it.\n')
      else
        for (const { rule, message, clause, hint } of findings)
          io.stdout.write(printable(`${rule}  ${message.replace(/\s+/g, ' ')} (${clause})\n       → ${hint}\n`))
      setExitCode(command, findings.length === 0 ? exitCodes.ok : 1)
    })

const read = async (file: string, cwd: string): Promise<string> => {
  try {
    if (!/^https?:\/\//i.test(file)) return await readFile(resolve(cwd, file), 'utf8')
    const answer = await fetch(file, { signal: AbortSignal.timeout(10_000) })
    if (!answer.ok) throw new Error(`status ${answer.status}`)
    return await answer.text()
  } catch (cause) {
    throw new ConfigError(
      `The metadata ${file} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}.`,
      {
        code: 'metadata-unreadable',
        hint: 'Give a file, or a URL that answers with metadata XML.',
        cause,
      },
    )
  }
}
