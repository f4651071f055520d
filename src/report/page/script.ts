/** The page's one script: what draws messages, as it runs here too, and what the page does with it. */
import { readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'

/** In the order in which they need each other. */
const modules = ['../../core/printable', '../../core/html', './xml-lines', './messages', './behaviour'] as const

const isSource = import.meta.url.endsWith('.ts')

/**
 * These modules as one classic script: without types, and in one scope, so that they import nothing. They are written so
 * that their names don't clash.
 */
export const pageScript = (): string => `\n(() => {\n${modules.map(asScript).join('\n')}\n})()\n`

const asScript = (module: string): string => {
  const text = readFileSync(new URL(`${module}.${isSource ? 'ts' : 'js'}`, import.meta.url), 'utf8')
  return (isSource ? withoutTypes(text) : text)
    .replace(/^import\b[^;]*?\bfrom '[^']+';?$/gm, '')
    .replace(/^export \{\};?$/gm, '')
    .replace(/^export (?=const|class|function)/gm, '')
    .replace(/^\/\/# sourceMappingURL=.*$/gm, '')
}

/** Node says that this is experimental, once, on stderr: nobody who reads a report can do anything about it. */
const withoutTypes = (text: string): string => {
  const { emitWarning } = process
  process.emitWarning = () => {}
  try {
    return stripTypeScriptTypes(text)
  } finally {
    process.emitWarning = emitWarning
  }
}
