#!/usr/bin/env node
// Parsed by any Node that knows ES modules, so that an old one gets a sentence instead of a syntax error.
import { existsSync } from 'node:fs'
import nodeModule from 'node:module'
import { fileURLToPath } from 'node:url'
import { memoryFlags } from './memory-flags.js'

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
const supported = (major === 22 && minor >= 19) || (major === 24 && minor >= 11) || major >= 26

/** The same process begun again, with its flags: same pid, same pipes. Not on Windows, and not over flags of the user's. */
const beginAgain = () => {
  const given = `${process.execArgv.join(' ')} ${process.env['NODE_OPTIONS'] ?? ''}`
  const can = process.platform !== 'win32' && typeof process.execve === 'function' && process.send === undefined
  if (!can || given.includes('semi-space-size')) return
  const args = [process.execPath, ...memoryFlags, ...process.execArgv, ...process.argv.slice(1)]
  process.execve(process.execPath, args, process.env)
}

if (supported) {
  if (process.argv[2] === 'idp') beginAgain()
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
