/**
 * The shape of `idpact.yaml`. One schema for reading it, for the types of the program and for editors (JSON Schema).
 * The titles and descriptions are what an editor shows; keep them helpful.
 */
import { z } from 'zod'
import type { ContractRef } from '../contracts/index.ts'
import { parseSelector } from './selector.ts'

/** What idpact may do to a service provider that is not on this machine only when the user says so. */
export const consents = {
  settings: 'change account-wide settings of the service provider, and put them back',
  'admin-accounts': 'make accounts with an administrator role at the service provider',
  'heavy-payloads': 'send messages of up to five megabytes, or that expand to one, to the service provider',
} as const
export type Consent = keyof typeof consents
const consentNames = Object.keys(consents) as [Consent, ...Consent[]]

/** Addresses of generated people end here unless the user says otherwise: no mail can reach anyone (RFC 2606). */
export const defaultEmailDomain = 'example.test'

const text = z.string().min(1, 'must not be empty')
const httpUrl = z
  .string()
  .refine((value) => /^https?:\/\//i.test(value) && URL.canParse(value), 'must be an absolute http:// or https:// URL')
const url = httpUrl.refine(
  (value) => !URL.canParse(value) || new URL(value).username === '',
  'must not carry a user name or password; say them with headers or the driver’s own keys',
)
const urlTemplate = z
  .string()
  .refine(
    (value) => /^https?:\/\//i.test(value) && URL.canParse(value.replaceAll(/\{[a-z]+\}/gi, 'x')),
    'must be an absolute http:// or https:// URL; {placeholders} may stand in it',
  )
const pathOrUrl = z
  .string()
  .refine(
    (value) => value.startsWith('/') || /^https?:\/\//i.test(value),
    'must be a path that starts with / (below baseUrl), or an absolute URL',
  )
const pointer = z.string().regex(/^(\/.*)?$/, 'must be a JSON pointer: empty, or starting with / (RFC 6901)')
const selectorHelp = 'tag, #id, .class, [attr=value], together or one inside the other'
const selector = text.refine(
  (value) => parseSelector(value) !== undefined,
  `must be a CSS selector of the kind that idpact understands: ${selectorHelp}`,
)
const pointerOrSelector = text.refine(
  (value) => value.startsWith('/') || parseSelector(value) !== undefined,
  `must be a JSON pointer (/email) or a CSS selector: ${selectorHelp}`,
)
const status = z.int().min(100).max(599)
const statuses = z.array(status).min(1)
const headers = z.record(text, z.string())
const port = z.int().min(0).max(65535)

const oneOrMany = <T extends z.ZodType>(item: T) =>
  z.union([item.transform((value) => [value] as z.output<T>[]), z.array(item).min(1)])

/** One HTTP request of the `http` driver. `{placeholders}` stand in `url`, `headers` and `body`. */
export const operationSchema = z
  .strictObject({
    method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']).default('GET'),
    url: pathOrUrl.describe('Path below baseUrl, or absolute URL. {placeholders} are percent-encoded.'),
    headers: headers.optional(),
    body: z
      .json()
      .optional()
      .describe('JSON to send. A string that is one {placeholder} becomes the value; without a value it is left out.'),
    form: z.record(text, z.string()).optional().describe('Form fields to send, instead of a JSON body.'),
    at: pointer.default('').describe('JSON pointer to what is read in the answer; empty = the whole answer.'),
    next: pointer.optional().describe('JSON pointer to the URL of the next page of a list.'),
    ok: statuses.optional().describe('Statuses that mean done; otherwise all of 2xx.'),
    absent: statuses.default([404]).describe('Statuses that mean that there is no such thing.'),
    refused: statuses.default([400, 403, 409, 422]).describe('Statuses that mean that the SP says no.'),
  })
  .describe('One HTTP request')
export type HttpOperation = z.output<typeof operationSchema>

const moduleDriver = z.strictObject({
  driver: z.literal('module'),
  module: text.describe('Your own JavaScript or TypeScript file, relative to idpact.yaml.'),
})

/** Cloudsmith's API, for one organisation. */
const cloudsmithApi = z.strictObject({
  driver: z.literal('cloudsmith-api'),
  baseUrl: url.default('https://api.cloudsmith.io').describe('Up to and without /orgs/{org}'),
  organization: text.describe('The slug of the organisation.'),
  key: text.describe('An API key of an owner or manager.'),
})
export type CloudsmithApiConfig = z.output<typeof cloudsmithApi>

const accountPointers = z
  .strictObject({
    id: pointer.default('/id'),
    email: pointer.default('/email'),
    name: pointer.optional(),
    firstName: pointer.optional(),
    lastName: pointer.optional(),
    role: pointer.optional(),
    enabled: pointer.optional(),
    groups: pointer.optional().describe('Names of groups; a segment * means each element: /groups/*/name'),
    environments: pointer.optional(),
    source: pointer.optional(),
    twoFactor: pointer.optional(),
  })
  .prefault({})
  .describe('Where the parts of an account stand in its JSON')

const accountsSchema = z.discriminatedUnion('driver', [
  z.strictObject({
    driver: z.literal('cloudinary-provisioning-api'),
    baseUrl: url
      .default('https://api.cloudinary.com/v1_1/provisioning')
      .describe('Up to and without /accounts/{account_id}'),
    accountId: text,
    key: text,
    secret: text,
  }),
  z.strictObject({
    driver: z.literal('http'),
    baseUrl: url,
    headers: headers.optional(),
    account: accountPointers,
    find: operationSchema.optional().describe('{email}; or all accounts: idpact looks for the one that it means'),
    findById: operationSchema.optional().describe('{id}'),
    list: operationSchema.optional().describe('{prefix} of the e-mail address'),
    create: operationSchema.optional().describe('{email} {name} {role} {environments}'),
    update: operationSchema.optional().describe('{id} and what changes: {email} {name} {role} {enabled} {password}'),
    delete: operationSchema.optional().describe('{id}'),
    group: z
      .strictObject({
        id: pointer.default('/id'),
        name: pointer.default('/name'),
        members: pointer.default('/members/*/email').describe('E-mail addresses of the members'),
      })
      .prefault({}),
    groups: operationSchema.optional().describe('{prefix} of the name; with the members'),
    createGroup: operationSchema.optional().describe('{name}'),
    deleteGroup: operationSchema.optional().describe('{id}'),
    environment: z.strictObject({ id: pointer.default('/id'), name: pointer.default('/name') }).prefault({}),
    environments: operationSchema.optional(),
  }),
  cloudsmithApi,
  moduleDriver,
])

const groupSyncSchema = z.discriminatedUnion('driver', [cloudsmithApi, moduleDriver])

const onOff = z.strictObject({ on: operationSchema, off: operationSchema }).optional()

const adminSchema = z.discriminatedUnion('driver', [
  z.strictObject({
    driver: z.literal('http'),
    baseUrl: url,
    headers: headers.optional(),
    read: operationSchema.describe('Reads the settings as they are, so that they can be put back'),
    restore: operationSchema.describe('Puts them back: {snapshot} is what read gave'),
    saml: onOff,
    provisioning: onOff,
    enforce: onOff,
    scim: onOff,
    groupSync: onOff,
    metadata: z
      .strictObject({
        inline: operationSchema.optional().describe('{metadata}: the XML'),
        url: operationSchema.optional().describe('{url}'),
      })
      .optional(),
    twoFactor: onOff.describe('{id} of the account'),
  }),
  moduleDriver,
  cloudsmithApi,
  z.strictObject({ driver: z.literal('reference'), baseUrl: url, token: text }),
])

const scimAuthSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('basic'), username: text, password: text }),
  z.strictObject({
    type: z.literal('header'),
    name: text.default('Authorization'),
    value: text.describe('As it is sent: "Bearer …", or the bare token.'),
  }),
  z.strictObject({
    type: z.literal('oauth2'),
    authorizationUrl: text.describe('As the SP documents it; it may have a query, with raw spaces.'),
    tokenUrl: url,
    clientId: text,
    clientSecret: text,
    clientAuth: z.enum(['basic', 'body']).default('basic'),
    redirectUri: url
      .optional()
      .describe('Where the SP sends the browser back to; the mock IdP’s own address when left out.'),
  }),
])
export type ScimAuthConfig = z.output<typeof scimAuthSchema>

