/** Our trouble with reaching a service provider, told apart. Never a verdict on it. */
import { TargetError } from '../core/errors.ts'

/** Codes of {@link TargetError} for a request that got no whole answer. */
export const troubles = {
  unreachable: 'nothing listens there, or no way leads there',
  reset: 'the connection was closed before the answer was whole',
  timeout: 'there was no whole answer in time',
  dns: 'the host name is not known',
  tls: 'the connection could not be secured',
  proxy: 'the proxy did not let the request through',
  'not-http': 'the answer is not HTTP',
  'too-large': 'the answer is longer than what is read',
  'redirect-loop': 'redirects lead to more redirects',
} as const
export type Trouble = keyof typeof troubles

/** Trouble that an SP may cause by breaking on a message. The others say nothing about the message. */
export const mayBeCrash = (code: string): boolean => code === 'reset' || code === 'timeout'

const hints: Record<Trouble, string> = {
  unreachable: 'Start the service provider, or correct its URL in idpact.yaml.',
  reset: 'Look into the log of the service provider: it or a proxy before it gave up on the request.',
  timeout: 'Look whether the service provider hangs; target.http.timeoutMs sets how long idpact waits.',
  dns: 'Correct the host name in idpact.yaml, or the DNS of this machine.',
  tls: 'Name the authority that signed the certificate with target.http.ca (a PEM file).',
  proxy: 'Correct target.http.proxy in idpact.yaml.',
  'not-http': 'Look whether the URL, its port and its https:// or http:// are right.',
  'too-large': 'Look what answers there; target.http.maxBytes sets how much idpact reads.',
  'redirect-loop': 'Open the URL in a browser: redirects that never end are often lost cookies or a wrong public URL.',
}

const tlsCodes =
  /^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO_SELF_SIGNED|SELF_SIGNED|UNABLE_TO_(VERIFY|GET_ISSUER)|EPROTO|HOSTNAME_MISMATCH|INVALID_CA)/
const byCode: Record<string, Trouble> = {
  ECONNREFUSED: 'unreachable',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EADDRNOTAVAIL: 'unreachable',
  EACCES: 'unreachable',
  ECONNRESET: 'reset',
  ECONNABORTED: 'reset',
  EPIPE: 'reset',
  UND_ERR_SOCKET: 'reset',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'reset',
  ETIMEDOUT: 'timeout',
  UND_ERR_CONNECT_TIMEOUT: 'timeout',
  UND_ERR_HEADERS_TIMEOUT: 'timeout',
  UND_ERR_BODY_TIMEOUT: 'timeout',
  ENOTFOUND: 'dns',
  EAI_AGAIN: 'dns',
  UND_ERR_PRX_TLS: 'proxy',
  UND_ERR_PROXY_CONNECTION: 'proxy',
  UND_ERR_HEADERS_OVERFLOW: 'too-large',
}

const codesOf = (error: unknown): string[] => {
  if (!(error instanceof Error)) return []
  const own = 'code' in error && typeof error.code === 'string' ? [error.code] : []
  return [...own, ...codesOf(error.cause), ...(error instanceof AggregateError ? error.errors.flatMap(codesOf) : [])]
}

const troubleOf = (error: unknown): { trouble: Trouble; detail: string } => {
  if (error instanceof Error && error.name === 'TimeoutError') return { trouble: 'timeout', detail: '' }
  if (error instanceof Error && error.name === 'HTTPParserError') return { trouble: 'not-http', detail: '' }
  if (error instanceof Error && /^Proxy response/.test(error.message)) return { trouble: 'proxy', detail: '' }
  for (const code of codesOf(error)) {
    if (tlsCodes.test(code)) return { trouble: 'tls', detail: ` (${code})` }
    const trouble = byCode[code]
    if (trouble !== undefined) return { trouble, detail: code.startsWith('UND_') ? '' : ` (${code})` }
  }
  return { trouble: 'unreachable', detail: ` (${codesOf(error)[0] ?? 'unknown'})` }
}

/** The error for a trouble at a URL; `where` must be redacted already. */
export const troubleError = (trouble: Trouble, where: string, detail = '', cause?: unknown): TargetError =>
  new TargetError(`${where}: ${troubles[trouble]}${detail}`, { code: trouble, hint: hints[trouble], cause })

/** The error for whatever a request threw. What it threw is not kept: it may hold headers. */
export const errorOfRequest = (error: unknown, where: string): TargetError => {
  if (error instanceof TargetError) return error
  const { trouble, detail } = troubleOf(error)
  return troubleError(trouble, where, detail)
}
