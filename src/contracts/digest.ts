import { sha256 } from '../core/digest.ts'
import type { Contract } from './contract.ts'

/**
 * SHA-256 over what a contract asks for: its requirements with their weight, its settings, and the choices that it leaves.
 * Two reports with the same digest were judged by the same promises. Words that only explain (hints, quotes) don't count.
 *
 * @example contractDigest(findContract('cloudinary@1'))
 */
export const contractDigest = ({ id, version, requirements, settings, expect }: Contract): string =>
  sha256({
    ...{ id, version },
    requirements: requirements.map(({ id: requirement, statement, keyword, severity, violation }) => ({
      ...{ requirement, statement, keyword, severity, violation },
    })),
    settings: Object.fromEntries(
      Object.entries(settings).map(([key, { values, default: value }]) => [key, [values, value]]),
    ),
    expect: Object.fromEntries(
      Object.entries(expect).map(([key, { values, default: value }]) => [key, [values, value]]),
    ),
  })
