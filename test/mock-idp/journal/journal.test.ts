import { describe, expect, it } from 'vitest'
import { createJournal, type NewJournalEntry } from '../../../mock-idp/journal/journal.ts'
import { cookieOf, get, newApp, newPerson, redirectUrl, requestXml, startIdp } from '../http/helpers.ts'

const clock = { now: () => Date.parse('2026-01-02T03:04:05Z') }
const entry = (more: Partial<NewJournalEntry> = {}): NewJournalEntry => ({
  kind: 'sign-in',
  summary: 's',
  details: {},
  ...more,
})

describe('the journal', () => {
  it('numbers its entries, reads on from a number, and filters without losing the place', () => {
    const journal = createJournal(clock)
    for (const userId of ['a', 'b', 'a', 'b']) journal.append(entry({ userId }))
    const first = journal.read({ userId: 'a', limit: 1 })
    expect(first).toMatchObject({
      next: 1,
      evicted: false,
      entries: [{ seq: 1, at: '2026-01-02T03:04:05.000Z', userId: 'a' }],
    })
    expect(journal.read({ userId: 'a', since: first.next })).toMatchObject({ next: 4, entries: [{ seq: 3 }] })
    expect(journal.read({ since: 4 })).toEqual({ entries: [], next: 4, evicted: false })
  })

  it('forgets the oldest by count, and says so to who would have seen them', () => {
    const journal = createJournal(clock, { maxEntries: 3, maxBytes: 1e9 })
    for (let i = 0; i < 5_000; i++) journal.append(entry())
    expect(journal.read()).toMatchObject({
      evicted: true,
      next: 5_000,
      entries: [{ seq: 4_998 }, { seq: 4_999 }, { seq: 5_000 }],
    })
    expect(journal.read({ since: 4_996 }).evicted).toBe(true)
    expect(journal.read({ since: 4_997 })).toMatchObject({ evicted: false, entries: [{ seq: 4_998 }, {}, {}] })
  })

  it('forgets the oldest by size, but keeps the newest whatever its size', () => {
    const journal = createJournal(clock, { maxEntries: 1_000, maxBytes: 10_000 })
    for (let i = 0; i < 10; i++) journal.append(entry({ xml: 'x'.repeat(4_000) }))
    expect(journal.read().entries.map(({ seq }) => seq)).toEqual([9, 10])
    journal.append(entry({ xml: 'x'.repeat(50_000) }))
    expect(journal.read().entries.map(({ seq }) => seq)).toEqual([11])
  })

  it('takes secrets out where they enter, and leaves other URLs as they are spelt', () => {
    const journal = createJournal(clock)
    const xml = '<a><ds:SignatureValue>SECRETSIG</ds:SignatureValue></a>'
    const relayState = 'https://SP.example.test?a=B c'
    journal.append(
      entry({
        details: {
          relayState,
          next: 'https://sp.example.test/?token=MARKER-1',
          attributes: { password: ['MARKER-2'], email: ['ada@example.test'] },
        },
        xml,
        peerUrl: 'https://sp.example.test/acs',
      }),
    )
    const [kept] = journal.read().entries
    expect(JSON.stringify(kept)).not.toMatch(/MARKER|SECRETSIG/)
    expect(kept?.details).toMatchObject({ relayState, attributes: { email: ['ada@example.test'] } })
    journal.append(entry({ xml, peerUrl: 'http://localhost:3000/acs' }))
    expect(journal.read({ since: 1 }).entries[0]?.xml).toBe(xml)
  })

  it('tells its followers, until they stop', () => {
    const journal = createJournal(clock)
    const seen: number[] = []
    const stop = journal.subscribe(({ seq }) => seen.push(seq))
    journal.append(entry())
    stop()
    journal.append(entry())
    expect(seen).toEqual([1])
  })
})

describe('the journal of an org', () => {
  it('ties request and Response together, with the message as it was sent', async () => {
    const idp = await startIdp()
    const app = await newApp(idp, { attributeStatements: [{ name: 'mail', values: ['user.email'] }] })
    const ada = await newPerson(idp)
    const cookie = await cookieOf(idp, ada)
    const answer = await get(redirectUrl(idp, requestXml(), { RelayState: 'r' }), { cookie })
    const html = await answer.text()
    const { entries } = await idp.org().journal.read()
    expect(entries).toMatchObject([
      {
        kind: 'authn-request-accepted',
        requestId: '_req1',
        details: { binding: 'HTTP-Redirect', relayState: 'r' },
        xml: requestXml(),
      },
      {
        kind: 'response-sent',
        requestId: '_req1',
        applicationId: app.id,
        userId: ada.id,
        details: {
          status: 'Success',
          nameId: 'ada@example.test',
          attributes: { mail: ['ada@example.test'] },
          relayState: 'r',
        },
      },
    ])
    expect(html).toContain(Buffer.from(entries[1]?.xml ?? '').toString('base64'))
    const session = cookie.split('=')[1] ?? '?'
    expect(JSON.stringify(entries)).not.toContain(session)
  })

  it('is its own: another org’s has nothing of it', async () => {
    const idp = await startIdp()
    await idp.client.orgs.create({ id: 'other' })
    await idp.org().metadata()
    expect((await idp.org('other').journal.read()).entries).toEqual([])
    expect((await idp.org().journal.read()).entries).toMatchObject([{ kind: 'metadata-served' }])
  })

  it('streams live, from where the reader was', async () => {
    const idp = await startIdp()
    await idp.org().metadata()
    await idp.org().metadata()
    const answer = await fetch(`${idp.url}/_idpact/v1/orgs/default/journal/stream`, {
      headers: { 'last-event-id': '1' },
    })
    const ids: string[] = []
    for await (const chunk of answer.body ?? []) {
      for (const [, id = ''] of Buffer.from(chunk as Uint8Array)
        .toString()
        .matchAll(/^id: (\d+)$/gm))
        ids.push(id)
      if (ids.length === 1) await idp.org().metadata()
      if (ids.length === 2) break
    }
    expect(ids).toEqual(['2', '3'])
  })
})
