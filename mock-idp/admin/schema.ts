/**
 * The shapes of the control API, once: the server checks requests with them, `client.ts` infers its types from them.
 * What exists is named as in Okta (users, groups, applications, assignments); what only a mock has is named as in
 * DESIGN (orgs, registrations, faults, sessions, journal).
 */
import { z } from 'zod'
import { dataAlgorithms, keyAlgorithms } from '../saml/encryption-plan.ts'
import { digestAlgorithms, signatureAlgorithms } from '../saml/signing-plan.ts'

const id = z.string().min(1).max(100)
const url = z.url({ protocol: /^https?$/ }).max(2048)

export const profileValue = z.union([
  z.string().max(10_000),
  z.number(),
  z.boolean(),
  z.array(z.string().max(10_000)).max(10_000),
])

/** Base attributes of Okta's user profile; any further one is a custom attribute. */
export const userProfile = z
  .object({
    login: z.string().min(1).max(320),
    email: z.string().min(1).max(320),
    firstName: z.string().max(1000).optional(),
    lastName: z.string().max(1000).optional(),
    displayName: z.string().max(1000).optional(),
  })
  .catchall(profileValue)

export const userStatus = z.enum(['STAGED', 'ACTIVE', 'SUSPENDED', 'DEPROVISIONED'])

export const user = z.object({ id, status: userStatus, profile: userProfile })
export const newUser = z.strictObject({
  profile: userProfile,
  status: userStatus.default('ACTIVE'),
  /** Applications that the user is assigned to from the start. */
  applicationIds: z.array(id).default([]),
})
/** A member set to null is removed from the profile. */
export const userChange = z.strictObject({
  status: userStatus.optional(),
  profile: z.record(z.string(), profileValue.nullable()).optional(),
})

/** Any attribute but these two is a custom one. */
export const groupProfile = z
  .object({ name: z.string().min(1).max(255), description: z.string().max(1024).optional() })
  .catchall(profileValue)
export const group = z.object({ id, profile: groupProfile })
export const newGroup = z.strictObject({ profile: groupProfile })
/** A member set to null is removed from the profile. */
export const groupChange = z.strictObject({ profile: z.record(z.string(), profileValue.nullable()) })

/** Values typed when a person is assigned. */
export const userAssignment = z.strictObject({ profile: z.record(z.string(), profileValue).optional() })
/** Values typed when a group is assigned, and its priority among the application's groups: 0 is the highest. */
export const groupAssignment = z.strictObject({
  profile: z.record(z.string(), profileValue).optional(),
  priority: z.int().min(0).max(100_000).optional(),
})

export const nameFormat = z.enum(['unspecified', 'basic', 'uri', 'none'])

/** `values` are expressions: `user.email`, `"a literal"`. An expression without a value contributes nothing. */
export const attributeStatement = z.strictObject({
  name: z.string().min(1).max(512),
  nameFormat: nameFormat.default('unspecified'),
  values: z.array(z.string().min(1).max(10_000)).min(1).max(100),
})

export const groupAttributeStatement = z.strictObject({
  name: z.string().min(1).max(512),
  nameFormat: nameFormat.default('unspecified'),
  filter: z.strictObject({
    type: z.enum(['STARTS_WITH', 'EQUALS', 'CONTAINS', 'REGEX']),
    value: z.string().max(1000),
  }),
  /** Okta leaves the attribute out when no group matches; `send` writes it without values. */
  whenEmpty: z.enum(['omit', 'send']).default('omit'),
})

export const nameIdFormat = z.enum(['unspecified', 'emailAddress', 'persistent', 'transient'])

