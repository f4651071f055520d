/**
 * Provisioning as data: the connection to a SCIM server, what an application pushes and imports, its pushed groups,
 * import candidates and tasks. Shapes of the control API, beside `schema.ts`; named as in Okta's admin console.
 */
import { z } from 'zod'
import { appAttribute, mapping } from './profile-shapes.ts'

const url = z.url({ protocol: /^https?$/ }).max(2048)
/** Paths are put after it, and credentials have a place of their own. */
const baseUrl = url.refine((text) => {
  if (!URL.canParse(text)) return true
  const { search, hash, username, password } = new URL(text)
  return `${search}${hash}${username}${password}` === ''
}, 'must have no query, no fragment and no credentials')
const secret = z.string().min(1).max(10_000)
/** What can stand in a header (RFC 9110 5.5). */
const headerValue = secret.regex(
  /^[\t\x20-\x7e\x80-\xff]+$/,
  'must be what a header can carry: no line ends or control characters',
)
const ownHeaders =
  /^(?:host|connection|content-length|content-type|transfer-encoding|accept|accept-encoding|user-agent|te|trailer|upgrade|keep-alive|expect)$/i
const headerName = z
  .string()
  .max(100)
  .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'must be the name of a header')
  .refine((name) => !ownHeaders.test(name), 'must not be a header that every request has already')

export const scimAuth = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('basic'), username: z.string().min(1).max(1000), password: secret }),
  /** `value` goes out as it was typed: `Bearer …` or a bare token. */
  z.strictObject({
    type: z.literal('header'),
    name: headerName.default('Authorization'),
    value: headerValue,
  }),
  z.strictObject({
    type: z.literal('oauth2'),
    tokenUrl: url,
    /** As the SP documents it: it may have a query already, with raw spaces. */
    authorizationUrl: z.string().min(1).max(4096),
    clientId: z.string().min(1).max(1000),
    clientSecret: secret,
    /** How the client proves itself at the token endpoint (RFC 6749 2.3.1). */
    clientAuth: z.enum(['basic', 'body']).default('basic'),
    /** Where the SP sends the browser back to; the mock IdP's own callback when left out. */
    redirectUri: url.optional(),
  }),
])

/** Belongs to a registration: every application on it shares the connection and its token. */
export const newConnection = z.strictObject({
  baseUrl,
  auth: scimAuth,
  timeoutMs: z.int().min(100).max(600_000).default(60_000),
})

/** A connection as it is shown: no secret comes back. */
export const connection = z.object({
  registrationId: z.string(),
  baseUrl: z.string(),
  authType: z.enum(['basic', 'header', 'oauth2']),
  /** `not-authorized`: OAuth 2, and nobody has consented yet. */
  state: z.enum(['connected', 'not-authorized', 'needs-reauthentication', 'failed']),
  /** Why it is not connected, in the SP's words where it had any. */
  problem: z.string().optional(),
  redirectUri: z.string().optional(),
})

/** What was got at the SP's token endpoint elsewhere; for OAuth 2 without a browser. */
export const newTokens = z.strictObject({
  accessToken: secret,
  refreshToken: secret.optional(),
  expiresInSeconds: z.int().positive().optional(),
})

export const provisioningActions = z.strictObject({
  createUsers: z.boolean().default(false),
  updateUsers: z.boolean().default(false),
  deactivateUsers: z.boolean().default(false),
  syncPassword: z.boolean().default(false),
  pushGroups: z.boolean().default(false),
  importUsers: z.boolean().default(false),
})

export const importSettings = z.strictObject({
  /** Minutes between scheduled imports; `never`: only by hand. */
  schedule: z.union([z.literal('never'), z.int().min(1).max(10_080)]).default('never'),
  /** What makes an imported user and an Okta user the same. */
  matchOn: z.enum(['login', 'email']).default('login'),
})

/** The "Provisioning" tab of an application, and its half of the Profile Editor. */
export const provisioning = z.strictObject({
  persona: z.enum(['okta', 'okta-oin']).default('okta'),
  /** Expression of the application username, the SCIM userName; that of the SAML settings when left out. */
  userName: z.string().min(1).max(10_000).optional(),
  /** Field of the lookup: `userName eq "…"`. */
  uniqueField: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9.]{0,79}$/)
    .default('userName'),
  actions: provisioningActions.prefault({}),
  /** Custom attributes, beside the base attributes that every application has. */
  attributes: z.array(appAttribute).max(500).default([]),
  /** Okta user to application; those of the base attributes may be replaced. */
  mappings: z.array(mapping).max(500).default([]),
  /** Application to Okta user, at import. */
  importMappings: z.array(mapping).max(500).default([]),
  import: importSettings.prefault({}),
  /** Whether a linked group of another name is renamed to the Okta group's. */
  renameLinkedGroups: z.boolean().default(false),
})

