import { also, alsoEach, type Defect, defect } from '../../defects/defect.ts'
import { attributeNames } from '../rules/attributes.ts'

/** Who gets in and should not, or the reverse. */
export const accessDefects: readonly Defect[] = [
  defect('CLD-SAML-02', {
    title: 'Without provisioning, a login still writes name and role of the assertion to the account.',
    rules: () => ({ appliesAttributesAtLogin: () => true }),
  }),
  defect('CLD-SAML-03', {
    title: 'Without provisioning, a login makes an account for someone unknown.',
    alsoFails: [
      also('CLD-PROV-01', 'an account is made although the switch is off'),
      also('CLD-SAML-16', 'who was deleted is let in again without provisioning'),
    ],
    rules: () => ({ createsUnknownAtLogin: () => true }),
  }),
  defect('CLD-SAML-07', {
    title: 'As soon as SAML login is on, passwords work for a master_admin only.',
    alsoFails: [also('CLD-SCIM-11', 'Whether the password is good for a login is tried first.')],
    rules: (rules) => ({
      passwordAllowed: (user, settings) =>
        rules.passwordAllowed(user, settings) && (!settings.saml.enabled || user.role === 'master_admin'),
    }),
  }),
  defect('CLD-SAML-08', {
    title: 'Enforce is a switch that does nothing: passwords work for everybody.',
    alsoFails: [also('CLD-PROV-42', 'a password is a way in for everybody')],
    rules: () => ({ passwordAllowed: () => true }),
  }),
  defect('CLD-SAML-09', {
    title: 'Enforce locks out the master_admin too.',
    alsoFails: [also('CLD-SAML-33', 'no password works under Enforce')],
    rules: () => ({ passwordAllowed: (_user, settings) => !(settings.saml.enabled && settings.enforce) }),
  }),
  defect('CLD-SAML-11', {
    title: 'A second factor is asked for after a SAML login.',
    rules: () => ({ asksSecondFactorAfterSaml: (user) => user.twoFactor }),
  }),
  defect('CLD-SAML-12', {
    title: 'A SAML login switches two-factor off.',
    rules: () => ({ twoFactorAfterSaml: () => false }),
  }),
  defect('CLD-SAML-26', {
    title: 'Accounts that were made by the Provisioning API or the console cannot use SAML.',
    alsoFails: [
      also('CLD-SAML-02', 'without provisioning, every account is one of these'),
      also('CLD-SAML-07', 'whoever has a password was made there'),
      also('CLD-SAML-09', 'whoever has a password was made there'),
      also('CLD-SAML-11', 'whoever has two-factor on was made there'),
      also('CLD-SAML-21', 'without provisioning, every account is one of these'),
      also('CLD-SAML-31', 'without provisioning, every account is one of these'),
      also('CLD-PROV-29', 'an earlier account was made there'),
      ...alsoEach('Whom SCIM has made cannot use it either.', 'CLD-SCIM-32', 'CLD-SCIM-37', 'CLD-SCIM-70'),
    ],
    rules: () => ({ mayUseSaml: (user) => user.source === 'saml' }),
  }),
  defect('CLD-SAML-31', {
    title: 'Without provisioning, people are known by User.Email, and by the NameID only where that is missing.',
    alsoFails: [also('CLD-SAML-03', 'a NameID without an account comes in with the e-mail address of someone else')],
    rules: (rules) => ({
      emailAtLogin: (assertion) =>
        assertion.attributes.find(({ name }) => name === attributeNames.email)?.values[0] ??
        rules.emailAtLogin(assertion),
    }),
  }),
  defect('CLD-PROV-01', {
    title: 'Provisioning happens without its switch.',
    alsoFails: [
      also('CLD-SCIM-70', 'A login with a NameID alone is then taken for an incomplete provisioning.'),
      also('CLD-SAML-02', 'attributes are needed and applied'),
      also('CLD-SAML-03', 'unknown people get an account'),
      also('CLD-SAML-16', 'who was deleted is let in again'),
      also('CLD-SAML-31', 'the account is that of the attribute, not of the NameID'),
    ],
    rules: () => ({ provisioningIsOn: () => true }),
  }),
  defect('CLD-PROV-42', {
    title: 'Whoever has logged in with SAML before may fall back to the password under Enforce.',
    rules: (rules) => ({
      passwordAllowed: (user, settings) => rules.passwordAllowed(user, settings) || user.lastSamlLoginAt !== undefined,
    }),
  }),
]
