import { deflateRawSync } from 'node:zlib'
import { signatureUri } from './names.ts'
import { sign } from './sign.ts'
import type { SigningPlan } from './signing-plan.ts'

/** The parameters of a message by HTTP-Redirect, in the order in which they are signed (SAML Bindings 3.4.4.1). */
export type RedirectParameters = [name: string, value: string][]

/** The message without its signature: deflated, in base64. */
export const redirectParameters = (
  parameter: 'SAMLRequest' | 'SAMLResponse',
  xml: string,
  relayState: string | undefined,
): RedirectParameters => [
  [parameter, deflateRawSync(xml).toString('base64')],
  ...(relayState === undefined ? [] : [['RelayState', relayState] as [string, string]]),
]

const encoded = (parameters: RedirectParameters): string =>
  parameters.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&')

/** The same with SigAlg and Signature. */
export const signedParameters = async (
  parameters: RedirectParameters,
  plan: SigningPlan,
): Promise<RedirectParameters> => {
  const signed: RedirectParameters = [...parameters, ['SigAlg', signatureUri[plan.signatureAlgorithm]]]
  return [...signed, ['Signature', await sign(plan, encoded(signed))]]
}

/** Where the browser is sent. */
export const redirectUrl = (location: string, parameters: RedirectParameters): string =>
  `${location}${location.includes('?') ? '&' : '?'}${encoded(parameters)}`
