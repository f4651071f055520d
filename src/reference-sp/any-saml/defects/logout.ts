/** Logouts that anybody can cause, or that cause nothing. */
import { type Defect, defect } from '../../defects/defect.ts'
import type { LogoutCheckName } from '../rules.ts'

const overlooking = (id: string, title: string, ...checks: LogoutCheckName[]): Defect =>
  defect(id, {
    title,
    rules: (rules) => ({ logoutOverlooks: (check) => checks.includes(check) || rules.logoutOverlooks(check) }),
  })

export const logoutDefects: readonly Defect[] = [
  overlooking('SAML-SLO-01', 'LogoutRequests are not verified.', 'signature-missing', 'signature'),
  overlooking(
    'SAML-SLO-02',
    'A LogoutRequest of the identity provider ends the session of the browser, whatever it says.',
    ...(['issuer', 'destination', 'end', 'name'] as const),
  ),
  defect('SAML-SLO-03', {
    title: 'LogoutRequests are answered, and the session goes on.',
    rules: () => ({ logoutEndsSession: () => false }),
  }),
  defect('SAML-SLO-04', {
    title: 'The LogoutResponse does not say what it answers.',
    rules: () => ({ writesLogoutResponse: (xml) => xml.replace(/ InResponseTo="[^"]*"/, '') }),
  }),
  defect('SAML-SLO-05', {
    title: 'A logout leaves the session of the identity provider as it is: the LogoutRequest names nobody there.',
    rules: () => ({ writesLogoutRequest: (xml) => xml.replace(/(<saml:NameID[^>]*>)[^<]*/, '$1somebody') }),
  }),
]
