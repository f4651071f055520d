import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express'
import { IdpactError } from '../../src/core/errors.ts'
import { html } from '../../src/core/html.ts'
import { NotFoundError } from '../store/rows.ts'
import { page, sentence } from './pages.ts'

/** What every error of the mock IdP looks like to a program. */
export interface ErrorBody {
  error: { code: string; message: string; hint: string | undefined }
}

const statuses: Readonly<Record<string, number>> = {
  'already-exists': 409,
  'user-not-active': 409,
  'last-registration': 409,
  'foreign-host': 421,
  'foreign-origin': 403,
  'form-token': 403,
  'not-assigned': 403,
  'unknown-sp': 403,
  'acs-not-registered': 403,
  'too-large': 413,
  'unsupported-type': 415,
}

export const statusOf = (error: unknown): number => {
  if (error instanceof NotFoundError) return 404
  if (error instanceof IdpactError) return statuses[error.code] ?? (error.name === 'InternalError' ? 500 : 400)
  return 500
}

/** Whether the client would rather have JSON: a program says so in `Accept`, a browser asks for HTML first. */
export const wantsJson = (req: Request): boolean => req.accepts(['html', 'json']) === 'json'

export const errorBody = (error: IdpactError): ErrorBody => ({
  error: { code: error.code, message: error.message, hint: error.hint },
})

/** Express and its body parser throw errors of their own: they become ours here, with a sentence on what to do. */
export const toIdpactError = (error: unknown): IdpactError => {
  if (error instanceof IdpactError) return error
  const { type, status, limit } = (error ?? {}) as { type?: string; status?: number; limit?: number }
  if (type === 'entity.too.large')
    return new IdpactError(`The body is larger than ${limit} bytes`, { code: 'too-large', hint: 'Send less at once.' })
  if (type === 'entity.parse.failed')
    return new IdpactError('The body is not JSON', {
      code: 'bad-json',
      hint: 'Send one JSON value with Content-Type: application/json.',
      cause: error,
    })
  if (type === 'charset.unsupported' || type === 'encoding.unsupported')
    return new IdpactError('The body has a charset or encoding that is not supported', {
      code: 'unsupported-type',
      hint: 'Send UTF-8, not compressed.',
    })
  if (status !== undefined && status < 500)
    return new IdpactError(`The request cannot be read: ${error instanceof Error ? error.message : String(error)}`, {
      code: 'bad-request',
    })
  return new IdpactError('The mock IdP failed: this is a bug of idpact', {
    code: 'internal',
    hint: 'Please report it, with what you did. The log of the mock IdP has the details.',
    cause: error,
  })
}

/** The last handler for the pages: a page that says what was wrong and what to do, or JSON by `Accept`. */
export const pageErrors =
  (log: (error: unknown) => void): ErrorRequestHandler =>
  (thrown, req, res, next) => {
    if (res.headersSent) {
      next(thrown)
      return
    }
    const error = toIdpactError(thrown)
    const status = error.code === 'internal' ? 500 : statusOf(error)
    if (status >= 500) log(thrown)
    sendError(req, res, status, error)
  }

/** The last handler for the control API. */
export const jsonErrors =
  (log: (error: unknown) => void): ErrorRequestHandler =>
  (thrown, _req, res, next) => {
    if (res.headersSent) {
      next(thrown)
      return
    }
    const error = toIdpactError(thrown)
    const status = error.code === 'internal' ? 500 : statusOf(error)
    if (status >= 500) log(thrown)
    res.status(status).json(errorBody(error))
  }

export const sendError = (req: Request, res: Response, status: number, error: IdpactError): void => {
  if (wantsJson(req)) {
    res.status(status).json(errorBody(error))
    return
  }
  res.status(status).send(
    page(
      'That did not work',
      html`<h1>That did not work</h1>
        <p class="what">${sentence(error.message)}</p>
        ${error.hint && html`<p class="hint"><b>What to do.</b> ${sentence(error.hint)}</p>`}
        <p class="code">Code <code>${error.code}</code></p>`,
    ),
  )
}

export const nothingHere: RequestHandler = (req) => {
  throw new NotFoundError(`page at ${req.path}`, 'The console at / shows every address of this mock IdP.')
}
