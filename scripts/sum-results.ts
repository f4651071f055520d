/**
 * Adds up the closing lines of all runners of a CI log and prints `N passed, N failed`; exit code 1 when anything failed
 * or nothing ran.
 *
 * Usage: sum-results.ts LOG BROKEN, where BROKEN is the number of commands that ended with an exit code other than 0: one
 * that failed without counting a failed test (a type error, say) still counts as one failure.
 */
import { readFileSync } from 'node:fs'
import { stripVTControlCharacters } from 'node:util'

const [file = '', broken = '0'] = process.argv.slice(2)
const lines = stripVTControlCharacters(readFileSync(file, 'utf8')).split('\n')

const count = (line: string, word: string): number => Number(new RegExp(`(\\d+) ${word}`).exec(line)?.[1] ?? 0)

/** vitest: `Tests  1 failed | 122 passed (123)`; ours: `122 passed, 1 failed` alone on a line, perhaps after a word and a colon. */
const closing = lines.filter((line) => /^\s*Tests\s+\d+ /.test(line) || /^(\w+: )?\d+ passed, \d+ failed$/.test(line))

const passed = closing.reduce((sum, line) => sum + count(line, 'passed'), 0)
const counted = closing.reduce((sum, line) => sum + count(line, 'failed'), 0)
const failed = Math.max(counted, Number(broken))

console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed > 0 || passed === 0 ? 1 : 0
