/** One request of the `http` drivers, as idpact.yaml declares it: fill in, send, read. */
import type { HttpOperation } from '../../config/schema.ts'
import { TargetError } from '../../core/errors.ts'
import { valueAtPointer } from '../json-pointer.ts'
import type { Refused } from '../ports.ts'
import type { HttpAnswer, Transport } from '../transport.ts'
import { jsonOf, messageOf, unexpected } from './api.ts'

/** What stands for the `{placeholders}`. undefined: nothing was given. */
export type Values = Readonly<Record<string, unknown>>

export interface HttpApi {
  baseUrl: string
  headers?: Readonly<Record<string, string>> | undefined
  transport: Transport
}

const placeholder = /\{([A-Za-z]+)\}/g
const asText = (value: unknown): string =>
  typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value)

const fillText = (template: string, values: Values, encode: (text: string) => string = (text) => text): string =>
  template.replace(placeholder, (_, name: string) => encode(asText(values[name])))

/** A text that is one placeholder becomes the value itself; a member without a value is left out. */
const fillJson = (template: unknown, values: Values): unknown => {
  if (typeof template === 'string') {
    const whole = /^\{([A-Za-z]+)\}$/.exec(template)?.[1]
    return whole === undefined ? fillText(template, values) : values[whole]
  }
  if (Array.isArray(template))
    return template.map((item) => fillJson(item, values)).filter((item) => item !== undefined)
  if (template === null || typeof template !== 'object') return template
  return Object.fromEntries(
    Object.entries(template)
      .map(([key, member]) => [key, fillJson(member, values)])
      .filter(([, member]) => member !== undefined),
  )
}

const urlOf = (api: HttpApi, template: string, values: Values): string => {
  const filled = fillText(template, values, encodeURIComponent)
  return filled.startsWith('/') ? `${api.baseUrl.replace(/\/$/, '')}${filled}` : filled
}

const bodyOf = (operation: HttpOperation, values: Values): { type?: string; body?: string | undefined } => {
  if (operation.form !== undefined) {
    const fields = Object.entries(operation.form).map(([name, value]): [string, string] => [
      name,
      fillText(value, values),
    ])
    return { type: 'application/x-www-form-urlencoded', body: new URLSearchParams(fields).toString() }
  }
  if (operation.body === undefined) return {}
  return { type: 'application/json', body: JSON.stringify(fillJson(operation.body, values) ?? null) }
}

export type Outcome =
  | { kind: 'done'; value: unknown; next: string | undefined }
  | { kind: 'absent' }
  | { kind: 'refused'; refusal: Refused }

/**
 * Sends the request once. What an answer means is read from its status: `ok`, `absent`, `refused`.
 *
 * @throws TargetError for every other status, and when there is no answer
 */
export const run = async (
  api: HttpApi,
  operation: HttpOperation,
  values: Values,
  url = urlOf(api, operation.url, values),
): Promise<Outcome> => {
  const { type, body } = bodyOf(operation, values)
  const given = Object.entries({ ...api.headers, ...operation.headers }).map(([name, value]): [string, string] => [
    name.toLowerCase(),
    fillText(value, values),
  ])
  const headers = {
    accept: 'application/json',
    ...(type === undefined ? {} : { 'content-type': type }),
    ...Object.fromEntries(given),
  }
  const request = { method: operation.method, url, headers, body }
  const answer: HttpAnswer = await api.transport.send(request)
  const { status } = answer
  if (operation.ok?.includes(status) ?? (status >= 200 && status < 300)) {
    const json = jsonOf(answer)
    const next = operation.next === undefined ? undefined : valueAtPointer(json, operation.next)
    return {
      kind: 'done',
      value: valueAtPointer(json, operation.at),
      next: typeof next === 'string' && URL.canParse(next, url) ? new URL(next, url).href : undefined,
    }
  }
  if (operation.absent.includes(status)) return { kind: 'absent' }
  if (operation.refused.includes(status))
    return { kind: 'refused', refusal: { refused: true, status, message: messageOf(answer, api.transport) } }
  throw unexpected(request, answer, 'a status that idpact.yaml gives a meaning', api.transport)
}

const refusedError = ({ method, url }: HttpOperation, why: string): TargetError =>
  new TargetError(`${method} ${url} was refused: ${why}`, {
    code: 'refused',
    hint: 'Look whether idpact.yaml describes this request right, and whether its credentials may do it.',
  })

/** For what must be done: a refusal, or that the thing is absent, is our trouble. */
export const mustRun = async (api: HttpApi, operation: HttpOperation, values: Values): Promise<unknown> => {
  const outcome = await run(api, operation, values)
  if (outcome.kind === 'done') return outcome.value
  if (outcome.kind === 'absent') throw refusedError(operation, 'there is no such thing')
  throw refusedError(operation, `${outcome.refusal.status} ${outcome.refusal.message}`)
}

/** For what must be gone afterwards: gone is gone, whoever removed it. */
export const mustRemove = async (api: HttpApi, operation: HttpOperation, values: Values): Promise<void> => {
  const outcome = await run(api, operation, values)
  if (outcome.kind === 'refused') throw refusedError(operation, `${outcome.refusal.status} ${outcome.refusal.message}`)
}

const mostPages = 200

/** A list, with the pages that `next` leads to. One thing alone counts as a list of one. */
export const runList = async (api: HttpApi, operation: HttpOperation, values: Values): Promise<unknown[]> => {
  const items: unknown[] = []
  let url: string | undefined
  for (let page = 0; page < mostPages; page++) {
    const outcome = await run(api, operation, values, url ?? urlOf(api, operation.url, values))
    if (outcome.kind === 'absent') return items
    if (outcome.kind === 'refused')
      throw refusedError(operation, `${outcome.refusal.status} ${outcome.refusal.message}`)
    if (outcome.value === undefined)
      throw new TargetError(`The answer to ${operation.method} ${operation.url} has nothing at "${operation.at}"`, {
        code: 'unexpected-answer',
        hint: 'Correct the pointer "at" of this request in idpact.yaml.',
      })
    items.push(...(Array.isArray(outcome.value) ? outcome.value : outcome.value === null ? [] : [outcome.value]))
    if (outcome.next === undefined || outcome.next === url) return items
    url = outcome.next
  }
  throw new TargetError(`${operation.url} has more than ${mostPages} pages`, { code: 'too-many-accounts' })
}
