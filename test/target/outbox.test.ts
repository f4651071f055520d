import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import nodemailer from 'nodemailer'
import { describe, expect, it, onTestFinished } from 'vitest'
import { readMail } from '../../src/target/outbox/mime.ts'
import { type SmtpSink, type SmtpSinkOptions, startSmtpSink } from '../../src/target/outbox/smtp-sink.ts'
import { sendJson, serve } from './servers.ts'
import { must, open } from './targets.ts'

const sinkFor = async (options: SmtpSinkOptions = {}): Promise<SmtpSink> => {
  const sink = await startSmtpSink(options)
  onTestFinished(() => sink.stop())
  return sink
}
const send = (sink: SmtpSink, mail: Parameters<ReturnType<typeof nodemailer.createTransport>['sendMail']>[0]) =>
  nodemailer
    .createTransport({ host: sink.host, port: sink.port, ignoreTLS: true })
    .sendMail({ from: 'sp@example.test', ...mail })

describe('the mail sink', () => {
  it('keeps what the SP sends, for whom it was, readable over HTTP', async () => {
    const sink = await sinkFor()
    const { outbox, has } = await open({ outbox: { driver: 'smtp' } }, { outboxUrl: sink.url })
    expect(has('outbox.read')).toBe(true)
    expect(await outbox?.read('ada@example.test')).toEqual([])
    await send(sink, {
      to: 'Ada <Ada@example.test>',
      bcc: 'hidden@example.test',
      subject: 'Einladung für Ada 🎉 und noch viel mehr, damit die Zeile umgebrochen wird',
      text: `Grüße =20 €\n${'lang '.repeat(40)}\nhttp://127.0.0.1/invitations/a=b`,
      html: '<p>Grüße <a href="http://127.0.0.1/x?a=1&amp;b=2">hier</a></p>',
      attachments: [{ filename: 'x.txt', content: 'not the text' }],
    })
    const [mail, ...rest] = must(await outbox?.read('ada@EXAMPLE.test'))
    expect(rest).toEqual([])
    expect(mail?.to).toEqual(['Ada@example.test', 'hidden@example.test'])
    expect(mail?.subject).toBe('Einladung für Ada 🎉 und noch viel mehr, damit die Zeile umgebrochen wird')
    expect(mail?.text).toContain('Grüße =20 €')
    expect(mail?.text).toContain('http://127.0.0.1/invitations/a=b')
    expect(mail?.html).toContain('Grüße <a href="http://127.0.0.1/x?a=1&amp;b=2">')
    expect(await outbox?.read('hidden@example.test')).toHaveLength(1)
    expect(await outbox?.read('someone@example.test')).toEqual([])
  })

  it('takes mail with a login, and nothing that is too large', async () => {
    const sink = await sinkFor({ maxBytes: 5000 })
    const transport = nodemailer.createTransport({
      host: sink.host,
      port: sink.port,
      ignoreTLS: true,
      auth: { user: 'a', pass: 'b' },
    })
    await transport.sendMail({ from: 'a@x.test', to: 'b@x.test', text: 'hi' })
    await expect(transport.sendMail({ from: 'a@x.test', to: 'b@x.test', text: 'x'.repeat(9000) })).rejects.toThrow(
      /552|size/,
    )
    const { outbox } = await open({ outbox: { driver: 'smtp' } }, { outboxUrl: sink.url })
    expect(await outbox?.read('b@x.test')).toHaveLength(1)
  })

  it('forgets the oldest beyond its bound', async () => {
    const sink = await sinkFor({ maxMails: 2 })
    for (const text of ['1', '2', '3']) await send(sink, { to: 'b@x.test', text })
    const { outbox } = await open({ outbox: { driver: 'smtp' } }, { outboxUrl: sink.url })
    expect((await outbox?.read('b@x.test'))?.map(({ text }) => text.trim())).toEqual(['2', '3'])
  })

  it('is not there without a sink that runs', async () => {
    const target = await open({ outbox: { driver: 'smtp' } })
    expect(target.outbox).toBeUndefined()
    expect(target.has('outbox.read')).toBe(false)
  })

  it('says when its port is taken', async () => {
    const taken = createServer()
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void taken.close())
    const { port } = taken.address() as AddressInfo
    await expect(startSmtpSink({ port })).rejects.toMatchObject({
      code: 'port-in-use',
      message: expect.stringContaining(`127.0.0.1:${port}`),
      hint: expect.stringContaining('target.outbox.port'),
    })
  })

  it('answers its own host only (DNS rebinding)', async () => {
    const sink = await sinkFor()
    const { request } = await import('node:http')
    const status = await new Promise((resolve) => {
      request(`${sink.url}/mail`, { headers: { host: 'evil.example.test' } }, (response) => {
        response.resume()
        resolve(response.statusCode)
      }).end()
    })
    expect(status).toBe(404)
  })
})

describe('reading a mail', () => {
  const read = (raw: string) => readMail(Buffer.from(raw), ['a@x.test'], 'now')
  it.each([
    ['plain', 'Subject: Hi\n\nText', 'Hi', 'Text'],
    ['folded', 'Subject: a\n b\r\n\tc\n\nText', 'a b c', 'Text'],
    [
      'Latin-1',
      'Subject: =?iso-8859-1?Q?Gr=FC=DFe?=\nContent-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n\nGr=FC=DFe=\n!',
      'Grüße',
      'Grüße!',
    ],
    ['words in a row', 'Subject: =?utf-8?B?w6Q=?= =?utf-8?B?w7Y=?= x\n\n', 'äö x', ''],
    ['base64', 'Content-Transfer-Encoding: base64\n\nSGkg\ndGhlcmU=\n', '', 'Hi there'],
    ['only HTML', 'Content-Type: text/html\n\n<p>Hi</p>', '', ' Hi '],
    ['nothing', '', '', ''],
    ['a boundary that never comes', 'Content-Type: multipart/mixed; boundary=b\n\nText', '', ''],
  ])('%s', (_name, raw, subject, text) => {
    expect(read(raw)).toMatchObject({ subject, text })
  })
})

it('the http driver reads a mail catcher', async () => {
  const url = await serve((request, response) => {
    if (request.url?.startsWith('/messages'))
      return sendJson(response, 200, {
        messages: [
          { ID: 'm2', To: [{ Address: 'a@x.test' }], Subject: 'Two', Created: '2026-01-02' },
          { ID: 'm1', To: [{ Address: 'Ada <A@x.test>' }], Subject: 'One', Created: '2026-01-01' },
          { ID: 'm3', To: [{ Address: 'other@x.test' }], Subject: 'Not ours', Created: '2026-01-01' },
        ],
      })
    sendJson(response, 200, { Text: `text of ${request.url}` })
  })
  const { outbox } = await open({
    outbox: {
      driver: 'http',
      baseUrl: url,
      read: { url: '/messages?to={to}', at: '/messages' },
      detail: { url: '/message/{id}' },
      mail: { id: '/ID', to: '/To/*/Address', subject: '/Subject', text: '/Text', receivedAt: '/Created' },
    },
  })
  expect(await outbox?.read('a@x.test')).toMatchObject([
    { subject: 'One', text: 'text of /message/m1', to: ['A@x.test'] },
    { subject: 'Two', text: 'text of /message/m2' },
  ])
})
