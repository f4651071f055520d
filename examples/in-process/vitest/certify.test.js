// Vitest: the app against what any SAML service provider must refuse and accept; here only some of it.
import { certifyApp } from 'idpact'
import { expect, it } from 'vitest'
import { createApp, entityId } from '../app.js'

it('keeps what it must', { timeout: 60_000 }, async () => {
  await using run = await certifyApp(
    { make: createApp },
    {
      ...{ acs: '/acs', entityId, session: '/me', start: '/login' },
      requirements: ['SAML-SIG-01', 'SAML-XSW-01', 'SAML-COR-01'],
    },
  )
  expect(run.failures).toEqual([])
})
