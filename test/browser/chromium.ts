/** A real browser, with no install step: the Chromium that a dev dependency brings. */
import chromium from '@sparticuz/chromium'
import { type Browser, type BrowserContextOptions, type Page, chromium as playwright } from 'playwright-core'

/** Its own list is for functions that serve one request: in one process, the browser ends with its first window. */
export const browserArgs = chromium.args.filter((arg) => arg !== '--single-process' && arg !== '--no-zygote')

export const launch = async (): Promise<Browser> =>
  playwright.launch({ executablePath: await chromium.executablePath(), args: browserArgs, headless: true })

export interface Opened {
  page: Page
  /** Errors of scripts, of the policy and of the console. */
  troubles: string[]
  /** Addresses that were asked for. */
  asked: string[]
}

/** Opens an address in a browser of its own: nobody else's cookies, no cache. */
export const open = async (browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<Opened> => {
  const context = await browser.newContext(options)
  const page = await context.newPage()
  const [troubles, asked]: [string[], string[]] = [[], []]
  page.on('pageerror', (error) => troubles.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') troubles.push(message.text())
  })
  page.on('request', (request) => asked.push(request.url()))
  await page.goto(url)
  return { page, troubles, asked }
}