const consentSchema = z.discriminatedUnion('driver', [
  z
    .strictObject({
      driver: z.literal('pages'),
      email: text,
      password: text,
      accept: text.default('accept').describe('Text of the button that gives access, or a part of it.'),
      decline: text.default('decline').describe('Text of the button that does not.'),
    })
    .describe('idpact logs in with target.passwordLogin and presses the button of the consent page.'),
  z
    .strictObject({
      driver: z.literal('tokens'),
      accessToken: text,
      refreshToken: text.optional(),
      writeTo: text
        .optional()
        .describe('A file for the tokens that the SP gives instead of these, as JSON that only you can read.'),
    })
    .describe('Tokens that were got elsewhere: take them from the environment.'),
  moduleDriver,
])
export type ConsentConfig = z.output<typeof consentSchema>

const scimSchema = z.strictObject({
  baseUrl: url.describe('https://cloudinary.com/scim/v2: /Users and /Groups follow it.'),
  auth: scimAuthSchema,
  consent: consentSchema.optional().describe('For oauth2: how the consent is given.'),
  timeoutMs: z.int().min(100).max(600_000).default(60_000),
})
export type ScimConfig = z.output<typeof scimSchema>

const outboxSchema = z.discriminatedUnion('driver', [
  z.strictObject({
    driver: z.literal('smtp'),
    host: text.default('127.0.0.1').describe('Where idpact listens for mail; let the SP send its mail there.'),
    port: port.default(2525),
  }),
  z.strictObject({
    driver: z.literal('http'),
    baseUrl: url,
    headers: headers.optional(),
    read: operationSchema.describe('{to}: mail to this address; or all mail: idpact looks for what it means'),
    detail: operationSchema.optional().describe('{id}: one mail with its text, where the list lacks it'),
    mail: z
      .strictObject({
        id: pointer.optional(),
        to: pointer.default('/to'),
        subject: pointer.default('/subject'),
        text: pointer.default('/text'),
        html: pointer.optional(),
        receivedAt: pointer.optional(),
      })
      .prefault({}),
  }),
  moduleDriver,
])

