import { stays } from '../src/target/settle.ts'
import type { Page } from '../src/target/user-agent.ts'
import { inconclusive } from './outcome.ts'
import type { Person } from './scene.ts'
import type { IdpactWorld } from './world.ts'

/** What came of saving metadata. */
export interface SavedMetadata {
  page: Page
  /** Whether the settings have it afterwards. */
  stored: boolean
}

/**
 * Saves the metadata that the SP has already, with a comment in it that shows whether it was stored: whom it trusts stays
 * the same whatever the SP does, so that no other scenario is touched.
 */
export const saveMetadata = async (world: IdpactWorld, person: Person): Promise<SavedMetadata> => {
  const { ssoSetup, admin } = world.run.target
  if (ssoSetup === undefined) throw world.lacks('ssoSetup.save')
  if (admin === undefined) throw world.lacks('admin.metadata')
  if (person.browser === undefined)
    throw inconclusive({ code: 'no-login', expected: `${person.name} is logged in.`, actual: 'Nobody has logged in.' })
  const metadata = await world.run.org.metadata()
  const mark = `saved by ${person.scene.names.prefix}${person.name.replace('the ', '')}`
  const page = await ssoSetup.save(person.browser, metadata.replace(/(<[\w:]*EntityDescriptor)/, `<!-- ${mark} -->$1`))
  const settings = await stays(async () => JSON.stringify(await admin.read()), world.run.target)
  // Settings that do not show the metadata at all leave the answer to say it.
  return { page, stored: /EntityDescriptor/.test(settings) ? settings.includes(mark) : page.status < 400 }
}
