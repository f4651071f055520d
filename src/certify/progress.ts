/**
 * The events of a run, for people: on a terminal one line that keeps changing, with each failure opened as it happens; in
 * a log one stable line a scenario.
 */

import type { Report } from '../report/model.ts'
import { minutes, outcomeWords, share } from '../report/words.ts'
import type { CertifyEvent, ScenarioEvent } from './events.ts'

export interface ProgressStream {
  write(text: string): unknown
  isTTY?: boolean | undefined
  columns?: number | undefined
}

export interface Paint {
  bad(text: string): string
  warn(text: string): string
  good(text: string): string
  soft(text: string): string
  bold(text: string): string
}

const plain = (text: string): string => text
const colour =
  (open: number, close: number) =>
  (text: string): string =>
    `\u001B[${open}m${text}\u001B[${close}m`

/** NO_COLOR wins, then FORCE_COLOR, then whether it is a terminal. */
export const paintFor = (stream: ProgressStream, env: Readonly<Record<string, string | undefined>>): Paint => {
  const off = (env['NO_COLOR'] ?? '') !== ''
  const on = (env['FORCE_COLOR'] ?? '0') !== '0' || stream.isTTY === true
  if (off || !on || env['TERM'] === 'dumb') return { bad: plain, warn: plain, good: plain, soft: plain, bold: plain }
  return { bad: colour(31, 39), warn: colour(33, 39), good: colour(32, 39), soft: colour(2, 22), bold: colour(1, 22) }
}

/** @returns the listener of a run's events; everything goes to `stream` */
export const progress = (
  stream: ProgressStream,
  env: Readonly<Record<string, string | undefined>>,
): ((event: CertifyEvent) => void) => {
  const paint = paintFor(stream, env)
  const live = stream.isTTY === true && env['TERM'] !== 'dumb'
  const state = { phase: '', total: 0, done: 0, bad: 0, now: '' }

  const clear = (): void => void (live && stream.write('\r\u001B[2K'))
  const line = (text: string): void => {
    clear()
    stream.write(`${text}\n`)
  }
  const redraw = (): void => {
    if (!live) return
    const counts = `${state.done}/${state.total}${state.bad === 0 ? '' : paint.bad(` ${state.bad} not passed`)}`
    const width = (stream.columns ?? 80) - state.phase.length - 30
    stream.write(
      `\r\u001B[2K${paint.bold(state.phase)} ${counts} ${paint.soft(state.now.slice(0, Math.max(0, width)))}`,
    )
  }

  return (event) => {
    switch (event.type) {
      case 'started':
        return line(`${event.subject} against ${event.contract}, run ${event.runId}`)
      case 'note':
        return line(event.message)
      case 'planned':
        return line(planned(event))
      case 'phase-started':
        Object.assign(state, { phase: event.phase, total: event.scenarios, done: 0, bad: 0, now: 'setting up' })
        return live ? redraw() : line(`${event.phase}: ${event.scenarios} ${scenarios(event.scenarios)}`)
      case 'scenario-started':
        state.now = event.name
        return redraw()
      case 'scenario-finished': {
        state.done += 1
        const open = isOpened(event)
        if (open) state.bad += 1
        if (open) for (const text of opened(event, paint)) line(text)
        else if (!live) line(`  ${event.outcome.padEnd(9)} ${event.requirements.join(' ')}  ${event.name}`)
        return redraw()
      }
      case 'phase-finished':
        return live ? line(`${state.phase} ${state.done}/${state.total}${phaseEnd(state.bad, paint)}`) : undefined
      case 'finding':
        return undefined
      case 'stopping':
        return line(paint.warn(event.reason))
      case 'finished':
        return clear()
    }
  }
}

const scenarios = (count: number): string => (count === 1 ? 'scenario' : 'scenarios')

const phaseEnd = (bad: number, paint: Paint): string =>
  bad === 0 ? paint.good(' done') : paint.bad(` ${bad} not passed`)

const planned = ({ phases, notRun }: Extract<CertifyEvent, { type: 'planned' }>): string => {
  const total = phases.reduce((sum, phase) => sum + phase.scenarios, 0)
  const rest = notRun === 0 ? '' : `; ${notRun} cannot be observed or don't apply`
  return `${total} ${scenarios(total)} in ${phases.length} ${phases.length === 1 ? 'phase' : 'phases'}${rest}`
}

const isOpened = ({ outcome }: ScenarioEvent): boolean =>
  outcome === 'failed' || outcome === 'inconclusive' || outcome === 'warned'

const opened = (event: ScenarioEvent, paint: Paint): string[] => {
  const { failure, outcome, requirements, name, uri, quotes, gains, rerun } = event
  const loud = outcome === 'failed' ? paint.bad : paint.warn
  const field = (title: string, text: string | undefined): string[] =>
    text === undefined ? [] : [`    ${paint.soft(title.padEnd(9))} ${text.replaceAll('\n', '\n              ')}`]
  return [
    `  ${loud(outcome)} ${paint.bold(requirements.join(' '))}  ${name} ${paint.soft(`(${uri}:${event.line})`)}`,
    ...field('expected', failure?.expected),
    ...field('actual', failure?.actual),
    ...gains.flatMap((gain) => field('gain', gain)),
    ...quotes.flatMap((quote) => field('promised', `“${quote}”`)),
    ...field('clause', failure?.clause),
    ...field('hint', failure?.hint),
    ...field('rerun', rerun),
  ]
}

const words = {
  certified: 'Certified',
  partial: 'Partially certified',
  'not-certified': 'Not certified',
  inconclusive: 'Inconclusive',
} as const

/** The end of a run, for people; fits a screen whatever happened. */
export const summaryText = (report: Report, reportFile: string, paint: Paint): string => {
  const { verdict, subject, summary, notObservable, findings, leftovers } = report
  const loud = { certified: paint.good, partial: paint.warn, 'not-certified': paint.bad, inconclusive: paint.warn }
  const needs = [...new Map(notObservable.map((entry) => [entry.needs.join(', '), entry.how]))]
  const lines = [
    '',
    `${paint.bold(loud[verdict.word](words[verdict.word]))}  ${subject.name}${subject.version === undefined ? '' : ` ${subject.version}`}`,
    verdict.sentence,
    ...verdict.reasons
      .filter((reason) => !/ broken: /.test(reason) && !verdict.sentence.includes(reason.slice(1)))
      .map((reason) => `  ${reason}`),
    '',
    `  requirements  ${countsText(summary.requirements)}`,
    `  scenarios     ${countsText(summary.scenarios)}`,
    ...some(needs, 5).map(
      ([need, how], at) => `  ${at === 0 ? 'not observed ' : '             '} ${need}: ${how.split('. ')[0]}`,
    ),
    ...some(findings, 5).map(({ message }, at) => `  ${at === 0 ? 'findings     ' : '             '} ${message}`),
    ...(leftovers.length === 0
      ? []
      : [`  leftovers     ${leftovers.length}; \`idpact cleanup\` removes what can be removed`]),
    `  time          ${minutes(summary.durationMs)}${share(summary)}`,
    `  report        ${reportFile}`,
    '',
  ]
  return lines.join('\n')
}

const some = <T>(all: readonly T[], most: number): readonly T[] => all.slice(0, most)

const countsText = (counts: Report['summary']['scenarios']): string =>
  outcomeWords
    .filter(([outcome]) => counts[outcome] > 0)
    .toReversed()
    .map(([outcome, word]) => `${counts[outcome]} ${word}`)
    .join(', ') || 'none'
