import { checkParams } from '../faults/catalogue.ts'
import type { Fault, FaultContext, FaultParams, FaultStage, FormPost, TamperContext } from '../faults/fault.ts'
import type { Persona } from '../personas/persona.ts'
import { encodeMessage } from './bindings.ts'
import type { ResponseDraft } from './draft.ts'
import { renderResponse } from './render.ts'
import type { SigningPlan } from './signing-plan.ts'

export interface ChosenFault {
  fault: Fault
  params: FaultParams
}

export interface RespondInput {
  /** See `draftResponse`. */
  draft: ResponseDraft
  plan: SigningPlan
  persona: Persona
  acsUrl: string
  relayState: string | undefined
  faults: readonly ChosenFault[]
  context: FaultContext
}

export interface RespondResult {
  /** What the browser posts. */
  form: FormPost
  /** The document in the form, unless a wire fault spoiled its encoding. */
  xml: string
  /** The draft as it was rendered: with the faults of the claims. */
  draft: ResponseDraft
  appliedFaults: string[]
}

const tamper = async (chosen: readonly ChosenFault[], context: TamperContext, signed: string): Promise<string> => {
  let xml = signed
  for (const { fault, params } of chosen) if (fault.stage === 'tamper') xml = await fault.apply(xml, context, params)
  return xml
}

/** Runs a value through the faults of one stage, in the order in which they were armed. */
const stage =
  (chosen: readonly ChosenFault[], context: FaultContext) =>
  <S extends Exclude<FaultStage, 'tamper'>, V extends Parameters<Extract<Fault, { stage: S }>['apply']>[0]>(
    name: S,
    value: V,
  ): V =>
    chosen
      .filter(({ fault }) => fault.stage === name)
      .reduce((current, { fault, params }) => {
        const apply = fault.apply as (value: V, context: FaultContext, params: FaultParams) => V
        return apply(current, context, params)
      }, value)

/**
 * From a draft to what the browser posts: claims → render and sign → tamper → wire → flow.
 *
 * @throws UsageError where a fault lacks a parameter or finds nothing to spoil: a message that is good by accident must
 * not pass for a faulty one
 */
export const respond = async (input: RespondInput): Promise<RespondResult> => {
  for (const { fault, params } of input.faults) checkParams(fault, params)
  const spoil = stage(input.faults, input.context)

  const draft = spoil('claims', input.draft)
  const plan = spoil('signing', input.plan)
  const signed = await renderResponse(draft, plan, input.persona.style)
  const { style } = input.persona
  const sent = await tamper(input.faults, { ...input.context, message: { draft, plan, style } }, signed)
  const form = spoil('wire', {
    action: input.acsUrl,
    samlResponse: encodeMessage(sent),
    relayState: input.relayState,
  } satisfies FormPost as FormPost)
  const xml = spoil('flow', sent)

  return {
    form: xml === sent ? form : { ...form, samlResponse: encodeMessage(xml) },
    xml,
    draft,
    appliedFaults: input.faults.map(({ fault }) => fault.id),
  }
}
