import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Application } from '../../../mock-idp/admin/schema.ts'
import { ConfigError } from '../../core/errors.ts'
import { findApplication } from './find.ts'
import { facts, said, table } from './output.ts'
import { type Area, choice, option, repeatable, verb } from './verb.ts'

interface SamlOptions {
  ssoUrl: string
  audience: string
  nameIdFormat?: Application['saml']['nameIdFormat']
  username?: string
  requestableSsoUrl?: string[]
  everyone?: true
}

/** Applications > Applications. */
export const applications: Area = {
  name: 'applications',
  summary: 'the applications of the org, by label or id',
  verbs: [
    verb({
      name: 'list',
      summary: 'list all',
      run: async ({ org }) =>
        table(
          await org.applications.list(),
          {
            id: ({ id }) => id,
            label: ({ label }) => label,
            status: ({ status }) => status,
            everyone: ({ everyone }) => everyone,
            'single sign-on URL': ({ saml }) => saml.ssoUrl,
          },
          'No applications.',
        ),
    }),
    verb<[string]>({
      name: 'show',
      summary: 'show one, with what its service provider needs to know',
      args: '<application>',
      run: async ({ org }, [text]) => {
        const app = await findApplication(org, text)
        const { saml } = app
        const registration = (await org.registrations.list()).find(({ id }) => id === app.registrationId)
        return facts(
          {
            id: app.id,
            label: app.label,
            status: app.status,
            everyone: app.everyone,
            'single sign-on URL': saml.ssoUrl,
            'audience URI': saml.audience,
            'other SSO URLs': saml.requestableSsoUrls.map(({ url }) => url),
            'name ID format': saml.nameIdFormat,
            username: saml.applicationUsername,
            'app link': app.appLink,
            registration: app.registrationId,
            'entity ID': registration?.entityId,
            metadata: registration?.metadataUrl,
          },
          { ...app, registration },
        )
      },
    }),
    verb<[string], SamlOptions>({
      name: 'create',
      summary: 'make a SAML 2.0 application (Create App Integration)',
      args: '<label>',
      options: [
        option('--sso-url <url>', 'single sign-on URL: also Recipient and Destination').makeOptionMandatory(),
        option('--audience <uri>', 'audience URI: entityID of the service provider').makeOptionMandatory(),
        choice('--name-id-format <format>', 'format of the NameID', [
          'unspecified',
          'emailAddress',
          'persistent',
          'transient',
        ]),
        option('--username <expression>', 'application username, the NameID (default: user.login)'),
        repeatable('--requestable-sso-url <url>', 'another requestable SSO URL'),
        option('--everyone', 'assign it to everyone'),
      ],
      run: async ({ org }, [label], options) => {
        const { ssoUrl, audience, nameIdFormat, username, requestableSsoUrl = [], everyone = false } = options
        const app = await org.applications.create({
          label,
          everyone,
          saml: {
            ssoUrl,
            audience,
            ...(nameIdFormat && { nameIdFormat }),
            ...(username !== undefined && { applicationUsername: username }),
            requestableSsoUrls: requestableSsoUrl.map((url, index) => ({ url, index })),
          },
        })
        return said(`${label} is made: ${app.id}`, app)
      },
    }),
    verb<[string, string]>({
      name: 'from-metadata',
      summary: "make one from its service provider's metadata, a file",
      args: '<label> <file>',
      run: async ({ org, io }, [label, file]) => {
        const app = await org.applications.createFromMetadata(label, read(resolve(io.cwd, file)))
        return said(`${label} is made: ${app.id}`, app)
      },
    }),
    verb<[string]>({
      name: 'delete',
      summary: 'delete one; its service provider is told nothing',
      args: '<application>',
      run: async ({ org }, [text]) => {
        const { id, label } = await findApplication(org, text)
        await org.applications.remove(id)
        return said(`${label} is deleted.`)
      },
    }),
  ],
}

const read = (file: string): string => {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new ConfigError(`${file} cannot be read: ${(cause as Error).message}`, {
      code: 'unreadable-file',
      hint: 'Give a file with the metadata of the service provider, as XML.',
      cause,
    })
  }
}