const passwordLoginSchema = z.discriminatedUnion('driver', [
  z.strictObject({
    driver: z.literal('http'),
    url: url.describe('Where the form is posted to'),
    page: url.optional().describe('A page with the form, read first: its hidden fields (a CSRF token) are sent along.'),
    as: z.enum(['form', 'json']).default('form'),
    fields: z.record(text, z.string()).default({ email: '{email}', password: '{password}' }),
    secondFactor: selector
      .optional()
      .describe('CSS selector of what is only on the page that asks for a second factor: form[action="/login/otp"]'),
  }),
  moduleDriver,
])

const sessionSchema = z
  .strictObject({
    url: z
      .union([z.literal('acs'), url])
      .describe(
        'Says who is logged in: JSON, or a page. `acs`: the answer to the Response says it, and no session is kept.',
      ),
    identity: pointerOrSelector.describe('Who: a JSON pointer (/email) or a CSS selector (#user .email).'),
    role: pointerOrSelector.optional(),
    name: pointerOrSelector.optional(),
    loggedOutStatus: statuses.default([401, 403]).describe('Statuses that mean that nobody is logged in.'),
  })
  .superRefine((session, { addIssue }) => {
    for (const key of ['role', 'name'] as const)
      if (session[key] !== undefined && session[key].startsWith('/') !== session.identity.startsWith('/'))
        addIssue({
          code: 'custom',
          path: [key],
          message: 'must be of the same kind as identity: pointers, or selectors',
        })
  })

const ssoSetupSchema = z
  .strictObject({
    url: url.describe('Where the metadata of the IdP is saved, by the browser of whoever is logged in.'),
    as: z.enum(['form', 'json']).default('form'),
    fields: z.record(text, z.string()).default({ metadata: '{metadata}' }),
  })
  .describe('How an administrator of the SP saves the metadata in the browser, to show that nobody else can.')
