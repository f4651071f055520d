import type { Exchange } from '../src/core/evidence.ts'

/** Base64 as a page has it, or percent-encoded as a form is posted. */
const base64Run = /[A-Za-z0-9+/%]{200,}={0,2}/g
const percentEncoded = /%(2[BbFf]|3[Dd])/g

const withoutSignatures = (xml: string): string =>
  xml.replace(/(<(?:[\w.-]+:)?SignatureValue[^>]*>)[^<]*/g, (_, open: string) => open)

/**
 * The exchanges of a login without the Response in Base64, which stands beside them decoded and would else be in them twice,
 * in the page that posts it and in the post. Any other message is kept as it was.
 *
 * @param responseXml the decoded Response that is kept beside them
 */
export const withoutResponse = (exchanges: readonly Exchange[], responseXml: string | undefined): Exchange[] => {
  if (responseXml === undefined) return [...exchanges]
  const kept = withoutSignatures(responseXml)
  const cut = (text: string): string =>
    text.replace(base64Run, (run) => {
      const base64 = run.replace(percentEncoded, (code) => decodeURIComponent(code))
      const isIt = withoutSignatures(Buffer.from(base64, 'base64').toString('utf8')) === kept
      return isIt ? `[${base64.length} characters of Base64: the Response, decoded in responseXml]` : run
    })
  const cutBody = (body: string | undefined): string | undefined => (body === undefined ? undefined : cut(body))
  return exchanges.map((exchange) => ({
    ...exchange,
    requestBody: cutBody(exchange.requestBody),
    responseBody: cutBody(exchange.responseBody),
  }))
}
