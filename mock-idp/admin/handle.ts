import type { Request } from 'express'
import type { z } from 'zod'
import { UsageError } from '../../src/core/errors.ts'

/**
 * The body of a request, checked.
 *
 * @throws UsageError `bad-request`, with every field that is wrong
 */
export const bodyOf = <S extends z.ZodType>(req: Request, schema: S): z.infer<S> => {
  if (req.body === undefined)
    throw new UsageError('The request has no JSON body', {
      code: 'bad-request',
      hint: 'Send a JSON object with Content-Type: application/json.',
    })
  return checked(req.body, schema, 'The body is not valid')
}

export const checked = <S extends z.ZodType>(value: unknown, schema: S, what: string): z.infer<S> => {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const problems = result.error.issues
    .slice(0, 10)
    .map((issue) => `${issue.path.join('.') || '(the whole)'}: ${issue.message}`)
  throw new UsageError(`${what}: ${problems.join('; ')}`, {
    code: 'bad-request',
    hint: 'The shapes are those of mock-idp/admin/schema.ts.',
  })
}

/** A query parameter that is there once, or not at all. */
export const queryOf = (req: Request, name: string): string | undefined => {
  const value = req.query[name]
  if (value === undefined || typeof value === 'string') return value
  throw new UsageError(`The query parameter "${name}" is there twice`, { code: 'bad-request', hint: 'Give it once.' })
}

export const wholeNumber = (req: Request, name: string): number | undefined => {
  const value = queryOf(req, name)
  if (value === undefined) return undefined
  if (/^\d{1,15}$/.test(value)) return Number(value)
  throw new UsageError(`The query parameter "${name}" is not a whole number: ${JSON.stringify(value)}`, {
    code: 'bad-request',
    hint: 'Digits only, such as 42.',
  })
}