export type SsoSetupConfig = z.output<typeof ssoSetupSchema>

const singleLogoutSchema = z.strictObject({
  post: url.optional().describe('Where it takes LogoutRequests by HTTP-POST.'),
  redirect: url.optional().describe('Where it takes them by HTTP-Redirect.'),
  start: url.optional().describe('Where a browser that is logged in goes to log out.'),
  certificate: text
    .optional()
    .describe('Its own certificate, PEM or base64: its logout messages are verified with it.'),
})
/** Single logout of an SP: where it takes LogoutRequests, by binding, and where a logout begins. */
export type SingleLogout = z.output<typeof singleLogoutSchema>

const samlSchema = z
  .strictObject({
    acs: oneOrMany(url).describe('ACS URLs: where the SP takes Responses.'),
    audience: oneOrMany(text).describe('Audience URIs (the SP entityID), one for each ACS URL or one for all.'),
    metadata: text.optional().describe('Its own metadata: a URL, or a file relative to idpact.yaml.'),
    singleLogout: singleLogoutSchema.optional().describe('Single logout, where it has that.'),
    encryptionKey: text
      .optional()
      .describe(
        'Key for which Assertions may be encrypted: PEM of a certificate or public key, or a certificate in base64.',
      ),
    start: oneOrMany(urlTemplate)
      .optional()
      .describe(
        'Where a login begins; {email} stands for the person, {acs} for the ACS URL. A list: one for each ACS.',
      ),
  })
  .superRefine((saml, { addIssue }) => {
    for (const key of ['audience', 'start'] as const) {
      const length = saml[key]?.length ?? 1
      if (length !== 1 && length !== saml.acs.length)
        addIssue({
          code: 'custom',
          path: [key],
          message: `has ${length} entries, and acs has ${saml.acs.length}; write one for all, or one for each`,
        })
    }
  })

const fixtureSchema = z.strictObject({
  role: text,
  email: z.email('must be an e-mail address'),
  password: text.optional(),
})

const httpSchema = z.strictObject({
  ca: text.optional().describe('PEM file of the authority that signed the SP’s certificate, relative to idpact.yaml.'),
  proxy: httpUrl.optional().describe('Proxy for everything that is not on this machine.'),
  headers: headers.default({}).describe('Sent to the target’s own hosts with every request.'),
  timeoutMs: z.int().min(1).max(600_000).default(10_000),
  maxBytes: z.int().min(1024).max(100_000_000).default(2_000_000).describe('The longest answer that is read.'),
  maxPerSecond: z.number().positive().max(10_000).optional(),
})

/** A second organisation (account, tenant) at the same service provider: for what must not cross. */
const tenantSchema = z
  .strictObject({
    saml: samlSchema.optional(),
    session: sessionSchema.optional(),
    accounts: accountsSchema.optional(),
    admin: adminSchema.optional(),
    groupSync: groupSyncSchema.optional(),
    scim: scimSchema.optional(),
    parameters: z.record(text, z.union([z.string(), z.array(z.string())])).default({}),
  })
  .describe('A second organisation at the same SP, which trusts an IdP of its own. What is left out is as above.')
export type TenantConfig = z.output<typeof tenantSchema>

