import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readWaivers } from '../../src/config/waivers.ts'
import { contracts } from '../../src/contracts/index.ts'

const now = Date.parse('2026-11-30T12:00:00Z')

const read = async (text: string) => {
  const file = join(await mkdtemp(join(tmpdir(), 'idpact-test-')), 'waivers.yaml')
  await writeFile(file, text)
  return readWaivers(file, { contracts, now })
}

const one = (requirement: string, expires: string): string =>
  `  - { requirement: ${requirement}, reason: It is known., approver: the board, expires: ${expires} }\n`

describe('waivers', () => {
  it('hold to the end of their last day', async () => {
    expect(await read(`waivers:\n${one('CLD-PROV-12', '2026-11-30')}`)).toEqual([
      { requirement: 'CLD-PROV-12', reason: 'It is known.', approver: 'the board', expires: '2026-11-30' },
    ])
  })

  it.each<[string, string, RegExp]>([
    [
      'an expired one',
      `waivers:\n${one('CLD-PROV-12', '2026-11-29')}`,
      /waivers\.yaml:2:\d+ .*CLD-PROV-12 expired on 2026-11-29/,
    ],
    [
      'one of an unknown requirement',
      `waivers:\n${one('CLD-PROV-122', '2027-01-01')}`,
      /CLD-PROV-122.*did you mean CLD-PROV-12/,
    ],
    [
      'two of one',
      `waivers:\n${one('CLD-PROV-12', '2027-01-01').repeat(2)}`,
      /waivers\.yaml:3:\d+ .*two waivers for CLD-PROV-12/,
    ],
    [
      'one without a reason',
      'waivers:\n  - { requirement: CLD-PROV-12, approver: me, expires: 2027-01-01 }',
      /reason is missing/,
    ],
    ['a day that is none', `waivers:\n${one('CLD-PROV-12', '2027-02-30')}`, /must be a day/],
    ['a word that there is not', `waivers:\n  - { requirement: CLD-PROV-12, until: 2027-01-01 }`, /until is unknown/],
    ['another file', 'contract: cloudinary@1', /contract is unknown/],
  ])('refuses %s', async (_title, text, says) => {
    await expect(read(text)).rejects.toThrowError(says)
  })
})
