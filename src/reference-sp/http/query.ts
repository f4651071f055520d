import type { Request } from 'express'
import { fail } from './api-error.ts'

/** Query parameters and body fields of the Provisioning API, each with its type checked. */
export const queryText = (req: Request, name: string): string | undefined => {
  const value = req.query[name]
  return value === undefined || typeof value === 'string' ? value : fail(400, `${name} takes one value`)
}

/** `ids=a,b`, `ids=a&ids=b` and `ids[]=a&ids[]=b` are the same. */
export const queryList = (req: Request, name: string, most: number): string[] | undefined => {
  const found = [req.query[name], req.query[`${name}[]`]].flat().filter((value) => typeof value === 'string')
  if (found.length === 0) return undefined
  const values = found.flatMap((value) => value.split(',')).filter((value) => value !== '')
  return values.length > most ? fail(400, `${name} takes at most ${most} values`) : values
}

export const queryFlag = (req: Request, name: string): boolean | undefined => {
  const value = queryText(req, name)
  if (value === undefined) return undefined
  return value === 'true' || value === 'false' ? value === 'true' : fail(400, `${name} must be true or false`)
}

export const queryNumber = (req: Request, name: string, least: number, most: number): number | undefined => {
  const value = queryText(req, name)
  if (value === undefined) return undefined
  const number = Number(value)
  return Number.isInteger(number) && number >= least && number <= most
    ? number
    : fail(400, `${name} must be a whole number from ${least} to ${most}`)
}

export const queryTime = (req: Request, name: string): number | undefined => {
  const value = queryText(req, name)
  if (value === undefined) return undefined
  const ms = Date.parse(value)
  return Number.isNaN(ms) ? fail(400, `${name} must be a date`) : ms
}

export type Body = Record<string, unknown>

export const bodyOf = (req: Request): Body => {
  const body: unknown = req.body
  return body !== null && typeof body === 'object' && !Array.isArray(body)
    ? (body as Body)
    : fail(400, 'A JSON object is expected')
}

export const bodyText = (body: Body, name: string): string | undefined => {
  const value = body[name]
  if (value === undefined || value === null) return undefined
  return typeof value === 'string' && value.trim() !== ''
    ? value
    : fail(400, `${name} must be a text that is not empty`)
}

export const bodyFlag = (body: Body, name: string): boolean | undefined => {
  const value = body[name]
  if (value === undefined || value === null) return undefined
  return typeof value === 'boolean' ? value : fail(400, `${name} must be true or false`)
}

export const bodyTexts = (body: Body, name: string): string[] | undefined => {
  const value = body[name]
  if (value === undefined || value === null) return undefined
  return Array.isArray(value) && value.every((one) => typeof one === 'string')
    ? value
    : fail(400, `${name} must be a list of texts`)
}
