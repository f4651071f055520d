import { UsageError } from '../src/core/errors.ts'
import { type SamlSettings, samlSettings } from './admin/schema.ts'
import { bindingUri, nameIdFormatUri } from './saml/names.ts'
import { readSpMetadata } from './saml/sp-metadata.ts'

/**
 * The settings of an application as an SP's metadata asks for them: ACS, audience, Name ID format, certificate.
 *
 * @throws ProtocolError for metadata that cannot be used, UsageError `metadata-no-acs` if no ACS takes HTTP-POST
 */
export const settingsFromMetadata = async (xml: string): Promise<SamlSettings> => {
  const sp = await readSpMetadata(xml)
  const usable = sp.acs.filter(({ binding }) => binding === bindingUri['HTTP-POST'])
  const main = usable.find(({ isDefault }) => isDefault) ?? usable[0]
  if (!main)
    throw new UsageError(
      `The metadata of ${sp.entityId} has no AssertionConsumerService for HTTP-POST, only ${sp.acs.map(({ binding }) => binding).join(', ')}`,
      {
        code: 'metadata-no-acs',
        hint: 'Responses are sent by the HTTP-POST binding: the service provider must take them so.',
      },
    )
  const format = formats.find((name) => sp.nameIdFormats.includes(nameIdFormatUri[name]))
  return samlSettings.parse({
    ssoUrl: main.url,
    audience: sp.entityId,
    requestableSsoUrls: usable.map(({ url, index }) => ({ url, index })),
    ...(format && { nameIdFormat: format }),
    // An address as Name ID needs one as application username, too.
    ...(format === 'emailAddress' && { applicationUsername: 'user.email' }),
    // As Okta: off without a certificate of the SP, because its LogoutRequests must be verified.
    ...(sp.singleLogout !== undefined &&
      sp.certificates.length > 0 && {
        singleLogout: {
          url: sp.singleLogout.post ?? sp.singleLogout.redirect ?? '',
          binding: sp.singleLogout.post === undefined ? 'HTTP-Redirect' : 'HTTP-POST',
        },
      }),
    ...(sp.certificates[0] !== undefined && { spCertificate: sp.certificates[0] }),
    requireSignedRequests: sp.authnRequestsSigned && sp.certificates.length > 0,
  })
}

const formats = Object.keys(nameIdFormatUri) as (keyof typeof nameIdFormatUri)[]

const maxBytes = 1_000_000
const timeoutMs = 10_000

/**
 * Fetches a service provider's metadata.
 *
 * @throws UsageError `metadata-unreachable`
 */
export const fetchMetadata = async (url: string): Promise<string> => {
  const fail = (found: string, cause?: unknown) =>
    new UsageError(`The metadata cannot be fetched from ${url}: ${found}`, {
      code: 'metadata-unreachable',
      hint: 'Check that the address answers in a browser, or give the metadata itself.',
      cause,
    })
  const answer = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) }).catch((cause: unknown) => {
    const { cause: reason } = cause as { cause?: { code?: string } }
    throw fail(reason?.code ?? (cause instanceof Error ? cause.message : String(cause)), cause)
  })
  if (!answer.ok || !answer.body) throw fail(`it answers ${answer.status}`)
  let text = ''
  const decoder = new TextDecoder()
  for await (const chunk of answer.body) {
    text += decoder.decode(chunk as Uint8Array, { stream: true })
    if (text.length > maxBytes) throw fail(`it is larger than ${maxBytes} bytes`)
  }
  return text + decoder.decode()
}
