import { ruleOf } from '../rule-of.ts'
import type { TemplateData } from '../template.ts'
import { cloudinary } from './contract.ts'

const requirement = ruleOf(cloudinary)

/** Attributes without which there is no login, and the requirement that says so. */
const mandatory = [
  { attribute: 'User.CloudinaryAccountID', rule: requirement('CLD-PROV-05') },
  { attribute: 'User.Username', rule: requirement('CLD-PROV-07') },
  { attribute: 'User.FirstName', rule: requirement('CLD-PROV-09') },
  { attribute: 'User.Email', rule: requirement('CLD-PROV-11') },
]

const administrators = ['master_admin', 'admin', 'technical_admin']

/** What the shared templates are filled with. */
const shared: TemplateData = {
  title: 'Cloudinary',
  mandatory,
  mandatoryRules: mandatory,
  emailAttribute: 'User.Email',
  anyMandatory: 'User.Email',
  groupsAttribute: 'User.CloudinaryUserGroups',
  roleAttribute: 'User.CloudinaryRole',
  environmentsAttribute: 'User.CloudinarySubAccounts',
  refusalStatus: '400',
  roles: {
    default: 'media_library_user',
    least: 'media_library_user',
    strongest: 'master_admin',
    second: 'admin',
    one: 'reports',
    other: 'billing',
    administrators,
    ordinary: cloudinary.roles.values.filter((role) => !administrators.includes(role)),
    unknown: ['superuser', 'Media_Library_User'],
  },
}

/** The features of Cloudinary that are made from a template: file name, template, data. */
export const cloudinaryFeatures: readonly { template: string; data: TemplateData }[] = [
  {
    template: 'just-in-time',
    data: {
      ...shared,
      rules: {
        create: requirement('CLD-PROV-03'),
        modify: requirement('CLD-PROV-04'),
        updates: [{ ...requirement('CLD-PROV-32'), ofNames: {}, ofRoles: {}, ofAbsent: {} }],
        lastNameOptional: requirement('CLD-PROV-10'),
        mandatoryAlways: requirement('CLD-PROV-37'),
        nameCase: requirement('CLD-PROV-38'),
        valueCase: requirement('CLD-PROV-39'),
        defaultRole: requirement('CLD-PROV-12'),
        roleValues: requirement('CLD-PROV-13'),
        unknownRole: requirement('CLD-PROV-14'),
        oneRole: requirement('CLD-PROV-15'),
      },
    },
  },
  {
    template: 'assertions',
    data: {
      ...shared,
      rules: {
        audience: requirement('CLD-SAML-20'),
        addressee: requirement('CLD-SAML-19'),
        trust: requirement('CLD-SAML-05'),
        leaver: requirement('CLD-SAML-14'),
        status: requirement('CLD-SAML-30'),
      },
    },
  },
  {
    template: 'refusals',
    data: {
      ...shared,
      mistakes: ['wrong-audience', 'wrong-recipient', 'expired', 'unsigned', 'wrong-key', 'request-denied'],
      // Those whose assertion says all that an account would be made of.
      mistakesWithPayload: ['wrong-audience', 'expired', 'request-denied-with-assertion'],
      rules: {
        refusalStatus: requirement('CLD-SAML-22'),
        errorNamed: requirement('CLD-SAML-23'),
        noSideEffect: requirement('CLD-SAML-24'),
      },
    },
  },
]
