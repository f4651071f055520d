import type { Adapter, AdapterPayload } from 'oidc-provider'
import type { Oauth, Payload, TokenKind } from '../store/oauth.ts'
import { tokenKinds } from '../store/oauth.ts'

/**
 * Where oidc-provider keeps what it remembers: in the database of the reference SP.
 *
 * What is kept has no `jti`: it is the token itself, which is kept as a hash only.
 *
 * @param usedTwice makes the error for a code or refresh token that two requests used at the same time
 */
export const createAdapter = (oauth: Oauth, usedTwice: () => Error) => {
  return (model: string): Adapter => {
    if (model === 'Grant') return { ...nothing, ...grants(oauth) }
    if (model === 'Interaction') return { ...nothing, ...requests(oauth) }
    if (tokenKinds.includes(model)) return { ...nothing, ...tokens(oauth, model as TokenKind, usedTwice) }
    // Session: the reference SP's own session says who is logged in, and another one beside it could only disagree.
    // Client: the one that there is stands in the configuration. All others belong to features that are off.
    return nothing
  }
}

const nothing: Adapter = {
  upsert: async () => undefined,
  find: async () => undefined,
  findByUserCode: async () => undefined,
  findByUid: async () => undefined,
  consume: async () => undefined,
  destroy: async () => undefined,
  revokeByGrantId: async () => undefined,
}

const withoutId = ({ jti: _jti, ...payload }: AdapterPayload): Payload => payload
const withId = (id: string, payload: Payload | undefined): AdapterPayload | undefined =>
  payload && { ...payload, jti: id }

const requests = (oauth: Oauth): Partial<Adapter> => ({
  upsert: async (id, payload, seconds = 0) => oauth.saveRequest(id, withoutId(payload), seconds * 1000),
  find: async (id) => withId(id, oauth.request(id)),
  destroy: async (id) => oauth.endRequest(id),
})

const grants = (oauth: Oauth): Partial<Adapter> => ({
  // For how long doesn't matter: as long as a token of it.
  upsert: async (id, payload) => oauth.saveGrant(id, payload.accountId ?? '', withoutId(payload)),
  find: async (id) => withId(id, oauth.grant(id)),
  destroy: async (id) => oauth.endGrant(id),
})

const tokens = (oauth: Oauth, kind: TokenKind, usedTwice: () => Error): Partial<Adapter> => ({
  upsert: async (id, payload, seconds = 0) =>
    oauth.saveToken(kind, id, payload.grantId ?? '', withoutId(payload), seconds * 1000),
  find: async (id) => withId(id, oauth.token(kind, id)),
  /**
   * oidc-provider looks whether a token was used, and marks it later. Where two requests come at once, both looked before
   * either marked; the second one to mark it is the reuse that ends the grant (RFC 9700 4.14.2, RFC 6749 4.1.2).
   */
  consume: async (id) => {
    const payload = oauth.token(kind, id)
    if (oauth.consumeToken(kind, id)) return
    if (typeof payload?.['grantId'] === 'string') oauth.endGrant(payload['grantId'])
    throw usedTwice()
  },
  destroy: async (id) => oauth.endToken(kind, id),
  revokeByGrantId: async (grantId) => oauth.endTokensOfGrant(kind, grantId),
})
