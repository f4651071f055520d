/** What can be found out about a service provider by asking it: its metadata, and where it says who is logged in. */
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { SpMetadata } from '../../../mock-idp/saml/sp-metadata.ts'
import { UsageError } from '../../core/errors.ts'

/** Where service providers publish their metadata, as far as libraries and products have habits. */
const usualPaths = [
  '/saml/metadata',
  '/saml2/metadata',
  '/saml/metadata.xml',
  '/saml/sp/metadata',
  '/auth/saml/metadata',
  '/sso/saml/metadata',
  '/Shibboleth.sso/Metadata',
  '/simplesaml/module.php/saml/sp/metadata.php/default-sp',
  '/metadata',
  '/metadata.xml',
]

export interface Found {
  /** Where the metadata were: a URL, or a path. */
  at: string
  metadata: SpMetadata
}

const longestAnswer = 2_000_000

/**
 * The metadata of a service provider: of a file, of a URL, or at one of the usual places of the same host.
 *
 * @throws UsageError `no-sp-metadata`, with what was tried
 */
export const findSpMetadata = async (where: string, cwd: string): Promise<Found> => {
  const { readSpMetadata } = await import('../../../mock-idp/saml/sp-metadata.ts')
  const tried: string[] = []
  for (const at of placesOf(where, cwd)) {
    try {
      return { at, metadata: await readSpMetadata(await textAt(at)) }
    } catch (error) {
      tried.push(`${at}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  throw new UsageError(`No metadata of a service provider were found.\n  ${tried.slice(0, 4).join('\n  ')}`, {
    code: 'no-sp-metadata',
    hint: 'Give the URL or the file of its metadata, or leave it empty and give ACS and entity ID.',
  })
}

const placesOf = (where: string, cwd: string): string[] => {
  if (!/^https?:\/\//i.test(where)) return [resolve(cwd, where)]
  return [where, ...usualPaths.map((path) => new URL(path, where).href)]
}

const textAt = async (at: string): Promise<string> => {
  if (!/^https?:/i.test(at)) return readFile(at, 'utf8')
  const answer = await fetch(at, { signal: AbortSignal.timeout(5_000), headers: { 'user-agent': 'idpact' } })
  if (!answer.ok) throw new Error(`status ${answer.status}`)
  const text = await answer.text()
  if (text.length > longestAnswer) throw new Error(`${text.length} characters are no metadata`)
  return text
}