/** Okta's "SAML Settings" of an application, field by field. */
export const samlSettings = z.strictObject({
  /** Single sign-on URL: the ACS. Also Recipient and Destination unless those are given. */
  ssoUrl: url,
  recipient: url.optional(),
  destination: url.optional(),
  /** Audience URI (SP Entity ID). */
  audience: z.string().min(1).max(2048),
  /** Other requestable SSO URLs; `index` answers AssertionConsumerServiceIndex. */
  requestableSsoUrls: z
    .array(z.strictObject({ url, index: z.int().min(0).max(65535) }))
    .max(100)
    .default([]),
  defaultRelayState: z.string().max(2048).optional(),
  nameIdFormat: nameIdFormat.default('unspecified'),
  /** Expression for the application username: the NameID. */
  applicationUsername: z.string().min(1).default('user.login'),
  responseSigned: z.boolean().default(true),
  assertionSigned: z.boolean().default(true),
  signatureAlgorithm: z.enum(signatureAlgorithms).default('rsa-sha256'),
  digestAlgorithm: z.enum(digestAlgorithms).default('sha256'),
  includeKeyInfo: z.boolean().default(true),
  honorForceAuthn: z.boolean().default(true),
  authnContextClassRef: z.string().default('urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport'),
  attributeStatements: z.array(attributeStatement).max(200).default([]),
  groupAttributeStatements: z.array(groupAttributeStatement).max(50).default([]),
  /** Issuers of AuthnRequests that mean this application; the audience when left out. */
  spEntityIds: z.array(z.string().min(1).max(2048)).max(20).optional(),
  /** PEM or bare base64; AuthnRequest signatures are verified against it. */
  spCertificate: z.string().max(20_000).optional(),
  requireSignedRequests: z.boolean().default(false),
  /** Single logout (SAML Profiles 4.4); off when left out. LogoutRequests of the SP are verified with `spCertificate`. */
  singleLogout: z
    .strictObject({
      /** Where the SP takes LogoutRequests. */
      url,
      /** Where it takes LogoutResponses; `url` when left out. */
      responseUrl: url.optional(),
      binding: z.enum(['HTTP-POST', 'HTTP-Redirect']).default('HTTP-POST'),
      /** Whether requests name the session; every session of the user otherwise. */
      sessionIndex: z.boolean().default(true),
    })
    .optional(),
  /** Assertions are encrypted for this key of the SP. */
  encryption: z
    .strictObject({
      /** PEM of a certificate or public key, or a certificate in bare base64: an RSA key. */
      certificate: z.string().max(20_000),
      dataAlgorithm: z.enum(dataAlgorithms).default('aes256-gcm'),
      keyAlgorithm: z.enum(keyAlgorithms).default('rsa-oaep'),
    })
    .optional(),
})

export const application = z.object({
  id,
  label: z.string(),
  registrationId: id,
  status: z.enum(['ACTIVE', 'INACTIVE']),
  /** All users of the org are assigned, as by Okta's built-in group Everyone. */
  everyone: z.boolean(),
  saml: samlSettings,
  /** Where a person, or a script, starts an IdP-initiated login. */
  appLink: z.string(),
})
export const newApplication = z.strictObject({
  label: z.string().min(1).max(100),
  /** The org's first registration when left out. */
  registrationId: id.optional(),
  everyone: z.boolean().default(false),
  saml: samlSettings,
})
/** A LogoutRequest for somebody who has logged in at the application. */
export const newLogoutRequest = z.strictObject({
  userId: id,
  /** That of the application when left out. */
  binding: z.enum(['HTTP-POST', 'HTTP-Redirect']).optional(),
  /** Where it is sent; the URL of the application when left out. */
  url: url.optional(),
  /** What is wrong with it: the id of a fault of the stage `logout`. */
  fault: z.string().max(100).optional(),
  relayState: z.string().max(2048).optional(),
  /** SP clock minus ours, in ms. */
  spClockOffsetMs: z.number().optional(),
})
/** As a browser carries it: `url` is gone to, or the fields are posted there. */
export const logoutRequest = z.object({
  id: z.string(),
  binding: z.enum(['HTTP-POST', 'HTTP-Redirect']),
  xml: z.string(),
  url: z.string(),
  fields: z.array(z.tuple([z.string(), z.string()])),
})

/** One of `metadataXml` and `metadataUrl`. */
export const newApplicationFromMetadata = z.strictObject({
  label: z.string().min(1).max(100),
  registrationId: id.optional(),
  everyone: z.boolean().default(false),
  metadataXml: z.string().max(1_000_000).optional(),
  metadataUrl: url.optional(),
})
export const applicationChange = z.strictObject({
  label: z.string().min(1).max(100).optional(),
  status: z.enum(['ACTIVE', 'INACTIVE']).optional(),
  everyone: z.boolean().optional(),
  /** Replaces the whole of the SAML settings. */
  saml: samlSettings.optional(),
})

/** What an SP trusts: the identity that it is configured with. Several applications may share one. */
export const registration = z.object({
  id,
  name: z.string(),
  entityId: z.string(),
  ssoUrl: z.string(),
  metadataUrl: z.string(),
  certificatePem: z.string(),
})
export const newRegistration = z.strictObject({
  name: z.string().regex(/^[a-z0-9_]{1,60}$/),
  entityId: z.string().min(1).max(1024).optional(),
})

