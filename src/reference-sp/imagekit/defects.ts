import { alsoEach, type Defect, defect } from '../defects/defect.ts'
import { emailKey, type User } from '../store/users.ts'
import type { AssertedUser } from './rules.ts'

/** What an SP like ImageKit can get wrong. */
export const imagekitDefects: readonly Defect[] = [
  defect('IK-SSO-02', {
    title: 'Everybody gets the role that is set at the SP, whatever the identity provider says.',
    alsoFails: alsoEach(
      'The role of the assertion is looked at.',
      'IK-SSO-04',
      'IK-SSO-09',
      'IK-SSO-10',
      'IK-SSO-18',
      'IK-SSO-19',
    ),
    rules: () => ({ ikRole: () => 'media_library_view_only_access' }),
  }),
  defect('IK-SSO-04', {
    title: 'Every user may save the metadata of the identity provider.',
    rules: () => ({ ikMaySetUp: () => true }),
  }),
  defect('IK-SSO-05', {
    title: 'Somebody unknown is refused: an administrator has to register everybody first.',
    alsoFails: alsoEach('Somebody new logs in.', 'IK-SSO-02', 'IK-SSO-06', 'IK-SSO-07'),
    rules: () => ({ ikRegisters: () => false }),
  }),
  defect('IK-SSO-06', {
    title: 'A new user waits for an administrator to approve.',
    alsoFails: alsoEach('Somebody new logs in.', 'IK-SSO-02', 'IK-SSO-05', 'IK-SSO-07'),
    rules: () => ({ ikIsActiveAtOnce: () => false }),
  }),
  defect('IK-SSO-07', {
    title: 'Nobody new can register, because a Response must answer a request.',
    alsoFails: alsoEach('Somebody new logs in.', 'IK-SSO-02', 'IK-SSO-05', 'IK-SSO-06'),
    rules: () => ({ ikAcceptsUnsolicited: (known) => known }),
  }),
  defect('IK-SSO-08', {
    title: 'Whoever types an address is sent to an identity provider, registered or not.',
    rules: () => ({ ikSendsUnknown: () => true }),
  }),
  defect('IK-SSO-09', {
    title: 'The attribute imagekit_id is not compared with the organisation whose identity provider signed.',
    alsoFails: alsoEach('The identity provider of one organisation speaks of users of the other.', 'IK-SSO-15'),
    rules: () => ({ ikNamesOrganisation: () => true }),
  }),
  defect('IK-SSO-10', {
    title: 'Of a full name only the first word is kept.',
    alsoFails: alsoEach('The full name is looked at.', 'IK-SSO-05', 'IK-SSO-13', 'IK-SSO-17', 'IK-SSO-19'),
    rules: () => ({ ikName: (fullName) => fullName.split(' ')[0] ?? fullName }),
  }),
  defect('IK-SSO-11', {
    title: 'A user is found by e-mail address and name together: with another name, it is another user.',
    alsoFails: alsoEach('Another name makes another user.', 'IK-SSO-17', 'IK-SSO-18', 'IK-SSO-19'),
    rules: () => ({
      ikFind: ({ email, fullName }, users) =>
        users.all().find((user) => emailKey(user.email) === emailKey(email) && user.firstName === fullName),
    }),
  }),
  defect('IK-SSO-12', {
    title: 'The audience of an assertion is not looked at.',
    rules: () => ({ audienceIsOurs: () => true }),
  }),
  defect('IK-SSO-13', {
    title: 'A login that begins at the SSO page is never accepted.',
    rules: () => ({ ikAcceptsSolicited: () => false }),
  }),
  defect('IK-SSO-14', {
    title: 'There is one identity provider for everybody: that of the first organisation.',
    rules: () => ({ ikSendsTo: (_own, [first]) => first as never }),
  }),
  defect('IK-SSO-15', {
    title: 'Which request a Response answers is not looked at.',
    rules: () => ({ checksRequest: () => false }),
  }),
  defect('IK-SSO-16', {
    title: 'The app link of the identity provider works for the first login only.',
    alsoFails: alsoEach(
      'A second login comes from the app link.',
      'IK-SSO-06',
      'IK-SSO-11',
      'IK-SSO-17',
      'IK-SSO-18',
      'IK-SSO-20',
    ),
    rules: () => ({ ikAcceptsUnsolicited: (known) => !known }),
  }),
  defect('IK-SSO-17', {
    title: 'The full name is stored at the first login only.',
    alsoFails: alsoEach('A changed name is looked at.', 'IK-SSO-19'),
    rules: () => ({ ikUpdatesName: () => false }),
  }),
  defect('IK-SSO-18', {
    title: 'A weaker role is not stored: whoever was an administrator stays one.',
    alsoFails: alsoEach('A weaker role is looked at.', 'IK-SSO-19'),
    rules: () => ({ ikUpdatesRole: (before, asserted) => rank(asserted) <= rank(before) }),
  }),
  defect('IK-SSO-19', {
    title: 'What is typed at the SSO page is stored.',
    rules: () => ({ ikStoresTyped: () => true }),
  }),
  defect('IK-SSO-20', {
    title: 'A login without any change makes the user anew.',
    alsoFails: alsoEach('It is no longer the same user.', 'IK-SSO-11'),
    rules: () => ({ ikMakesAnew: () => true }),
  }),
  defect('IK-SSO-21', {
    title: 'An assertion is good for as many logins as one likes.',
    alsoFails: alsoEach('The assertion is posted once more.', 'IK-SSO-28'),
    rules: () => ({ acceptsReplay: () => true }),
  }),
  defect('IK-SSO-22', {
    title: 'Whom the identity provider denies is deleted.',
    rules: () => ({ deletesDeniedAccount: () => true }),
  }),
  defect('IK-SSO-23', {
    title: 'A deleted user keeps the seat.',
    rules: () => ({ removesDeletedAccount: () => false }),
  }),
  defect('IK-SSO-26', {
    title: 'Who comes without a role gets one, and without a name the e-mail address.',
    rules: () => ({
      ikFallback: (field, email) =>
        field === 'imagekit_role' ? 'developer' : field === 'full_name' ? email : undefined,
    }),
  }),
  defect('IK-SSO-27', {
    title: 'A new e-mail address takes over the user of the same name.',
    rules: (rules) => ({
      ikFind: (asserted, users) =>
        rules.ikFind(asserted, users) ?? users.all().find((user) => isNamesake(user, asserted)),
    }),
  }),
  defect('IK-SSO-28', {
    title: 'An assertion that was used is taken again from a browser that is not logged in.',
    alsoFails: alsoEach('The assertion is posted once more.', 'IK-SSO-21'),
    rules: () => ({ acceptsReplay: (loggedIn) => !loggedIn }),
  }),
]

/** Of the same name, with an address that begins alike: who has only got another address. */
const isNamesake = (user: User, { email, fullName }: AssertedUser): boolean =>
  user.firstName === fullName && email.startsWith(`${user.email.split('@')[0]}.`)

/** From the strongest role to the weakest. */
const rank = (role: string): number =>
  [
    'account_administrator',
    'developer',
    'media_library_full_access',
    'media_library_restricted_access',
    'media_library_view_only_access',
    'finance',
  ].indexOf(role)
