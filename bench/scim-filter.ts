/**
 * `userName eq "…"` at the reference SP's SCIM server with 1,000, 10,000 and 100,000 accounts: constant time, from an
 * index. The same with a filter that has none, for comparison.
 *
 *   node bench/scim-filter.ts
 */
import type { Request } from 'express'
import { systemClock } from '../src/core/clock.ts'
import { cloudinaryProfile } from '../src/reference-sp/cloudinary/profile.ts'
import { listing } from '../src/reference-sp/scim/listing.ts'
import { createService } from '../src/reference-sp/service.ts'

const asked = (filter: string): Request => ({ query: { filter, startIndex: '1', count: '100' } }) as unknown as Request

interface Measured {
  accounts: number
  indexedUs: number
  scannedUs: number
}

const measure = async (accounts: number): Promise<Measured> => {
  const service = await createService(cloudinaryProfile, 'http://127.0.0.1', {
    ...{ database: ':memory:', metadata: undefined, defects: [], smtp: undefined, redirectUris: [] },
    ...{ accessTokenSeconds: undefined, clock: systemClock, onProblem: () => undefined },
  })
  const [sp] = service.organisations
  sp.store.transaction(() => {
    for (let i = 0; i < accounts; i++)
      sp.store.users.create({
        ...{ externalId: `User${i}@example.test`, email: `user${i}@example.test`, firstName: 'A', lastName: `B${i}` },
        ...{ role: 'reports', source: 'scim' as const },
      })
  })
  const each = (times: number, filterOf: (i: number) => string): number => {
    const begun = performance.now()
    for (let n = 0; n < times; n++) {
      const { totalResults } = listing(sp, 'Users', asked(filterOf((n * 7_919) % accounts)))
      if (totalResults !== 1) throw new Error(`expected one user, found ${totalResults}`)
    }
    return ((performance.now() - begun) * 1_000) / times
  }
  const byName = (i: number): string => `userName eq "user${i}@EXAMPLE.test"`
  each(1_000, byName)
  const indexedUs = each(5_000, byName)
  const scannedUs = each(2, (i) => `name.familyName eq "B${i}"`)
  await service.close()
  return { accounts, indexedUs, scannedUs }
}

if (import.meta.main) {
  console.log('userName eq at the SCIM server of the reference SP (a scan beside it)\n')
  const all = [await measure(1_000), await measure(10_000), await measure(100_000)]
  for (const { accounts, indexedUs, scannedUs } of all)
    console.log(
      `${String(accounts).padStart(7)} accounts  ${indexedUs.toFixed(0).padStart(5)} µs   scan ${scannedUs.toFixed(0).padStart(9)} µs`,
    )
  const ratio = (all[2]?.indexedUs ?? Number.NaN) / (all[0]?.indexedUs ?? Number.NaN)
  console.log(
    `\n${ratio < 2 ? 'reached' : 'MISSED '}  100,000 accounts take ${ratio.toFixed(2)} times what 1,000 take, aimed at constant`,
  )
}
