import type { NextFunction, Request, Response } from 'express'

/** `scimType` of RFC 7644 3.12. */
export type ScimType =
  | 'invalidFilter'
  | 'invalidPath'
  | 'invalidSyntax'
  | 'invalidValue'
  | 'mutability'
  | 'noTarget'
  | 'tooMany'
  | 'uniqueness'

/** An error as a SCIM client is told it: a status, a keyword where there is one, and a sentence. */
export class ScimError extends Error {
  readonly status: number
  readonly scimType: ScimType | undefined
  constructor(status: number, detail: string, scimType?: ScimType) {
    super(detail)
    this.status = status
    this.scimType = scimType
  }
}

export const refuse = (status: number, detail: string, scimType?: ScimType): never => {
  throw new ScimError(status, detail, scimType)
}

export const invalidValue = (detail: string): never => refuse(400, detail, 'invalidValue')

/** The error body (RFC 7644 3.12): `status` is text. */
export const errorBody = ({ status, message, scimType }: ScimError): Record<string, unknown> => ({
  schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
  status: String(status),
  ...(scimType !== undefined && { scimType }),
  detail: message,
})

export const sendScimError = (error: unknown, _req: Request, res: Response, next: NextFunction): void => {
  const known = error instanceof ScimError ? error : ofExpress(error)
  if (known === undefined || res.headersSent) {
    next(error)
    return
  }
  res
    .status(known.status)
    .type('application/scim+json')
    .send(JSON.stringify(errorBody(known)))
}

/** What express's parsers refuse. */
const ofExpress = (error: unknown): ScimError | undefined => {
  const { type, status } = (error ?? {}) as { type?: string; status?: number }
  if (type === 'entity.parse.failed') return new ScimError(400, 'The body is not JSON.', 'invalidSyntax')
  if (type === 'entity.too.large') return new ScimError(413, 'The body is larger than 1 MB.')
  return status !== undefined && status >= 400 && status < 500
    ? new ScimError(status, 'This request cannot be read.')
    : undefined
}