export const org = z.object({ id, name: z.string(), registrations: z.array(registration) })
export const newOrg = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/),
  name: z.string().max(100).optional(),
  /** `plain` gives identifiers and URLs that look like no vendor's, to test SPs that expect Okta's shape. */
  shape: z.enum(['okta', 'plain']).default('okta'),
  entityId: z.string().min(1).max(1024).optional(),
})

export const session = z.object({
  id,
  userId: id,
  cookie: z.object({ name: z.string(), value: z.string() }),
  authnInstant: z.string(),
})
/** Of a user who is there, or of one who is made with it. */
export const newSession = z.union([z.strictObject({ userId: id }), z.strictObject({ user: newUser })])

export const armedFault = z.object({
  id,
  userId: id,
  fault: z.string(),
  params: z.record(z.string(), z.union([z.string(), z.number(), z.array(z.string())])),
  /** How many more Responses it will spoil; null: until cleared. */
  remaining: z.int().positive().nullable(),
})
export const newArmedFault = z.strictObject({
  userId: id,
  fault: z.string().min(1),
  params: armedFault.shape.params.default({}),
  times: z.int().positive().max(1_000_000).nullable().default(1),
  /** SP clock minus ours, in ms, for faults about time. */
  spClockOffsetMs: z.number().default(0),
})

export const faultInfo = z.object({
  id: z.string(),
  title: z.string(),
  stage: z.string(),
  severity: z.string(),
  expect: z.string(),
  basis: z.array(z.string()),
  parameters: z.record(z.string(), z.object({ title: z.string(), type: z.string(), required: z.boolean() })),
  /** The requirement of the contract `saml` that it is about. */
  requirement: z.string().optional(),
  /** What must be signed for it to mean anything. */
  signed: z.enum(['assertion', 'response', 'both', 'one']).optional(),
  /** Whether it needs an encrypted Assertion. */
  encrypted: z.literal(true).optional(),
  /** The knob that says what the SP does about it. */
  knob: z.string().optional(),
})

export const journalEntry = z.object({
  /** Grows by one for each entry of the org; `since` reads on from it. */
  seq: z.int(),
  at: z.string(),
  kind: z.enum([
    'metadata-served',
    'canary-called',
    'authn-request-accepted',
    'authn-request-refused',
    'sign-in',
    'response-sent',
    'logout-request-accepted',
    'logout-request-refused',
    'logout-request-sent',
    'logout-response',
    'user-not-assigned',
    'service-provider-registered',
    'directory-reloaded',
    'scim-request',
    'scim-connection',
    'task-ended',
    'error',
  ]),
  applicationId: z.string().optional(),
  userId: z.string().optional(),
  /** The AuthnRequest's ID, on both the request and the Response that answers it. */
  requestId: z.string().optional(),
  summary: z.string(),
  /** Decoded fields, redacted. */
  details: z.record(z.string(), z.unknown()),
  /** The message itself, where there is one. */
  xml: z.string().optional(),
  faults: z.array(z.string()).optional(),
})

export type NewLogoutRequest = z.input<typeof newLogoutRequest>
export type LogoutRequest = z.infer<typeof logoutRequest>
export type User = z.infer<typeof user>
export type NewUser = z.input<typeof newUser>
export type UserChange = z.input<typeof userChange>
export type Group = z.infer<typeof group>
export type NewGroup = z.input<typeof newGroup>
export type GroupChange = z.input<typeof groupChange>
export type SamlSettings = z.infer<typeof samlSettings>
export type NewSamlSettings = z.input<typeof samlSettings>
export type Application = z.infer<typeof application>
export type NewApplication = z.input<typeof newApplication>
export type ApplicationChange = z.input<typeof applicationChange>
export type Registration = z.infer<typeof registration>
export type NewRegistration = z.input<typeof newRegistration>
export type Org = z.infer<typeof org>
export type NewOrg = z.input<typeof newOrg>
export type Session = z.infer<typeof session>
export type ArmedFault = z.infer<typeof armedFault>
export type NewArmedFault = z.input<typeof newArmedFault>
export type FaultInfo = z.infer<typeof faultInfo>
export type JournalEntry = z.infer<typeof journalEntry>
