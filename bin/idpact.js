#!/usr/bin/env node
// Parsed by any Node that knows ES modules, so that an old one gets a sentence instead of a syntax error.
import { existsSync } from 'node:fs'
import nodeModule from 'node:module'
import { fileURLToPath } from 'node:url'

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
const supported = (major === 22 && minor >= 19) || (major === 24 && minor >= 11) || major >= 26

if (supported) {
  // Compiled code is kept between runs: it halves the time to the first answer of a command.
  nodeModule.enableCompileCache()
  const sources = new URL('../src/cli/main.ts', import.meta.url)
  const built = new URL('../dist/src/cli/main.js', import.meta.url)
  const { main } = await import((existsSync(fileURLToPath(sources)) ? sources : built).href)
  process.exitCode = await main(process.argv.slice(2))
} else {
  console.error(
    `idpact needs Node 22.19 or later, 24.11 or later, or 26 and up; this is Node ${process.versions.node}.\n` +
      'In a checkout, npm scripts bring their own Node: use "npm run -s idpact -- …".\n' +
      'If they do not, the dependency "node" was installed without its install script: run "npm ci" without --ignore-scripts.',
  )
  process.exitCode = 2
}
