import type { RequestHandler, Response } from 'express'
import { type IdpContext, orgOf } from '../http/context.ts'
import { queryOf, wholeNumber } from './handle.ts'
import type { JournalEntry } from './schema.ts'

type Handler = (ctx: IdpContext) => RequestHandler<{ org: string }>

export const read: Handler = (ctx) => (req, res) => {
  const org = orgOf(ctx, req.params.org)
  res.json(
    ctx.journal(org.id).read({
      since: wholeNumber(req, 'since'),
      userId: queryOf(req, 'userId'),
      applicationId: queryOf(req, 'applicationId'),
      limit: Math.min(wholeNumber(req, 'limit') ?? 1_000, 5_000),
    }),
  )
}

/** What a reader who has stopped reading may have waiting before it is cut off; it can come back with Last-Event-ID. */
const maxBacklogBytes = 2_000_000
const heartbeatMs = 15_000

/** The live feed: server-sent events, one entry each, `id` its number. Begins after `since` or `Last-Event-ID`. */
export const stream: Handler = (ctx) => (req, res) => {
  const org = orgOf(ctx, req.params.org)
  const lastSeen = Number(req.get('last-event-id'))
  const since = Number.isInteger(lastSeen) && lastSeen > 0 ? lastSeen : wholeNumber(req, 'since')
  res.writeHead(200, { 'Content-Type': 'text/event-stream; charset=utf-8', 'X-Accel-Buffering': 'no' })
  res.flushHeaders()
  const journal = ctx.journal(org.id)
  if (since !== undefined) for (const entry of journal.read({ since, limit: 5_000 }).entries) send(res, entry)
  else res.write(': connected\n\n')
  const unsubscribe = journal.subscribe((entry) => send(res, entry))
  const heartbeat = setInterval(() => res.write(': alive\n\n'), heartbeatMs)
  const forget = ctx.onStop(() => res.end())
  res.on('close', () => {
    clearInterval(heartbeat)
    unsubscribe()
    forget()
  })
}

const send = (res: Response, entry: JournalEntry): void => {
  if (res.writableLength > maxBacklogBytes) res.destroy()
  else res.write(`id: ${entry.seq}\ndata: ${JSON.stringify(entry)}\n\n`)
}
