import type { Clock } from '../../core/clock.ts'
import { ConfigError } from '../../core/errors.ts'
import { refuse } from '../login-refused.ts'
import type { VerificationRules } from '../rules/verification.ts'
import type { FetchedMetadata, MetadataSource, SettingsStore } from '../store/settings.ts'
import { fingerprint, type IdpMetadata, readMetadata } from './metadata.ts'
import type { Verification, Verifier } from './verifier.ts'

/** Fetched metadata is used for so long (ms) before it is fetched again at the next login. */
export const metadataMaxAge = 60 * 60_000
/** A signature that no key fits makes us look for new keys, but not more often than this (ms). */
export const metadataMinAge = 10_000
const fetchTimeout = 5_000
const fetchLimit = 1024 * 1024

export interface TrustedIdp {
  idp: IdpMetadata
  verify: Verifier
}

/** The identity provider that the account trusts. */
export interface Trust {
  /** @throws LoginRefused when none is configured, or it cannot be read. */
  current(): Promise<TrustedIdp>
  /** Whether there are other keys now than those of `used`, after looking again where that is possible. */
  renewed(used: TrustedIdp): Promise<TrustedIdp | undefined>
  /** Checks metadata before it is stored; those by URL are fetched. @throws ConfigError */
  prepare(source: MetadataSource): Promise<FetchedMetadata | undefined>
}

export const createTrust = (
  settings: SettingsStore,
  verification: Verification,
  clock: Clock,
  rules: () => VerificationRules,
): Trust => {
  let cached: { key: string; trusted: TrustedIdp } | undefined

  const trusted = (xml: string): TrustedIdp => {
    const key = fingerprint(xml)
    if (cached?.key !== key) {
      const idp = readMetadata(xml)
      cached = { key, trusted: { idp, verify: verification.verifierFor(idp.certificates) } }
    }
    const { idp } = cached.trusted
    const certificates = rules().trustedCertificates(idp)
    if (certificates === idp.certificates) return cached.trusted
    return { idp: { ...idp, certificates }, verify: verification.verifierFor(certificates) }
  }

  const fetchAndRemember = async (url: string): Promise<FetchedMetadata> => {
    const fetched = { url, xml: await fetchMetadata(url), at: clock.now() }
    readMetadata(fetched.xml)
    settings.rememberMetadata(fetched)
    return fetched
  }

  const byUrl = async (url: string): Promise<TrustedIdp> => {
    if (!rules().fetchesMetadataUrl()) return refuse('IDP_NOT_CONFIGURED')
    const known = settings.fetchedMetadata()
    if (known?.url === url && clock.now() - known.at < metadataMaxAge) return trusted(known.xml)
    try {
      return trusted((await fetchAndRemember(url)).xml)
    } catch (cause) {
      // An IdP that is down for an hour doesn't take its key away.
      if (known?.url === url) return trusted(known.xml)
      return refuse('METADATA_UNREACHABLE', undefined, cause)
    }
  }

  const inline = async (xml: string): Promise<TrustedIdp> => {
    const found = trusted(xml)
    const needed = rules().urlNeededByInline(found.idp)
    if (needed !== undefined)
      await fetchMetadata(needed).catch((cause: unknown) => refuse('METADATA_UNREACHABLE', undefined, cause))
    return found
  }

  return {
    current: async () => {
      const { metadata } = settings.read().saml
      if (metadata === null) return refuse('IDP_NOT_CONFIGURED')
      return metadata.mode === 'inline' ? inline(metadata.xml) : byUrl(metadata.url)
    },
    renewed: async (used) => {
      const { metadata } = settings.read().saml
      const known = settings.fetchedMetadata()
      if (metadata?.mode !== 'url' || known === undefined || clock.now() - known.at < metadataMinAge) return undefined
      try {
        const { idp, verify } = trusted((await fetchAndRemember(metadata.url)).xml)
        return idp.certificates.join() === used.idp.certificates.join() ? undefined : { idp, verify }
      } catch {
        // Then the login is refused for its signature.
        return undefined
      }
    },
    prepare: async (source) => {
      verification.warm()
      if (source.mode === 'inline') {
        readMetadata(source.xml)
        return undefined
      }
      if (!rules().fetchesMetadataUrl()) return undefined
      const xml = await fetchMetadata(source.url)
      readMetadata(xml)
      return { url: source.url, xml, at: clock.now() }
    },
  }
}

/** GET, with a limit in time and size; redirects are followed by `fetch`. */
const fetchMetadata = async (url: string): Promise<string> => {
  try {
    const response = await fetch(url, {
      headers: { accept: 'application/samlmetadata+xml, application/xml, text/xml' },
      signal: AbortSignal.timeout(fetchTimeout),
    })
    if (!response.ok) throw new Error(`it answered with status ${response.status}`)
    const chunks: Uint8Array[] = []
    let size = 0
    for await (const chunk of response.body ?? []) {
      size += chunk.length
      if (size > fetchLimit) throw new Error(`it sent more than ${fetchLimit} bytes`)
      chunks.push(chunk)
    }
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks))
  } catch (cause) {
    const why = cause instanceof Error ? (cause.cause instanceof Error ? cause.cause.message : cause.message) : cause
    throw new ConfigError(`The identity provider's metadata could not be fetched from ${url}: ${why}.`, {
      code: 'metadata-unreachable',
      hint: 'Give a URL that answers with metadata XML to a GET from where the SP runs.',
      cause,
    })
  }
}
