/** report.html as somebody sees it: in a real browser, from disk. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { LoginEvidence } from '../../src/core/evidence.ts'
import { writeReport } from '../../src/report/folder.ts'
import type { ReportRequirement } from '../../src/report/model.ts'
import { failure, login, sample, scenario } from '../report/sample.ts'
import { launch, open } from './chromium.ts'

const [base] = sample().requirements as [ReportRequirement]
const requirement = (id: string, more: Partial<ReportRequirement>): ReportRequirement => ({
  ...base,
  ...{ id, scenarios: [id.toLowerCase()], outcome: 'passed' as const },
  ...more,
})

const report = sample({
  contracts: sample().contracts.map((contract) => ({
    ...contract,
    areas: [
      { id: 'saml-sso', title: 'SAML login' },
      { id: 'mail', title: 'Mail' },
    ],
  })),
  requirements: [
    requirement('A-01', { outcome: 'failed', severity: 'critical', title: 'An audience is looked at.' }),
    requirement('A-02', { outcome: 'failed', severity: 'high', title: 'A signature is looked at.' }),
    requirement('A-03', { title: 'A good login is let in.' }),
    requirement('B-01', { area: 'mail', title: 'A letter is sent.' }),
  ],
  scenarios: [
    scenario('a-01', { requirements: ['A-01'], outcome: 'failed', failure, name: 'Of somebody else' }),
    scenario('a-02', { requirements: ['A-02'], outcome: 'failed', failure, name: 'With another key' }),
    scenario('a-03', { requirements: ['A-03'] }),
    scenario('b-01', { requirements: ['B-01'] }),
  ],
  summary: {
    ...sample().summary,
    requirements: { ...sample().summary.requirements, failed: 2, passed: 2, 'not-observable': 0 },
  },
  notObservable: [],
  findings: [],
  history: Array.from({ length: 3 }, (_, at) => ({
    ...{ run: `r${at}`, startedAt: `2026-01-0${at + 1}T00:00:00.000Z`, verdict: 'certified' as const, durationMs: 1 },
    requirements: { ...sample().summary.requirements, failed: 0, passed: 4, 'not-observable': 0 },
  })),
})
const logins = new Map<string, LoginEvidence[]>(
  report.scenarios.map(({ id }) => [
    id,
    [login('twin', 'https://sp.example.test/saml'), login('probe', 'https://other.test')],
  ]),
)

let browser: Browser
let folder: string
let url: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'idpact-page-'))
  await writeReport(folder, { report, details: { logins }, evidence: [], messages: [] })
  url = pathToFileURL(join(folder, 'report.html')).href
  browser = await launch()
}, 60_000)
afterAll(async () => {
  await browser.close()
  await rm(folder, { recursive: true, force: true })
})

const shownRows = (page: Page): Promise<string[]> =>
  page.$$eval('tr[data-outcome]', (rows) => rows.filter((row) => row.checkVisibility()).map(({ id }) => id))
const shownArticles = (page: Page): Promise<string[]> =>
  page.$$eval('article', (all) => all.filter((one) => one.checkVisibility()).map(({ id }) => id))

describe('report.html in a browser', () => {
  it('opens from disk, asks for nothing else, and no policy or script complains', async () => {
    const { page, troubles, asked } = await open(browser, url)
    expect(await page.textContent('h1')).toBe('Not certified')
    expect(troubles).toEqual([])
    expect(asked).toEqual([url])
    await page.context().close()
  })

  it('shows at first what needs a look, and everything when asked', async () => {
    const { page } = await open(browser, url)
    expect(await shownRows(page)).toEqual(['A-01', 'A-02'])
    await page.uncheck('#only')
    expect(await shownRows(page)).toEqual(['A-01', 'A-02', 'A-03', 'B-01'])
    await page.context().close()
  })

  it('is filtered by text, area, severity and outcome, also what is told of failures', async () => {
    const { page } = await open(browser, url)
    await page.keyboard.press('/')
    await page.keyboard.type('Of somebody ELSE')
    expect(await shownRows(page)).toEqual(['A-01'])
    expect(await shownArticles(page)).toEqual(['s-a-01'])
    expect(await page.textContent('#f-count')).toBe('1 of 4 requirements')
    expect(await page.locator('a.cell.out').count()).toBe(3)
    await page.keyboard.press('Escape')
    expect(await shownArticles(page)).toHaveLength(2)
    await page.selectOption('#f-area', 'cloudinary-mail')
    expect(await shownRows(page)).toEqual(['B-01'])
    await page.click('button[type=reset]')
    await page.selectOption('#f-severity', 'critical')
    expect(await shownRows(page)).toEqual(['A-01'])
    await page.click('button[type=reset]')
    await page.uncheck('input[value=failed]')
    expect(await shownRows(page)).toEqual(['A-03', 'B-01'])
    expect(await shownArticles(page)).toEqual([])
    await page.context().close()
  })

  it('shows what a link leads to, also where it was hidden', async () => {
    const { page } = await open(browser, url)
    await page.click('a.cell[data-id="B-01"]')
    expect(await page.locator('#B-01').isVisible()).toBe(true)
    await page.fill('#f-text', 'signature')
    expect(await page.locator('#A-03').isVisible()).toBe(false)
    await page.evaluate(() => {
      location.hash = '#A-03'
    })
    await page.locator('#A-03').waitFor({ state: 'visible' })
    await page.context().close()
  })

  it('unpacks what was sent in a scenario that went well; what is in it is no markup', async () => {
    const { page, troubles } = await open(browser, `${url}#A-03`)
    await page.click('#A-03 summary')
    await page.click('#A-03 details.lazy > summary')
    await page.locator('#A-03 tr.real').first().waitFor()
    expect(await page.locator('#A-03 mark').allTextContents()).toEqual(
      Array(2).fill(['other.test', 'sp.example.test/saml']).flat(),
    )
    expect(await page.locator('#A-03 pre').allTextContents()).toContainEqual(
      expect.stringContaining('</pre><img src=x onerror=alert(1)>'),
    )
    expect(await page.locator('img').count()).toBe(0)
    expect(troubles).toEqual([])
    await page.context().close()
  })

  it('shows failures with all that is known without any script', async () => {
    const { page } = await open(browser, url, { javaScriptEnabled: false })
    const article = page.locator('#s-a-01')
    for (const text of ['Nobody is logged in.', 'Enter as the Audience URI.', 'SAML Core 2.5.1.4', 'its twin,'])
      expect(await article.textContent()).toContain(text)
    expect(await article.locator('li.ended').textContent()).toBe('Then the service provider refuses the login')
    expect(await page.locator('#filters').isVisible()).toBe(false)
    await page.context().close()
  })

  it.each([
    ['a phone', { viewport: { width: 360, height: 740 } }],
    ['a wide screen, dark', { viewport: { width: 1600, height: 900 }, colorScheme: 'dark' as const }],
  ])('is as wide as %s', async (_name, options) => {
    const { page } = await open(browser, url, options)
    const [content, window] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth])
    expect(content).toBeLessThanOrEqual(window ?? 0)
    await page.context().close()
  })

  it('is in the dark dark', async () => {
    const background = async (colorScheme: 'dark' | 'light'): Promise<string> => {
      const { page } = await open(browser, url, { colorScheme })
      const colour = await page.evaluate(() => getComputedStyle(document.body).backgroundColor)
      await page.context().close()
      return colour
    }
    expect(await background('light')).toBe('rgb(255, 255, 255)')
    expect(await background('dark')).toBe('rgb(20, 23, 27)')
  })

  it('on paper shows every requirement, and nothing to press', async () => {
    const { page } = await open(browser, url)
    await page.emulateMedia({ media: 'print' })
    expect(await shownRows(page)).toHaveLength(4)
    expect(await page.locator('#filters').isVisible()).toBe(false)
    await page.context().close()
  })

  it('is told to a screen reader: one main, headings in order, a name for everything that can be pressed', async () => {
    const { page } = await open(browser, url)
    const levels = await page.$$eval('h1, h2, h3, h4', (all) => all.map(({ tagName }) => Number(tagName.slice(1))))
    expect(levels[0]).toBe(1)
    for (const [at, level] of levels.entries()) expect(level - (levels[at - 1] ?? level)).toBeLessThanOrEqual(1)
    expect(await page.locator('main').count()).toBe(1)
    const nameless = await page.$$eval('a, button, summary, input, select', (all) =>
      all
        .filter((one) => {
          const label = one.closest('label')?.textContent ?? ''
          return `${one.getAttribute('aria-label') ?? ''}${one.textContent}${label}`.trim() === ''
        })
        .map((one) => one.outerHTML),
    )
    expect(nameless).toEqual([])
    const cells = await page.$$eval('a.cell', (all) => all.map((one) => one.getAttribute('aria-label')))
    expect(cells[0]).toBe('A-01, failed')
    await page.context().close()
  })

  it('shows the trend of earlier runs, also as a table', async () => {
    const { page } = await open(browser, url)
    expect(await page.locator('svg.trend g').count()).toBe(4)
    await page.click('figure summary')
    expect(await page.locator('figure details tbody tr').count()).toBe(4)
    await page.context().close()
  })
})
