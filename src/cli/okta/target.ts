import { MockIdpError } from '../../../mock-idp/client.ts'
import { TargetError } from '../../core/errors.ts'

/** The mock IdP refused the call itself: nothing was asked of the service provider. */
const ownRefusals = new Set(['not-found', 'bad-request', 'action-off', 'mock-idp-unreachable', 'unexpected-answer'])

/**
 * Does what asks the service provider something. Its failures are no mistake of the command line: they end with exit code 3,
 * and are told in its own words.
 *
 * @throws TargetError for what the service provider said; MockIdpError for what the mock IdP refused
 */
export const askTarget = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof MockIdpError) || ownRefusals.has(error.code)) throw error
    throw new TargetError(error.message, { code: error.code, hint: error.hint, cause: error })
  }
}
