import type { Attempt } from './login.ts'
import { failed } from './outcome.ts'
import { describeAnswer } from './verdict.ts'
import type { IdpactWorld } from './world.ts'

/**
 * Where a code and a description usually stand in the body of a refusal: members of JSON, or words of a page. A target
 * whose page is different says so by the parameters `errorCode` and `errorDescription`.
 */
const usualCode = [
  /"(?:error_?code|code)"\s*:\s*"?([\w.-]+)/i,
  /error\s*code\s*:?\s*([A-Za-z0-9][\w.-]+)/i,
  /\bcode\s*:?\s*([A-Z0-9][A-Z0-9_.-]{2,})/,
]
const usualDescription = [
  /"(?:error_?description|description|message)"\s*:\s*"([^"]{4,})/i,
  /description\s*:?\s*(\S.{3,})/i,
]

const textOf = (body: string): string =>
  body.trimStart().startsWith('{')
    ? body
    : body
        .replaceAll(/<(script|style|title)[\s\S]*?<\/\1>/gi, ' ')
        .replaceAll(/<[^>]*>/g, ' ')
        .replaceAll(/\s+/g, ' ')

const find = (text: string, patterns: readonly RegExp[]): string | undefined =>
  patterns.map((pattern) => pattern.exec(text)?.[1]).find((found) => found !== undefined)

const declared = (world: IdpactWorld, name: string): RegExp[] | undefined => {
  const pattern = world.context.parameters[name]
  return typeof pattern === 'string' ? [new RegExp(pattern, 's')] : undefined
}

/** The error code in the body of a refusal, if there is one. */
export const refusalCode = (world: IdpactWorld, { page }: Attempt): string | undefined => {
  const own = declared(world, 'errorCode')
  return page && find(own ? page.body : textOf(page.body), own ?? usualCode)
}

/** @throws StepFailure unless the body of the refusal has both a code and a description */
export const mustNameError = (world: IdpactWorld, attempt: Attempt): void => {
  const code = refusalCode(world, attempt)
  const own = declared(world, 'errorDescription')
  const body = attempt.page?.body ?? ''
  const description = find(own ? body : textOf(body), own ?? usualDescription)
  if (code !== undefined && description !== undefined) return
  const missing = [code === undefined ? 'code' : '', description === undefined ? 'description' : ''].filter(Boolean)
  throw failed({
    code: 'error-not-named',
    expected: 'The body of the refusal has an error code and a description.',
    actual: `No ${missing.join(' and no ')} was found in: ${describeAnswer(attempt)}`,
    hint: 'If they are there in another form, say where by the parameters errorCode and errorDescription (regular expressions).',
  })
}