export const targetSchema = z.strictObject({
  name: text.default('service provider'),
  version: z.string().optional(),
  http: httpSchema.prefault({}),
  saml: samlSchema.optional().describe('Left out for a service provider that has SCIM and no SAML.'),
  session: sessionSchema.optional(),
  passwordLogin: passwordLoginSchema.optional(),
  ssoSetup: ssoSetupSchema.optional(),
  accounts: accountsSchema.optional(),
  admin: adminSchema.optional(),
  groupSync: groupSyncSchema.optional().describe('How asserted groups are mapped to groups of the SP.'),
  outbox: outboxSchema.optional(),
  scim: scimSchema.optional(),
  settings: z.record(text, text).default({}).describe('How the SP is set, where idpact cannot set it.'),
  tenants: z.strictObject({ b: tenantSchema.optional() }).default({}),
  users: z
    .strictObject({
      emailDomain: z
        .string()
        .regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/i, 'must be a domain name')
        .default(defaultEmailDomain),
      fixtures: z.array(fixtureSchema).default([]).describe('Accounts that are there already and may be used.'),
      user: text.optional().describe('NameID of an account that there is, where logins make none: who logs in.'),
      victim: text.optional().describe('NameID of another one: in whose name messages are forged.'),
    })
    .refine(({ user, victim }) => (user === undefined) === (victim === undefined), 'needs user and victim, or neither')
    .refine(({ user, victim }) => user === undefined || user !== victim, 'user and victim must be two accounts')
    .prefault({}),
  settleMs: z.int().min(0).max(600_000).default(2000).describe('How long a change may take to be seen.'),
  asynchronous: z.boolean().default(false).describe('Whether changes arrive later: "unchanged" then waits settleMs.'),
})

export const idpSchema = z.strictObject({
  entityId: text.optional().describe('The entityID that the SP trusts.'),
  publicUrl: url.optional().describe('The mock IdP as the SP and its users reach it.'),
  keyFile: text.optional().describe('PEM file with the private key, relative to idpact.yaml.'),
})

export const waiverSchema = z.strictObject({
  requirement: text.describe('Its id: CLD-PROV-12.'),
  reason: text.describe('Why it may be released all the same.'),
  approver: text.describe('Who takes it on themselves.'),
  expires: z.iso
    .date('must be a day, such as 2027-01-31')
    .describe('The last day on which it holds. After it, the file is refused.'),
})
/** A failure that somebody takes on themselves for a while. */
export type Waiver = z.output<typeof waiverSchema>

/** The file itself. `parameters`, `expect` and `settings` are checked further against the contract. */
export const configSchema = z.strictObject({
  contract: z
    .string()
    .regex(
      /^[a-z][a-z0-9-]*@\d+$|\.ya?ml$/,
      'must be a contract and its version (cloudinary@1), or the file of your own (./my-sp.contract.yaml)',
    )
    .describe('What the SP promises, with its version: cloudinary@1; or the file of your own contract.'),
  idp: idpSchema.prefault({}),
  target: targetSchema.refine(
    ({ saml, scim }) => saml !== undefined || scim !== undefined,
    'needs saml or scim: what idpact is to speak with it',
  ),
  parameters: z.record(text, z.union([z.string(), z.array(z.string())])).default({}),
  allow: z.array(z.enum(consentNames)).default([]),
  expect: z.record(text, text).default({}),
  waivers: z
    .array(waiverSchema)
    .default([])
    .describe('Failures that somebody takes on themselves for a while; they stay failures.'),
  environment: z
    .enum(['test', 'production'])
    .default('test')
    .describe('production: certify and cleanup refuse it without --production.'),
})

export type Config = z.output<typeof configSchema>

/** A target as everything behind the config sees it: JSON, secrets in, paths absolute. Never print it. */
export type TargetConfig = z.output<typeof targetSchema> & {
  /** Values that must not be seen in any output. */
  secrets: readonly string[]
}
export type HttpConfig = TargetConfig['http']
export type AccountsConfig = NonNullable<TargetConfig['accounts']>
export type AdminConfig = NonNullable<TargetConfig['admin']>
export type OutboxConfig = NonNullable<TargetConfig['outbox']>
export type PasswordLoginConfig = NonNullable<TargetConfig['passwordLogin']>
export type SessionConfig = NonNullable<TargetConfig['session']>
export type Fixture = z.output<typeof fixtureSchema>

export interface ResolvedConfig {
  /** Absolute path of the file. */
  file: string
  contract: ContractRef
  /** Paths absolute. */
  idp: z.output<typeof idpSchema>
  target: TargetConfig
  parameters: Readonly<Record<string, string | string[]>>
  allow: readonly Consent[]
  /** Every knob of the contract: as declared, else the contract's default. */
  expect: Readonly<Record<string, string>>
  waivers: readonly Waiver[]
  environment: Config['environment']
}
