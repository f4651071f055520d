import type { NextFunction, Request, Response } from 'express'
import { IdpactError } from '../../core/errors.ts'

/** An answer of the Provisioning or settings API that is not a success: `{ error: { message } }`. */
export class ApiError extends IdpactError {
  readonly status: number
  constructor(status: number, message: string) {
    super(message, { code: `http-${status}` })
    this.status = status
  }
}

export const fail = (status: number, message: string): never => {
  throw new ApiError(status, message)
}

const statusOf = (error: unknown): number | undefined => {
  if (error instanceof ApiError) return error.status
  // A ConfigError: metadata that cannot be used. Of express: a body that is no JSON, or too large.
  if (error instanceof IdpactError) return 400
  const status = typeof error === 'object' && error !== null && 'statusCode' in error ? error.statusCode : undefined
  return typeof status === 'number' && status >= 400 && status < 500 ? status : undefined
}

export const sendApiError = (error: unknown, _req: Request, res: Response, next: NextFunction): void => {
  const status = statusOf(error)
  if (status === undefined) {
    next(error)
    return
  }
  if (status === 401) res.set('www-authenticate', 'Basic realm="idpact reference SP"')
  res.status(status).json({ error: { message: error instanceof Error ? error.message : 'bad request' } })
}
