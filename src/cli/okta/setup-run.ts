import { readFileSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { parse, stringify } from 'yaml'
import { z } from 'zod'
import type { OktaAttribute } from '../../../mock-idp/admin/profile-shapes.ts'
import { ConfigError, UsageError } from '../../core/errors.ts'
import { cloudinarySetup } from './cloudinary-setup.ts'
import { type Answer, facts } from './output.ts'
import { changeSettings, withOne } from './settings.ts'
import { type SetupOptions, type SetupPart, setupParts } from './setup-options.ts'
import { type Setup, setup as setupShape } from './setup-shape.ts'
import type { VerbContext } from './verb.ts'

/** No honest setup is larger. */
const maxBytes = 1_000_000

/** Does, or prints, the setup of this name. */
export const runSetup = async (
  ctx: VerbContext,
  name: string,
  { environment, only, print }: SetupOptions,
): Promise<Answer> => {
  const wanted = name === 'cloudinary' ? cloudinarySetup(needed(environment)) : readSetup(ctx, name, environment)
  if (print) return { data: wanted, text: stringify(wanted, { aliasDuplicateObjects: false }).trimEnd() }
  return apply(ctx, wanted, partsOf(only))
}

const needed = (environments: readonly string[] | undefined): readonly string[] => {
  if (environments !== undefined) return environments
  throw new UsageError("Expected the cloud names of the account's product environments, found none", {
    code: 'no-environment',
    hint: 'Give each: --environment my-cloud --environment my-other-cloud.',
  })
}

const partsOf = (only: readonly string[] | undefined): ReadonlySet<SetupPart> => {
  const wrong = only?.find((part) => !setupParts.some((known) => known === part))
  if (wrong !== undefined)
    throw new UsageError(`There is no part ${JSON.stringify(wrong)} of a setup`, {
      code: 'bad-value',
      hint: `Allowed: ${setupParts.join(', ')}.`,
    })
  return new Set(setupParts.filter((part) => only === undefined || only.includes(part)))
}

const apply = async (ctx: VerbContext, wanted: Setup, parts: ReadonlySet<SetupPart>): Promise<Answer> => {
  const { org } = ctx
  const app = await ctx.app()
  const { userAttributes, groupAttributes, appAttributes, mappings, provisioning = {} } = wanted
  // The schemas of the directory first: the mappings read from them.
  if (parts.has('user-attributes'))
    await org.attributes.setOfUsers(merged(await org.attributes.ofUsers(), userAttributes))
  if (parts.has('group-attributes'))
    await org.attributes.setOfGroups(merged(await org.attributes.ofGroups(), groupAttributes))
  const ofApp = parts.has('application')
  const after = await changeSettings(ctx, app, (now) => ({
    ...now,
    ...(ofApp && provisioningOf(provisioning)),
    attributes: ofApp ? merged(now.attributes, appAttributes) : now.attributes,
    mappings: parts.has('user-attributes')
      ? mappings.reduce((all, one) => withOne(all, one, ({ attribute }) => attribute), now.mappings)
      : now.mappings,
  }))
  const done = {
    application: app.label,
    ...(ofApp && {
      'attributes of the application': appAttributes.map(({ name }) => name),
      'actions that are on': Object.entries(after.actions).flatMap(([name, on]) => (on ? [name] : [])),
    }),
    ...(parts.has('user-attributes') && {
      'attributes of the Okta user': userAttributes.map(({ name }) => name),
      mappings: mappings.map(({ attribute, expression }) => `${attribute} ← ${expression}`),
    }),
    ...(parts.has('group-attributes') && { 'attributes of the Okta group': groupAttributes.map(({ name }) => name) }),
  }
  return facts(done)
}

/** Without what was left out, so that it does not overwrite what is there. */
const provisioningOf = ({ persona, uniqueField, userName, actions }: NonNullable<Setup['provisioning']>) => ({
  ...(persona && { persona }),
  ...(uniqueField !== undefined && { uniqueField }),
  ...(userName !== undefined && { userName }),
  ...(actions && { actions }),
})

const merged = <T extends OktaAttribute>(now: readonly T[], more: readonly T[]): T[] =>
  more.reduce<T[]>((all, one) => withOne(all, one, ({ name }) => name), [...now])

/** @throws ConfigError `unreadable-file`, `bad-setup`; UsageError `bad-value` */
const readSetup = ({ io }: VerbContext, name: string, environment: readonly string[] | undefined): Setup => {
  if (environment !== undefined)
    throw new UsageError('--environment is of the guide "cloudinary": a file has its values in itself', {
      code: 'bad-value',
    })
  const file = resolve(io.cwd, name)
  const read = setupShape.safeParse(contentOf(file, name))
  if (read.success) return read.data
  throw new ConfigError(`${name}: ${z.prettifyError(read.error).replaceAll('\n', ' ')}`, {
    code: 'bad-setup',
    hint: 'See "idpact okta setup cloudinary --environment my-cloud --print" for one that is right.',
  })
}

const contentOf = (file: string, name: string): unknown => {
  try {
    const { size } = statSync(file)
    if (size > maxBytes) throw new Error(`expected at most ${maxBytes} bytes, found ${size}`)
    return parse(readFileSync(file, 'utf8'), { maxAliasCount: 100 })
  } catch (cause) {
    throw new ConfigError(`The setup ${name} cannot be read: ${(cause as Error).message}`, {
      code: 'unreadable-file',
      hint: 'Give "cloudinary", or a YAML file.',
      cause,
    })
  }
}
