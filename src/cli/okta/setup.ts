import { type SetupOptions, setupParts } from './setup-options.ts'
import { option, repeatable, type Verb, verb } from './verb.ts'

/** Everything that a guide of a service provider has an administrator set up, in one go. */
export const setup: Verb = verb<[string], SetupOptions>({
  name: 'setup',
  summary: 'set an application up as the guide of a service provider says: "cloudinary", or a YAML file of your own',
  description:
    'Sets an application up as the guide of a service provider says: custom attributes, mappings and provisioning actions. "cloudinary" is known; any other word is a YAML file such as --print shows. What is there already stays; an attribute or a mapping of the same name is replaced. The application itself and its connection are made by "applications create" and "connection set-…"',
  args: '<guide-or-file>',
  ofApplication: true,
  options: [
    repeatable('--environment <cloud-name>', 'of cloudinary: a product environment of the account'),
    repeatable('--only <part>', `only this part: ${setupParts.join(', ')}`),
    option('--print', 'print it as YAML, and do nothing'),
  ],
  run: async (ctx, [name], options) => (await import('./setup-run.ts')).runSetup(ctx, name, options),
})
