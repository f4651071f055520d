import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SaxesParser } from 'saxes'
import { describe, expect, it } from 'vitest'
import { evidenceFiles } from '../../src/report/evidence.ts'
import { clearReport, prepareFolder, writeReport } from '../../src/report/folder.ts'
import { renderJson } from '../../src/report/json.ts'
import { renderJunit } from '../../src/report/junit.ts'
import { reportSchema } from '../../src/report/model.ts'
import { renderHtml } from '../../src/report/page/page.ts'
import { compareXml, xmlLines } from '../../src/report/page/xml-lines.ts'
import { failure, login, response, sample, scenario } from './sample.ts'

interface Element {
  name: string
  attributes: Record<string, string>
  children: Element[]
  text: string
}

/** Parses strictly; throws on anything that is not well-formed XML. */
const parse = (xml: string): Element => {
  const root: Element = { name: '', attributes: {}, children: [], text: '' }
  const open = [root]
  const parser = new SaxesParser()
  parser.on('error', (error) => {
    throw error
  })
  parser.on('opentag', ({ name, attributes }) => {
    const element: Element = { name, attributes: { ...attributes } as Record<string, string>, children: [], text: '' }
    open.at(-1)?.children.push(element)
    open.push(element)
  })
  parser.on('text', (text) => {
    const last = open.at(-1)
    if (last) last.text += text
  })
  parser.on('closetag', () => void open.pop())
  parser.write(xml).close()
  return root.children[0] ?? root
}

const details = {
  logins: new Map([['one', [login('twin', 'https://sp.example.test/saml'), login('probe', 'https://other.test')]]]),
}

describe('report.json', () => {
  it('is what its schema says, and reads back the same', () => {
    expect(reportSchema.parse(JSON.parse(renderJson(sample())))).toEqual(sample())
  })

  it('is refused when it is not', () => {
    const wrong = { ...sample(), verdict: { ...sample().verdict, word: 'fine' } } as never
    expect(() => renderJson(wrong)).toThrowError(/verdict.word/)
  })
})

describe('junit.xml', () => {
  const suites = parse(renderJunit(sample()))
  const cases = suites.children.flatMap(({ children }) => children)
  const inner = (name: string) =>
    cases.find(({ attributes }) => attributes['name'] === `The audience is checked - Scenario ${name}`)?.children[0]

  it('has one suite a feature, with sums that fit', () => {
    expect(suites).toMatchObject({
      name: 'testsuites',
      attributes: { tests: '5', failures: '1', errors: '1', skipped: '1' },
    })
    expect(suites.children.map(({ attributes }) => attributes['name'])).toEqual(['Assertions', 'Metadata & keys'])
    for (const { children, attributes } of suites.children) expect(attributes['tests']).toBe(String(children.length))
  })

  it('shows failed as failure, inconclusive as error, what did not run as skipped with the reason', () => {
    expect(inner('one')).toMatchObject({
      name: 'failure',
      attributes: { type: 'login-accepted', message: '<b>ada@example.test</b> is logged in.' },
      text: expect.stringContaining('expected: Nobody is logged in.'),
    })
    expect(inner('two')).toMatchObject({ name: 'error', attributes: { type: 'timeout' } })
    expect(inner('three')).toMatchObject({
      name: 'skipped',
      attributes: { message: 'not-observable: Missing: reading "mail" & more.' },
    })
    expect(inner('four')).toMatchObject({ name: 'system-out' })
    expect(inner('five')).toBeUndefined()
  })

  it('survives every character that a service provider may answer with', () => {
    const nasty = `${Array.from({ length: 0x250 }, (_, code) => String.fromCharCode(code)).join('')}\uD800]]>\uFFFF𝄞`
    const xml = renderJunit(
      sample({
        scenarios: [scenario('one', { outcome: 'failed', name: nasty, failure: { ...failure, actual: nasty } })],
      }),
    )
    const shown = parse(xml).children[0]?.children[0]?.children[0]
    expect(shown?.attributes['message']).toContain('\n')
    expect(shown?.text).toContain(']]>')
    expect(shown?.text).toContain('𝄞')
  })
})

