import type { Request, Response } from 'express'
import { invalid } from './detail-error.ts'

export type Body = Readonly<Record<string, unknown>>

export const bodyOf = (req: Request): Body => {
  const body: unknown = req.body
  return body !== null && typeof body === 'object' && !Array.isArray(body)
    ? (body as Body)
    : invalid('non_field_errors', 'A JSON object is expected.')
}

export const textOf = (body: Body, name: string, most: number): string | undefined => {
  const value = body[name]
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'string' || value === '') return invalid(name, 'This field must be a text that is not empty.')
  return value.length > most ? invalid(name, `Ensure this field has no more than ${most} characters.`) : value
}

export const flagOf = (body: Body, name: string): boolean | undefined => {
  const value = body[name]
  if (value === undefined) return undefined
  return typeof value === 'boolean' ? value : invalid(name, 'This field must be true or false.')
}

const defaultSize = 30
const maxSize = 500

/** One page of a list, with how many there are in `X-Pagination-*`. */
export const sendPage = (req: Request, res: Response, all: readonly unknown[]): void => {
  const size = number(req, 'page_size', defaultSize, maxSize)
  const page = number(req, 'page', 1, Number.MAX_SAFE_INTEGER)
  res.set({
    'x-pagination-count': String(all.length),
    'x-pagination-page': String(page),
    'x-pagination-pagetotal': String(Math.max(1, Math.ceil(all.length / size))),
    'x-pagination-pagesize': String(size),
  })
  res.json(all.slice((page - 1) * size, page * size))
}

const number = (req: Request, name: string, standard: number, most: number): number => {
  const { [name]: text } = req.query
  if (text === undefined) return standard
  const value = Number(text)
  return Number.isInteger(value) && value >= 1 && value <= most
    ? value
    : invalid(name, `This must be a whole number from 1 to ${most}.`)
}
