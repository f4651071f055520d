import type { StoredSigningKey } from '../saml/keys.ts'
import type { KeyOwner } from '../store/keys.ts'
import type { IdpContext } from './context.ts'

/** A key that the metadata have where they were asked for it, beside the one in use. */
export const announcedKey = (
  { keys }: Pick<IdpContext, 'keys'>,
  owner: KeyOwner,
  which: 'next' | 'weak',
): Promise<StoredSigningKey> => (which === 'next' ? keys.next(owner) : keys.get(owner, 'rsa-1024'))
