import { ruleOf } from '../rule-of.ts'
import type { TemplateData } from '../template.ts'
import { imagekit } from './contract.ts'

const rule = ruleOf(imagekit)

const administrators = ['account_administrator']

/** What the shared template is filled with. */
const shared: TemplateData = {
  title: 'ImageKit',
  roleAttribute: 'imagekit_role',
  roles: {
    strongest: 'account_administrator',
    second: 'developer',
    one: 'media_library_full_access',
    other: 'finance',
    least: 'media_library_view_only_access',
    administrators,
    ordinary: imagekit.roles.values.filter((role) => !administrators.includes(role)),
    unknown: ['superuser', 'Developer'],
  },
}

/** The features of ImageKit that are made from a template. */
export const imagekitFeatures: readonly { template: string; data: TemplateData }[] = [
  {
    template: 'just-in-time',
    data: {
      ...shared,
      rules: {
        create: rule('IK-SSO-05'),
        exact: rule('IK-SSO-10'),
        updates: [
          { ...rule('IK-SSO-17'), ofNames: {} },
          { ...rule('IK-SSO-18'), ofRoles: {}, ofSession: {} },
        ],
        roleValues: rule('IK-SSO-02'),
        unknownRole: rule('IK-SSO-02'),
        oneRole: rule('IK-SSO-02'),
      },
    },
  },
]
