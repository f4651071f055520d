import { UsageError } from '../core/errors.ts'
import { type AnySamlInfo, anySamlInfo, anySamlOverview } from './any-saml/info.ts'
import { anySamlProfile } from './any-saml/profile.ts'
import { type CloudinaryInfo, cloudinaryInfo, cloudinaryOverview } from './cloudinary/info.ts'
import { cloudinaryProfile } from './cloudinary/profile.ts'
import { type CloudsmithInfo, cloudsmithInfo, cloudsmithOverview } from './cloudsmith/info.ts'
import { cloudsmithProfile } from './cloudsmith/profile.ts'
import { contractIds } from './contract-ids.ts'
import type { Defect } from './defects/defect.ts'
import { findDefect } from './defects/defects.ts'
import { type ImagekitInfo, imagekitInfo, imagekitOverview } from './imagekit/info.ts'
import { imagekitProfile } from './imagekit/profile.ts'
import type { Info } from './info.ts'
import type { Profile } from './profile.ts'
import type { Service } from './service.ts'

/** What each reference SP says of itself, by the contract that it keeps. */
export interface Infos {
  cloudinary: CloudinaryInfo
  imagekit: ImagekitInfo
  cloudsmith: CloudsmithInfo
  saml: AnySamlInfo
}
export type ContractId = keyof Infos

interface Entry<I extends Info> {
  profile: Profile
  info(service: Service): I
  /** For people: what they look for first. */
  overview(info: I): [name: string, value: string][]
}

const entries: { readonly [C in ContractId]: Entry<Infos[C]> } = {
  cloudinary: { profile: cloudinaryProfile, info: cloudinaryInfo, overview: cloudinaryOverview },
  imagekit: { profile: imagekitProfile, info: imagekitInfo, overview: imagekitOverview },
  cloudsmith: { profile: cloudsmithProfile, info: cloudsmithInfo, overview: cloudsmithOverview },
  saml: { profile: anySamlProfile, info: anySamlInfo, overview: anySamlOverview },
}

/** @throws UsageError for a contract that there is no reference SP for */
export const entryFor = <C extends ContractId>(contract: C): Entry<Infos[C]> => {
  if (Object.hasOwn(entries, contract)) return entries[contract]
  throw new UsageError(`There is no reference SP for the contract "${contract}".`, {
    code: 'unknown-contract',
    hint: `There is one for ${contractIds.join(', ')}.`,
  })
}

const allDefects = (): Defect[] =>
  contractIds
    .flatMap((id) => entries[id].profile.defects)
    .sort((a, b) => a.id.localeCompare(b.id, 'en', { numeric: true }))

/**
 * Everything that the reference SPs can get wrong on purpose: one for each requirement that an SP can break.
 *
 * @param ids only these; none = all
 * @throws UsageError for an id that there is no defect for
 */
export const listDefects = (ids: readonly string[] = []): readonly Defect[] =>
  ids.length === 0 ? allDefects() : ids.map((id) => findDefect(allDefects(), id))

/** The contract whose reference SP has this defect. */
export const contractOfDefect = (id: string): ContractId | undefined =>
  contractIds.find((contract) => entries[contract].profile.defects.some((defect) => defect.id === id))
