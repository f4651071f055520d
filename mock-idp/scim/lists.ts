import { idOf, jsonOf } from './answer.ts'
import { isObject, type Json } from './external-name.ts'
import { badAnswer } from './scim-failure.ts'
import { nameOf, type WireRequest, type WireResponse } from './transport.ts'

export interface Page {
  /** Of the whole list, as the server says. */
  totalResults: number
  resources: { id: string; resource: Json }[]
  /** How long the answer was, in characters. */
  length: number
}

/** No account that is tested has more people; a list that says so is a mistake or an attack. */
export const maxListed = 200_000

/** Characters of a whole list, which is kept until it has been read to its end: 1.3 kB for each of the most people. */
export const maxListLength = 256 * 1024 * 1024

/**
 * A ListResponse (RFC 7644 3.4.2). Names in lower case are taken, as Okta takes them; numbers must be numbers.
 *
 * @param count how many entries were asked for
 * @throws ScimFailure `bad-answer`
 */
export const pageOf = (request: WireRequest, response: WireResponse, count: number): Page => {
  const body = jsonOf(request, response)
  const refuse = (problem: string) =>
    badAnswer(`${nameOf(request)}: ${problem}`, 'RFC 7644 3.4.2 describes the ListResponse.')
  const totalResults = member(body, 'totalResults')
  if (typeof totalResults !== 'number' || !Number.isInteger(totalResults) || totalResults < 0)
    throw refuse(`expected totalResults to be a whole number, found ${JSON.stringify(totalResults) ?? 'none'}`)
  if (totalResults > maxListed) throw refuse(`totalResults is ${totalResults}; more than ${maxListed} are not read`)
  const resources = member(body, 'Resources') ?? []
  if (!Array.isArray(resources)) throw refuse('expected Resources to be a list')
  if (resources.length > count) throw refuse(`asked for ${count} entries, got ${resources.length}`)
  return {
    totalResults,
    length: response.text.length,
    resources: resources.map((resource: unknown) => {
      if (!isObject(resource)) throw refuse('expected every entry of Resources to be an object')
      return { id: idOf(request, resource), resource }
    }),
  }
}

const member = (body: Json, name: string): unknown => body[name] ?? body[name.toLowerCase()]

/**
 * Reads a list to its end, page by page. The list may change while it is read, others work at the SP too; endless lists
 * and lists that lie about their length are refused. An entry that comes twice is given once.
 *
 * @throws ScimFailure `bad-answer`, and what `read` throws
 */
export async function* allPages(
  read: (startIndex: number) => Promise<{ request: WireRequest; page: Page }>,
): AsyncGenerator<Page['resources']> {
  const seen = new Set<string>()
  let length = 0
  for (let startIndex = 1, total = 1; startIndex <= total; ) {
    const { request, page } = await read(startIndex)
    total = page.totalResults
    length += page.length
    if (length > maxListLength)
      throw badAnswer(`${nameOf(request)}: the pages of the list are longer than ${maxListLength} characters together`)
    const fresh = page.resources.filter(({ id }) => !seen.has(id))
    if (fresh.length === 0 && startIndex <= total)
      throw badAnswer(
        `${nameOf(request)}: totalResults is ${total}, but the page from ${startIndex} has ${page.resources.length === 0 ? 'no entry' : 'no entry that was not on a page before'}`,
        'startIndex counts entries from 1, and the order of a list must be stable (RFC 7644 3.4.2.4).',
      )
    for (const { id } of fresh) seen.add(id)
    if (seen.size > maxListed) throw badAnswer(`${nameOf(request)}: more than ${maxListed} entries came, and no end`)
    yield fresh
    startIndex += page.resources.length
  }
}
