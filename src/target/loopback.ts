import { isIPv4, isIPv6 } from 'node:net'

/** Whether a URL can only mean this machine: `localhost` and below (RFC 6761 6.3), 127.0.0.0/8, ::1. */
export const isLoopback = (url: string): boolean => {
  if (!URL.canParse(url)) return false
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')
  if (isIPv4(host)) return host.startsWith('127.')
  if (isIPv6(host)) return host === '::1'
  return host === 'localhost' || host.endsWith('.localhost')
}
