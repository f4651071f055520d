/** One example in a process of its own, as `run.ts` starts it: node examples/serve.ts NAME, the identity provider on stdin. */
import { text } from 'node:stream/consumers'
import { startNodeSaml } from './node-saml/app.ts'
import type { Idp, SamlApp } from './saml-app.ts'
import { startSaml2Js } from './saml2-js/app.ts'
import { startSamlify } from './samlify/app.ts'

const starts: Readonly<Record<string, (idp: Idp) => Promise<SamlApp>>> = {
  'node-saml': startNodeSaml,
  samlify: startSamlify,
  'saml2-js': startSaml2Js,
}

const [name = ''] = process.argv.slice(2)
const start = starts[name]
if (start === undefined) throw new Error(`There is no example "${name}".`)
const { close: _, ...addresses } = await start(JSON.parse(await text(process.stdin)) as Idp)
process.send?.(addresses)
