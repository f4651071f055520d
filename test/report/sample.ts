import type { LoginEvidence } from '../../src/core/evidence.ts'
import type { Report, ReportScenario } from '../../src/report/model.ts'

const counts = {
  failed: 0,
  inconclusive: 0,
  'not-observable': 0,
  warned: 0,
  informed: 0,
  'not-applicable': 0,
  passed: 0,
}

export const scenario = (id: string, more: Partial<ReportScenario> = {}): ReportScenario => ({
  id,
  feature: 'Assertions',
  rule: 'The audience is checked',
  name: `Scenario ${id}`,
  uri: 'features/cloudinary/assertions.feature',
  line: 12,
  tags: ['@saml', '@CLD-SAML-20'],
  requirements: ['CLD-SAML-20'],
  steps: [
    'Given a new user of the application',
    'When the user logs in',
    'Then the service provider refuses the login',
  ],
  outcome: 'passed',
  phase: 'defaults',
  attempts: 1,
  durationMs: 34,
  earlier: [],
  rerun: 'npx idpact certify --scenario features/x.feature:12',
  observations: [],
  evidence: [],
  ...more,
})

export const failure = {
  step: 'the service provider refuses the login',
  expected: 'Nobody is logged in.',
  actual: '<b>ada@example.test</b> is logged in.',
  hint: 'Compare the AudienceRestriction with the SP’s own entity ID.',
  clause: 'SAML Core 2.5.1.4',
  code: 'login-accepted',
}

/** A report with something in each of its parts. */
export const sample = (more: Partial<Report> = {}): Report => ({
  schemaVersion: 1,
  suite: { name: 'idpact', version: '0.1.0', featuresSha256: 'ab'.repeat(32) },
  runner: { node: '24.11.0', cucumber: '13.3.0', platform: 'linux-x64' },
  subject: {
    name: 'our staging SP',
    version: '2.4.1',
    urls: ['https://sp.example.test'],
    embedded: false,
    loopback: false,
    defects: [],
  },
  run: {
    id: 'r1',
    startedAt: '2026-01-02T03:04:05.678Z',
    finishedAt: '2026-01-02T03:04:09.678Z',
    command: 'idpact certify',
    seed: 7,
    filter: null,
    settings: [{ saml: 'on', enforce: 'off' }],
    certifying: true,
    configurationSha256: 'ef'.repeat(32),
  },
  verdict: {
    word: 'not-certified',
    sentence: 'It breaks 1 requirement that it must keep: CLD-SAML-20.',
    reasons: ['1 requirement broken: CLD-SAML-20.', '1 requirement could not be observed: CLD-SAML-10.'],
    exitCode: 1,
    interrupted: false,
  },
  summary: {
    requirements: { ...counts, failed: 1, 'not-observable': 1, passed: 1 },
    scenarios: { ...counts, failed: 1, inconclusive: 1, 'not-observable': 1, warned: 1, passed: 1 },
    durationMs: 4000,
    waitingForSpMs: 1000,
  },
  contracts: [
    {
      id: 'cloudinary',
      version: 1,
      title: 'Cloudinary',
      areas: [{ id: 'saml-sso', title: 'SAML login' }],
      verdict: 'not-certified',
      counts,
      sha256: '12'.repeat(32),
    },
  ],
  requirements: [
    {
      id: 'CLD-SAML-20',
      title: 'An assertion for another audience is refused.',
      keyword: 'MUST',
      severity: 'high',
      contract: 'cloudinary',
      area: 'saml-sso',
      source: { document: 'SAML login, 2025', quote: 'Enter as the Audience URI.' },
      outcome: 'failed',
      scenarios: ['one', 'two', 'four', 'five'],
    },
    {
      id: 'CLD-SAML-10',
      title: 'A new master admin is sent an invitation.',
      keyword: 'MUST',
      severity: 'high',
      contract: 'cloudinary',
      area: 'saml-sso',
      source: { document: 'SAML login, 2025', quote: 'will automatically get an invitation' },
      outcome: 'not-observable',
      scenarios: ['three'],
    },
  ],
  scenarios: [
    scenario('one', {
      outcome: 'failed',
      failure,
      twin: { user: 'the user', verdict: 'accepted as the signed identity', faults: [] },
      evidence: ['evidence/one-1-twin.json', 'evidence/one-2-probe.json'],
    }),
    scenario('two', {
      feature: 'Metadata & keys',
      outcome: 'inconclusive',
      failure: {
        step: 'the user logs in',
        expected: 'An answer.',
        actual: 'None in 10 s.\u0000\u001b',
        code: 'timeout',
      },
    }),
    scenario('three', {
      outcome: 'not-observable',
      requirements: ['CLD-SAML-10'],
      attempts: 0,
      phase: '',
      reason: 'Missing: reading "mail" & more.',
    }),
    scenario('four', { outcome: 'warned', failure }),
    scenario('five'),
  ],
  evidence: [
    { kind: 'login-probe', mediaType: 'application/json', file: 'evidence/one-2-probe.json', sha256: 'cd'.repeat(32) },
  ],
  notObservable: [
    {
      requirement: 'CLD-SAML-10',
      scenario: 'three',
      needs: ['outbox.read'],
      without: ['outbox.read'],
      how: 'Give target.outbox: { driver: smtp }.',
    },
  ],
  findings: [{ code: 'crashed', severity: 'high', message: 'It crashed <on> it.', scenarios: ['one'] }],
  leftovers: [{ kind: 'account', name: 'p-user@example.test', note: 'It cannot be deleted.' }],
  history: [],
  reproduce: "npx idpact certify --seed 7 --tags '@a & @b'",
  ...more,
})

export const login = (role: LoginEvidence['role'], audience: string, responseXml?: string): LoginEvidence => ({
  role,
  user: `the user (p-${role === 'twin' ? 'abct' : 'abc'}-user@example.test)`,
  flow: 'idp-initiated',
  faults: role === 'probe' ? ['wrong-audience'] : [],
  verdict: 'accepted as the signed identity',
  identity: `p-${role === 'twin' ? 'abct' : 'abc'}-user@example.test`,
  responseXml: responseXml ?? response(role === 'twin' ? 'abct' : 'abc', audience),
  exchanges: [
    {
      at: '2026-01-02T03:04:05.678Z',
      method: 'POST',
      url: 'https://sp.example.test/saml/consume',
      requestHeaders: { cookie: '[redacted]' },
      requestBody: 'SAMLResponse=PHNhbWw',
      status: 302,
      responseHeaders: { location: '/' },
      responseBody: '</pre><img src=x onerror=alert(1)>',
      durationMs: 12.4,
    },
  ],
})

export const response = (key: string, audience: string, expires = '2026-01-02T03:09:05.000Z'): string =>
  `<?xml version="1.0" encoding="UTF-8"?><saml2p:Response Destination="https://sp.example.test/saml/consume" ID="id${key}111" IssueInstant="2026-01-02T03:04:05.000Z" Version="2.0" xmlns:saml2p="urn:oasis:names:tc:SAML:2.0:protocol"><saml2:Assertion xmlns:saml2="urn:oasis:names:tc:SAML:2.0:assertion"><ds:DigestValue xmlns:ds="http://www.w3.org/2000/09/xmldsig#">${key}=</ds:DigestValue><saml2:NameID>p-${key}-user@example.test</saml2:NameID><saml2:Conditions NotOnOrAfter="${expires}"><saml2:Audience>${audience}</saml2:Audience></saml2:Conditions></saml2:Assertion></saml2p:Response>`
