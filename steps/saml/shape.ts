import type { FaultInfo } from '../../mock-idp/admin/schema.ts'
import { randomBase62 } from '../../src/core/ids.ts'
import type { Attempt, LoginWay } from '../login.ts'
import { describeVerdict, logInBySaml } from '../login.ts'
import { namesOf } from '../names.ts'
import { inconclusive, notApplicable } from '../outcome.ts'
import type { Run } from '../run.ts'
import { newScene, personIn } from '../scene.ts'
import { describeAnswer } from '../verdict.ts'
import type { IdpactWorld } from '../world.ts'

/** What is signed, and where a login begins: found out by trying what the SP accepts, before anything is made wrong. */
export interface Shapes {
  accepted: readonly Placement[]
  /** The same with an encrypted Assertion. */
  encrypted: readonly Placement[]
  flow: LoginWay['flow']
  /** Whether Responses that nobody asked for are accepted. */
  unsolicited: boolean
}

const placements = {
  both: { response: true, assertion: true },
  assertion: { response: false, assertion: true },
  response: { response: true, assertion: false },
} as const
export type Placement = keyof typeof placements
const all = Object.keys(placements) as Placement[]

const known = new WeakMap<Run, Promise<Shapes>>()

/** What the SP accepts; tried once for each process of a run. */
export const shapesOf = (world: IdpactWorld): Promise<Shapes> => {
  const { run } = world
  const shapes = known.get(run) ?? discover(world)
  known.set(run, shapes)
  // Trouble on the way is not for ever.
  shapes.catch(() => known.delete(run))
  return shapes
}

const discover = async (world: IdpactWorld): Promise<Shapes> => {
  const declared = world.context.expect['saml.flow']
  const flows = (['idp-initiated', 'sp-initiated'] as const).filter(
    (flow) => flow !== 'sp-initiated' || world.run.target.start !== undefined,
  )
  const attempts: Attempt[] = []
  const acceptedBy = new Map<LoginWay['flow'], Placement[]>()
  for (const flow of flows) {
    // Logins that begin at the SP are tried where others are not let in, or where they are what is wanted.
    const wanted = flow === 'idp-initiated' || declared === flow || acceptedBy.get('idp-initiated')?.length === 0
    if (!wanted) continue
    const accepted: Placement[] = []
    for (const placement of all) {
      const attempt = await tryPlacement(world, placement, flow)
      attempts.push(attempt)
      if (attempt.verdict.kind === 'signed-identity') accepted.push(placement)
    }
    acceptedBy.set(flow, accepted)
  }
  const unsolicited = (acceptedBy.get('idp-initiated')?.length ?? 0) > 0
  const flow =
    declared === 'sp-initiated' || (declared !== 'idp-initiated' && !unsolicited) ? 'sp-initiated' : 'idp-initiated'
  const accepted = acceptedBy.get(flow) ?? []
  if (accepted.length > 0)
    return { accepted, encrypted: await acceptedEncrypted(world, accepted, flow), flow, unsolicited }
  throw nothingAccepted(attempts)
}

const acceptedEncrypted = async (
  world: IdpactWorld,
  accepted: readonly Placement[],
  flow: LoginWay['flow'],
): Promise<Placement[]> => {
  if (world.run.target.acs.encryptionKey === undefined) return []
  const found: Placement[] = []
  for (const placement of accepted) {
    const { verdict } = await tryPlacement(world, placement, flow, true)
    if (verdict.kind === 'signed-identity') found.push(placement)
  }
  return found
}

const tryPlacement = async (
  world: IdpactWorld,
  placement: Placement,
  flow: LoginWay['flow'],
  encrypted = false,
): Promise<Attempt> => {
  await world.changeApplication({ signed: placements[placement], encrypted })
  const scene = newScene(namesOf(world.context, randomBase62(6).toLowerCase()), false, world.contract)
  return logInBySaml(world, personIn(scene, 'the user'), { flow }, 'setup')
}

const nothingAccepted = (attempts: readonly Attempt[]) => {
  const [first] = attempts
  const answer =
    first === undefined ? 'No login was tried.' : `${describeVerdict(first.verdict)}; ${describeAnswer(first)}`
  return inconclusive({
    code: 'no-shape-accepted',
    expected: 'The service provider accepts a good login, with Response, Assertion or both of them signed.',
    actual: `It accepted none of ${attempts.length}. The first was ${answer}`,
    hint: 'Give the service provider the metadata of the mock IdP (idpact metadata), and see that ACS, entity ID and session URL are right, and that the session says at target.session.identity (--identity) who is logged in: where that place is wrong, everybody looks refused. Where it knows only certain accounts, name two (--user, --victim).',
  })
}

type Wanted = Pick<FaultInfo, 'signed' | 'encrypted'> & { stage?: string }

const fitting: Readonly<Record<NonNullable<FaultInfo['signed']>, readonly Placement[]>> = {
  assertion: ['assertion'],
  response: ['response'],
  both: ['both'],
  one: ['assertion', 'response'],
}

/**
 * Sets what the scenario's application signs: the first that the SP accepts of what the mistake needs.
 *
 * @throws StepFailure `not-applicable` where the SP accepts no message that is signed like that
 */
export const chooseShape = async (world: IdpactWorld, { signed, stage, encrypted }: Wanted): Promise<Shapes> => {
  const shapes = await shapesOf(world)
  // What the identity provider signs in an odd way it can sign so twice; what is changed afterwards breaks the other one.
  const both: readonly Placement[] = signed === 'one' && stage === 'signing' ? ['both'] : []
  const wanted = signed === undefined ? all : [...fitting[signed], ...both]
  if (encrypted === true && shapes.encrypted.length === 0) throw notEncrypted(world)
  const accepted = encrypted === true ? shapes.encrypted : shapes.accepted
  const placement = wanted.find((one) => accepted.includes(one))
  if (placement === undefined)
    throw notApplicable({
      code: 'shape-not-accepted',
      expected: `The service provider accepts a good message with ${inWords(wanted)} signed.`,
      actual: `It accepts ${inWords(accepted)} only: the mistake cannot be made in a message that it would take.`,
    })
  await world.changeApplication({ signed: placements[placement], encrypted: encrypted === true })
  return shapes
}

export const noEncryptionKey = () =>
  notApplicable({
    code: 'no-encryption-key',
    expected: 'The service provider publishes a key for which Assertions may be encrypted.',
    actual: 'None is known.',
    hint: 'Where it does, give its metadata (--sp-metadata), or the key as target.saml.encryptionKey.',
  })

const notEncrypted = ({ run }: IdpactWorld) =>
  run.target.acs.encryptionKey === undefined
    ? noEncryptionKey()
    : inconclusive({
        code: 'encryption-not-accepted',
        expected:
          'The service provider accepts a good message whose Assertion is encrypted for the key that it publishes.',
        actual: 'It accepts none.',
        hint: 'Look at the decrypted login in the evidence, and at the log of the service provider.',
      })

const words: Readonly<Record<Placement, string>> = {
  both: 'Response and Assertion',
  assertion: 'the Assertion',
  response: 'the Response',
}
const inWords = (list: readonly Placement[]): string => list.map((one) => words[one]).join(' or ')

const catalogues = new WeakMap<Run, Promise<ReadonlyMap<string, FaultInfo>>>()

/** What the mock IdP says of one of its mistakes. */
export const faultInfo = async ({ run }: IdpactWorld, id: string): Promise<FaultInfo | undefined> => {
  const catalogue = catalogues.get(run) ?? run.faultCatalogue()
  catalogues.set(run, catalogue)
  return (await catalogue).get(id)
}
