import type { PersonaStyle } from '../personas/persona.ts'
import type { ResponseDraft } from '../saml/draft.ts'
import type { SigningKey, SigningPlan } from '../saml/signing-plan.ts'

/** Where in the making of a Response a fault acts, in this order. */
export const faultStages = ['claims', 'signing', 'tamper', 'wire', 'flow'] as const
export type FaultStage = (typeof faultStages)[number]

export type Severity = 'critical' | 'high' | 'medium' | 'low' | 'info'
export type Expectation = 'reject' | 'accept' | 'reject-or-true-identity' | 'by-policy'

/** A parameter of a fault, as data: checked when the fault is armed, listed by `idpact faults`. */
export interface FaultParameter {
  title: string
  type: 'string' | 'string[]' | 'number'
  required: boolean
}

/** What a fault may use besides the message: no fault reads a clock or makes a key itself. */
export interface FaultContext {
  /** The mock IdP's time, in ms. */
  now: number
  /** SP clock minus mock-IdP clock, in ms, as measured from the SP's `Date` header; 0 when unknown. */
  spClockOffsetMs: number
  /** Another, unrelated service provider and identity provider, for messages that were meant for or made by others. */
  other: { spEntityId: string; acsUrl: string; idpEntityId: string }
  /** A key that no SP trusts, with a certificate of its own. */
  foreignKey: SigningKey
  /** A key that the identity provider has announced beside its own; there where a fault says which it needs. */
  announcedKey?: SigningKey | undefined
  /** The last Response that this user got at this application, byte for byte. */
  previousXml: string | undefined
}

export type FaultParams = Readonly<Record<string, string | number | readonly string[]>>

/** What the faults that edit a finished document know beside it: how it was made, so that it can be made again. */
export interface TamperContext extends FaultContext {
  message: { draft: ResponseDraft; plan: SigningPlan; style: PersonaStyle }
}

export interface FormPost {
  /** The ACS that the browser posts to. */
  action: string
  samlResponse: string
  relayState: string | undefined
  /** POST when left out. */
  method?: 'GET' | undefined
  /** How a browser encodes the form: application/x-www-form-urlencoded when left out. */
  enctype?: 'text/plain' | 'multipart/form-data' | undefined
  /** The fields to send in place of SAMLResponse: name and value, in this order. */
  fields?: readonly (readonly [name: string, value: string])[] | undefined
}

export interface FaultBase {
  /** Kebab-case; the name in steps, reports and `idpact faults`. */
  id: string
  /** A sentence about the message, not about the SP. */
  title: string
  severity: Severity
  expect: Expectation
  /** Clauses: `SAML Core 2.5.1.4`. */
  basis: readonly string[]
  /** The requirement of the contract `saml` that an SP breaks by taking it: `SAML-SIG-02`. */
  requirement?: string
  /**
   * What must be signed for the fault to mean anything: the Assertion, the Response, both, or exactly one of the two. Left
   * out: any of it.
   */
  signed?: 'assertion' | 'response' | 'both' | 'one'
  /** Which key it needs that the metadata have beside the one in use: the next one, or one that is too short. */
  needsKey?: 'next' | 'weak'
  /** Whether it means something only in a message whose Assertion is encrypted. */
  encrypted?: true
  /** The value of `expect` that says what this SP does about it, where that is for the SP to say. */
  knob?: string
  parameters?: Readonly<Record<string, FaultParameter>>
}

/**
 * One mistake that the mock IdP makes on purpose: a value, not a class. The stage decides what `apply` edits.
 * Everything else about the message stays valid, so that a refusal can only be for this.
 */
export type Fault = FaultBase &
  /** Edits the draft. Faults of the stages before `flow` throw a UsageError where they find nothing to spoil. */
  (
    | { stage: 'claims'; apply(draft: ResponseDraft, context: FaultContext, params: FaultParams): ResponseDraft }
    | { stage: 'signing'; apply(plan: SigningPlan, context: FaultContext, params: FaultParams): SigningPlan }
    | { stage: 'tamper'; apply(xml: string, context: TamperContext, params: FaultParams): string | Promise<string> }
    | { stage: 'wire'; apply(form: FormPost, context: FaultContext, params: FaultParams): FormPost }
    /** Replaces the whole message, after it was made. */
    | { stage: 'flow'; apply(xml: string, context: FaultContext, params: FaultParams): string }
  )

export type ClaimsFault = Extract<Fault, { stage: 'claims' }>

type Of<S extends FaultStage> = Omit<Extract<Fault, { stage: S }>, 'stage'>

export const claimsFault = (value: Of<'claims'>): Fault => ({ stage: 'claims', ...value })
export const signingFault = (value: Of<'signing'>): Fault => ({ stage: 'signing', ...value })
export const tamperFault = (value: Of<'tamper'>): Fault => ({ stage: 'tamper', ...value })
export const wireFault = (value: Of<'wire'>): Fault => ({ stage: 'wire', ...value })
export const flowFault = (value: Of<'flow'>): Fault => ({ stage: 'flow', ...value })

/** Gives a literal its type; nothing else. */
export const fault = <const F extends Fault>(value: F): F => value