describe('report.html', () => {
  const page = renderHtml(sample(), details)

  it('says the verdict and one sentence first, then requirements and failures with all that is known', () => {
    expect(page).toMatch(/<h1>Not certified<\/h1>\s*<p class="sentence">It breaks 1 requirement/)
    for (const text of [
      'Nobody is logged in.',
      '&lt;b&gt;ada@example.test&lt;/b&gt; is logged in.',
      'Enter as the Audience URI.',
      'Compare the AudienceRestriction',
      'SAML Core 2.5.1.4',
      'npx idpact certify --scenario features/x.feature:12',
      'Give target.outbox: { driver: smtp }.',
      'It crashed &lt;on&gt; it.',
      'It cannot be deleted.',
      '25 % of it waiting for the service provider',
    ])
      expect(page).toContain(text)
  })

  it('shows first what the embedded SP was told to break, then what else is broken, as the contract has it', () => {
    const base = sample()
    const failed = (id: string, requirement: string) =>
      scenario(id, { outcome: 'failed', failure, requirements: [requirement], name: `Tests ${requirement}` })
    const report = {
      ...base,
      requirements: ['A-01', 'A-02', 'A-03'].map((id) => ({ ...base.requirements[0], id, outcome: 'failed' })),
      scenarios: [failed('x', 'A-02'), failed('y', 'A-03'), failed('z', 'A-01')],
    } as typeof base
    const shown = (defects: string[]) =>
      [
        ...renderHtml({ ...report, subject: { ...base.subject, defects } }, details).matchAll(
          /<article[^>]* id="s-(\w)"/g,
        ),
      ]
        .map(([, id]) => id)
        .join('')
    expect(shown([])).toBe('zxy')
    expect(shown(['A-03'])).toBe('yzx')
  })

  it('loads nothing, and runs one script of its own: no address but links to its own files', () => {
    const [markup = '', script] = page.split('<script>')
    expect(markup.replace(/<script type="application\/gzip"[^>]*>[\w+/=]*<\/script>/g, '')).not.toMatch(
      /<script|<img|<link|<iframe|@import|url\(|javascript:|\son\w+=["']/i,
    )
    expect(script?.match(/<\/script>/g)).toHaveLength(1)
    expect(script).not.toMatch(/https?:|fetch\(|XMLHttpRequest|import\(|^import /m)
    const addresses = [...page.matchAll(/\b(?:href|src|action|formaction|data)="([^"]*)"/g)].map(
      (match) => match[1] ?? '',
    )
    expect(addresses.length).toBeGreaterThan(5)
    for (const address of addresses)
      expect(address).toMatch(/^(#[\w-]+|evidence\/[\w.-]+|report\.json|junit\.xml|messages\.ndjson)$/)
    expect(page).toMatch(/default-src 'none'.*script-src 'sha256-[\w+/=]{44}'/)
  })

  it('links only to places that exist', () => {
    const ids = new Set([...page.matchAll(/\bid="([^"]*)"/g)].map((match) => match[1]))
    for (const [, id] of page.matchAll(/href="#([^"]*)"/g)) expect(ids).toContain(id)
  })

  it('marks the line in which the Response differs from its twin’s, and only that one', () => {
    const short = page.slice(page.indexOf('What differs between'), page.indexOf('Both messages, whole'))
    const rows = [...short.matchAll(/<tr class="real"><td>([\s\S]*?)<\/td><td>([\s\S]*?)<\/td>/g)]
    expect(rows.map(([, left, right]) => [left?.trim(), right?.trim()])).toEqual([
      [
        '&lt;saml2:Audience&gt;https://<mark>other.test</mark>&lt;/saml2:Audience&gt;',
        '&lt;saml2:Audience&gt;https://<mark>sp.example.test/saml</mark>&lt;/saml2:Audience&gt;',
      ],
    ])
  })

  it('tells once what happened to many scenarios that did not run', () => {
    const gone = { step: '(not begun)', expected: 'It answers.', actual: 'It is gone.', code: 'target-gone' }
    const scenarios = ['a', 'b', 'c'].map((id) => scenario(id, { outcome: 'inconclusive', attempts: 0, failure: gone }))
    const shown = renderHtml(sample({ scenarios }), details)
    expect(shown.match(/It is gone\./g)).toHaveLength(1)
    expect(shown).toContain('3 scenarios did not run')
  })
})

describe('two Responses beside each other', () => {
  const persons = { left: 'abc', right: 'abct' }
  const real = (left: string, right: string, who = persons) =>
    compareXml(left, right, who).filter(({ difference }) => difference === 'real')

  it('are alike but for ids, digests, times and the person', () => {
    const later = response('abct', 'https://a.test')
      .replaceAll('03:04:05', '03:04:07')
      .replaceAll('03:09:05', '03:09:07')
    const lines = compareXml(response('abc', 'https://a.test'), later, persons)
    expect(lines.some(({ difference }) => difference === 'other')).toBe(true)
    expect(real(response('abc', 'https://a.test'), later)).toEqual([])
  })

  it('differ in a time that is shifted, a line more and a line less', () => {
    const [good, expired] = [
      response('abct', 'https://a.test'),
      response('abc', 'https://a.test', '2026-01-02T02:09:05.000Z'),
    ]
    expect(real(expired, good).map(({ left, right }) => [left?.text, right?.text])).toEqual([
      [
        '<saml2:Conditions NotOnOrAfter="2026-01-02T02:09:05.000Z">',
        '<saml2:Conditions NotOnOrAfter="2026-01-02T03:09:05.000Z">',
      ],
    ])
    const same = { left: 'abct', right: 'abct' }
    const shorter = good.replace(/<saml2:NameID>.*<\/saml2:NameID>/, '')
    expect(real(shorter, good, same)).toMatchObject([
      { left: undefined, right: { text: expect.stringContaining('NameID') } },
    ])
    expect(real(good, shorter, same)).toMatchObject([
      { right: undefined, left: { text: expect.stringContaining('NameID') } },
    ])
  })

  it('are shown as they are when they are no XML', () => {
    expect(xmlLines('<a><b></a>').map(({ text }) => text)).toEqual(['<a>', '<b>', '</a>'])
    expect(xmlLines('<a x="1"><!--c--><b/>t&amp;</a>')).toEqual([
      { depth: 0, text: '<a x="1">' },
      { depth: 1, text: '<!--c-->' },
      { depth: 1, text: '<b/>' },
      { depth: 1, text: 't&amp;' },
      { depth: 0, text: '</a>' },
    ])
  })
})

describe('the folder of a report', () => {
  const write = async (folder: string, id: string) => {
    const evidence = evidenceFiles(id, [login('probe', 'https://other.test')], { apart: true })
    const report = sample({ evidence: evidence.map(({ content: _, ...entry }) => entry) })
    await writeReport(folder, { report, details, evidence, messages: ['{"meta":{}}', '{}'] })
    return report
  }

  it('holds what the report names, whole, with the right digests', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'idpact-report-'))
    const report = await write(folder, 'one')
    expect((await readdir(folder)).toSorted()).toEqual([
      'evidence',
      'junit.xml',
      'messages.ndjson',
      'report.html',
      'report.json',
    ])
    expect(await readdir(join(folder, 'evidence'))).toHaveLength(2)
    const { createHash } = await import('node:crypto')
    for (const { file, sha256 } of report.evidence)
      expect(
        createHash('sha256')
          .update(await readFile(join(folder, file)))
          .digest('hex'),
      ).toBe(sha256)
    expect(await readFile(join(folder, 'messages.ndjson'), 'utf8')).toBe('{"meta":{}}\n{}\n')
  })

  it('is emptied of the earlier report before a run, and of nothing else', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'idpact-report-'))
    await write(folder, 'one')
    await writeFile(join(folder, 'notes.txt'), 'mine')
    await writeFile(join(folder, 'evidence', 'mine.txt'), 'mine')
    await clearReport(folder)
    expect((await readdir(folder)).toSorted()).toEqual(['evidence', 'notes.txt'])
    expect(await readdir(join(folder, 'evidence'))).toEqual(['mine.txt'])
  })

  it('is made before the run, and refused then where it cannot be', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'idpact-report-'))
    await prepareFolder(join(folder, 'a', 'b'))
    expect(await readdir(join(folder, 'a'))).toEqual(['b'])
    await writeFile(join(folder, 'file'), 'mine')
    for (const place of [join(folder, 'file'), join(folder, 'file', 'below')])
      await expect(prepareFolder(place)).rejects.toMatchObject({ code: 'bad-report-folder', name: 'UsageError' })
    expect(await readFile(join(folder, 'file'), 'utf8')).toBe('mine')
  })

  it('does not follow names out of it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'idpact-report-'))
    await writeFile(join(folder, 'victim'), 'mine')
    await writeFile(
      join(folder, 'report.json'),
      JSON.stringify({ evidence: [{ file: 'evidence/../victim' }, { file: '../x' }] }),
    )
    await clearReport(folder)
    expect(await readdir(folder)).toEqual(['victim'])
  })
})