export const pushedGroup = z.object({
  id: z.string(),
  groupId: z.string(),
  /** Of the group at the SP, once it is known. */
  externalId: z.string().optional(),
  name: z.string(),
  status: z.enum(['ACTIVE', 'INACTIVE', 'PUSHING', 'ERROR']),
  /** The rule that pushes it; left out: by name. */
  ruleId: z.string().optional(),
  problem: z.string().optional(),
})
export const newPushedGroup = z.strictObject({
  groupId: z.string().min(1).max(100),
  /** An existing group of the SP to link to; left out: the one of the same name, else a new one. */
  linkTo: z.string().min(1).max(1000).optional(),
})
export const pushRule = z.object({
  id: z.string(),
  name: z.string(),
  filter: z.object({ type: z.enum(['STARTS_WITH', 'EQUALS', 'CONTAINS', 'REGEX']), value: z.string() }),
  status: z.enum(['ACTIVE', 'INACTIVE']),
})
export const newPushRule = z.strictObject({
  name: z.string().min(1).max(200),
  filter: z.strictObject({ type: z.enum(['STARTS_WITH', 'EQUALS', 'CONTAINS', 'REGEX']), value: z.string().max(1000) }),
})

export const importCandidate = z.object({
  id: z.string(),
  externalId: z.string(),
  userName: z.string(),
  profile: z.record(z.string(), z.unknown()),
  match: z.enum(['EXACT', 'PARTIAL', 'NONE']),
  /** The Okta user that it matches. */
  userId: z.string().optional(),
  state: z.enum(['NEW', 'IGNORED']),
})
export const importConfirmation = z.strictObject({
  /** `link` joins the candidate to an Okta user; `create` makes one. */
  action: z.enum(['create', 'link']),
  /** For `link`; the matched one when left out. */
  userId: z.string().min(1).max(100).optional(),
})
export const importRun = z.object({
  taskId: z.string(),
  scanned: z.int(),
  added: z.int(),
  updated: z.int(),
  unchanged: z.int(),
  /** Gone from the SP since the last import. */
  removed: z.int(),
  /** Groups that the SP has. */
  groups: z.int(),
})

export const task = z.object({
  id: z.string(),
  applicationId: z.string(),
  kind: z.enum(['provision', 'update', 'deactivate', 'password', 'push-group', 'delete-group', 'import']),
  /** Id of the user or the group that it is about. */
  subject: z.string().optional(),
  /** `waiting`: for its time on the application's own clock; `blocked`: for the connection. */
  state: z.enum(['queued', 'running', 'waiting', 'blocked', 'failed']),
  attempts: z.int(),
  /** On the application's clock. */
  notBefore: z.string().optional(),
  /** What went wrong last, with the SP's own words. */
  problem: z.string().optional(),
  hint: z.string().optional(),
})

/** How much is still to do: `busy` is queued and running. */
export const taskCounts = z.object({
  busy: z.int(),
  waiting: z.int(),
  blocked: z.int(),
  failed: z.int(),
})

/** A call to the SCIM server with the connection's own credential: how tests look at it without having the token. */
export const scimCall = z.strictObject({
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']),
  /** Below the base URL, with its query: `/Users?startIndex=1&count=2`. */
  path: z.string().min(1).max(8192).startsWith('/'),
  headers: z.record(z.string(), z.string().max(8192)).default({}),
  body: z.unknown().optional(),
  /** `none` and `wrong` leave the credential out or spoil it. */
  credential: z.enum(['own', 'none', 'wrong']).default('own'),
})
export const scimAnswer = z.object({
  status: z.int(),
  headers: z.record(z.string(), z.string()),
  /** JSON where it is JSON, else the text. */
  body: z.unknown(),
})

const faultParams = z.record(
  z.string().max(200),
  z.union([z.string().max(10_000), z.number(), z.array(z.string().max(10_000)).max(1_000)]),
)
/** A mistake in the application's next requests that it can be made in. */
export const newArmedScimFault = z.strictObject({
  fault: z.string(),
  params: faultParams.default({}),
  /** How many requests; null: until cleared. */
  times: z.int().min(1).max(1_000_000).nullable().default(1),
})
export const armedScimFault = z.object({
  id: z.string(),
  fault: z.string(),
  params: faultParams,
  remaining: z.int().nullable(),
})

export type NewArmedScimFault = z.input<typeof newArmedScimFault>
export type ArmedScimFault = z.infer<typeof armedScimFault>
export type ScimAuth = z.infer<typeof scimAuth>
export type ConnectionSettings = z.infer<typeof newConnection>
export type NewConnection = z.input<typeof newConnection>
export type Connection = z.infer<typeof connection>
export type NewTokens = z.input<typeof newTokens>
export type StoredTokens = z.output<typeof newTokens>
export type Provisioning = z.infer<typeof provisioning>
export type NewProvisioning = z.input<typeof provisioning>
export type PushedGroup = z.infer<typeof pushedGroup>
export type NewPushedGroup = z.input<typeof newPushedGroup>
export type PushRule = z.infer<typeof pushRule>
export type NewPushRule = z.input<typeof newPushRule>
export type ImportCandidate = z.infer<typeof importCandidate>
export type ImportConfirmation = z.input<typeof importConfirmation>
export type ImportRun = z.infer<typeof importRun>
export type Task = z.infer<typeof task>
export type TaskCounts = z.infer<typeof taskCounts>
export type ScimCall = z.input<typeof scimCall>
export type ScimAnswer = z.infer<typeof scimAnswer>
