import { IdpactError } from '../../../core/errors.ts'

/** An answer of Cloudsmith's API that is no success: `{ detail, fields? }`. */
export class DetailError extends IdpactError {
  readonly status: number
  readonly fields: Readonly<Record<string, readonly string[]>> | undefined
  constructor(status: number, detail: string, fields?: Readonly<Record<string, readonly string[]>>) {
    super(detail, { code: `http-${status}` })
    this.status = status
    this.fields = fields
  }
}

export const fail = (status: number, detail: string): never => {
  throw new DetailError(status, detail)
}

/** What a body says that cannot be: 422, with the field. */
export const invalid = (field: string, why: string): never => {
  throw new DetailError(422, 'There was an error with the submitted data.', { [field]: [why] })
}
