import { randomBytes } from 'node:crypto'
import { randomBase62 } from '../../src/core/ids.ts'

/** Okta's identifiers: three letters that say what it is, then 17 letters and digits. */
const okta = (prefix: string) => () => `${prefix}${randomBase62(17)}`

export const newUserId = okta('00u')
export const newGroupId = okta('00g')
export const newApplicationId = okta('0oa')
export const newPushedGroupId = okta('gPu')
export const newPushRuleId = okta('gpr')
export const newCandidateId = okta('imp')
export const newExternalKey = okta('exk')

/** For orgs that must look like no vendor's. */
export const newPlainId = (): string => randomBytes(12).toString('hex')
