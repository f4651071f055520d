import type { OutboxConfig } from '../../config/schema.ts'
import { TargetError } from '../../core/errors.ts'
import { isRecord, jsonOf, unexpected } from '../drivers/api.ts'
import { type HttpApi, mustRun, runList } from '../drivers/http-operation.ts'
import { textAt, valueAtPointer } from '../json-pointer.ts'
import type { Mail, OutboxPort } from '../ports.ts'
import type { Transport } from '../transport.ts'

/** Mail that idpact's own sink got, read over HTTP so that it works from workers too. */
export const sinkOutbox = (url: string, transport: Transport): OutboxPort => ({
  read: async (to) => {
    const request = { method: 'GET', url: `${url}/mail?to=${encodeURIComponent(to)}` }
    const answer = await transport.send(request)
    const json = jsonOf(answer)
    if (answer.status !== 200 || !isRecord(json) || !Array.isArray(json['mail']))
      throw unexpected(request, answer, 'a list of mail', transport)
    return json['mail'] as Mail[]
  },
})

type Config = Extract<OutboxConfig, { driver: 'http' }>

const addressOf = (text: string): string => /<([^<>]+)>\s*$/.exec(text)?.[1] ?? text

/** The `http` driver: the API of a mail catcher, as idpact.yaml declares it. */
export const httpOutbox = (config: Config, transport: Transport): OutboxPort => {
  const api: HttpApi = { baseUrl: config.baseUrl, headers: config.headers, transport }
  const { mail: at, detail } = config
  const whole = async (listed: unknown): Promise<unknown> => {
    const id = textAt(listed, at.id)
    if (detail === undefined) return listed
    if (id !== undefined) return mustRun(api, detail, { id })
    throw new TargetError('The list of mail has no id where target.outbox.mail.id points', {
      code: 'unexpected-answer',
      hint: 'Correct target.outbox.mail.id: target.outbox.detail needs it.',
    })
  }
  const recipients = (json: unknown): string[] => {
    const found = valueAtPointer(json, at.to)
    const list = Array.isArray(found) ? found : String(found ?? '').split(',')
    return list.filter((one) => typeof one === 'string').map((one) => addressOf(one.trim()))
  }
  return {
    read: async (to) => {
      const listed = (await runList(api, config.read, { to })).filter((json) =>
        recipients(json).some((one) => one.toLowerCase() === to.toLowerCase()),
      )
      const mails = await Promise.all(
        listed.map(async (json): Promise<Mail> => {
          const full = await whole(json)
          const read = (pointer: string | undefined): string | undefined =>
            textAt(full, pointer) ?? textAt(json, pointer)
          return {
            to: recipients(json),
            subject: read(at.subject) ?? '',
            text: read(at.text) ?? '',
            html: read(at.html),
            receivedAt: read(at.receivedAt) ?? '',
          }
        }),
      )
      return mails.toSorted((one, other) => one.receivedAt.localeCompare(other.receivedAt))
    },
  }
}
