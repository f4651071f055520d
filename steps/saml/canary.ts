import { existsSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { randomBase62 } from '../../src/core/ids.ts'
import { eventually, stays } from '../../src/target/settle.ts'
import { metadataFetches } from '../mock-idp.ts'
import { failed, inconclusive } from '../outcome.ts'
import type { IdpactWorld } from '../world.ts'

/** An address at the mock IdP, and a file, that nothing in a message may make the SP read. */
export interface Canary {
  token: string
  url: string
  marker: { url: string; text: string }
}

export const newCanary = (world: IdpactWorld): Canary => {
  const { registration, org } = world.run
  const token = randomBase62(16)
  const url = new URL(`/${org.id}/canary/${token}`, registration.ssoUrl).href
  return { token, url, marker: markerFile(world) }
}

/** In the folder of the run, where an SP on this machine could read it. */
const markerFile = ({ context }: IdpactWorld): Canary['marker'] => {
  const text = `idpact-marker-${context.run.id}`
  const file = join(dirname(context.ledgerFile), `${text}.txt`)
  if (!existsSync(file)) writeFileSync(file, `${text}\n`)
  return { url: pathToFileURL(file).href, text }
}

const calls = async (world: IdpactWorld, { token }: Canary): Promise<number> => {
  const { entries } = await world.run.org.journal.read({ since: world.journalStart, limit: 5_000 })
  return entries.filter(({ kind, details }) => kind === 'canary-called' && details['canary'] === token).length
}

/**
 * @throws StepFailure if the canary was called, or its text or the marker came back. Silence alone is no proof: see
 *   {@link mustReachIdp}.
 */
export const mustHaveLeftCanaryAlone = async (world: IdpactWorld): Promise<void> => {
  const { canary } = world
  if (canary === undefined)
    throw inconclusive({
      code: 'step-missing',
      expected: 'A step before this one sets the canary.',
      actual: 'None has.',
    })
  const count = await stays(() => calls(world, canary), world.run.target)
  if (count > 0)
    throw failed({
      code: 'canary-called',
      expected: 'The message makes nobody call an address in it.',
      actual: `The canary ${canary.url} was called ${count} times while the message was read.`,
    })
  const body = world.last.page?.body ?? ''
  for (const text of [`idpact-canary-${canary.token}`, canary.marker.text])
    if (body.includes(text))
      throw failed({
        code: 'marker-came-back',
        expected: 'Nothing that the message points to comes back.',
        actual: `The answer of the service provider has ${JSON.stringify(text)} in it.`,
      })
}

/** @throws StepFailure `inconclusive` unless the SP was seen to reach the address of the mock IdP in this phase */
export const mustReachIdp = async (world: IdpactWorld): Promise<void> => {
  const seen = await eventually(
    () => metadataFetches(world, world.context.idp.journalSince ?? 0),
    (count) => count > 0,
    world.run.target,
  )
  if (seen > 0) return
  throw inconclusive({
    code: 'presence-not-seen',
    expected: 'The service provider reaches the mock IdP, where the canary is: it fetched the metadata from there.',
    actual: 'It fetched none, so that nobody called the canary says nothing.',
  })
}
