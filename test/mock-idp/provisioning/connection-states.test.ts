import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createJournal } from '../../../mock-idp/journal/journal.ts'
import { connectionStates } from '../../../mock-idp/provisioning/connection-states.ts'
import { openStore, type Store } from '../../../mock-idp/store/store.ts'
import { systemClock } from '../../../src/core/clock.ts'

let folder: string
let store: Store
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'idpact-states-'))
  store = openStore(join(folder, 'idp.sqlite'))
})
afterEach(() => {
  store.close()
  rmSync(folder, { recursive: true, force: true })
})

test('new tokens are on the disk when they are kept, also among what is still on its way there', () => {
  const registration = { id: 'exk1', org: 'one', name: 'main', entityId: 'urn:one' }
  store.orgs.create({ id: 'one', name: 'One', shape: 'okta' }, systemClock.now())
  store.orgs.addRegistration(registration)
  const journal = createJournal(systemClock)
  const states = connectionStates({ store, journal: () => journal }, () => undefined)
  const auth = {
    ...{ type: 'oauth2' as const, tokenUrl: 'https://sp.test/token', authorizationUrl: 'https://sp.test/auth' },
    ...{ clientId: 'c', clientSecret: 's', clientAuth: 'basic' as const },
  }
  states.set(registration, { baseUrl: 'https://sp.test/scim', auth, timeoutMs: 1_000 })
  const onDisk = () => {
    const other = openStore(join(folder, 'idp.sqlite'))
    const found = other.connections.get('exk1')?.tokens
    other.close()
    return found
  }
  store.soon(() => undefined)
  states.renewed(registration, { accessToken: 'a1', refreshToken: 'r1' })
  expect(onDisk()).toEqual({ accessToken: 'a1', refreshToken: 'r1' })
  store.soon(() => undefined)
  states.good(registration, { accessToken: 'a2' })
  expect(onDisk()).toEqual({ accessToken: 'a2' })
})
