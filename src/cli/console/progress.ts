/**
 * The events of a run, for people: on a terminal a bar that keeps changing, with each failure opened as it happens; in a
 * log few lines, and always the same ones for the same run.
 */
import type { CertifyEvent, ScenarioEvent } from '../../certify/events.ts'
import { printable } from '../../core/printable.ts'
import { type Env, isLive, type Paint, paintFor, type Screen } from './paint.ts'

/** In a log, after how many scenarios a line says how far it is. */
const logEvery = 50

interface Counts {
  done: number
  total: number
  failed: number
  inconclusive: number
  warned: number
  now: string
}

/** @returns the listener of a run's events; everything goes to `screen` */
export const progress = (screen: Screen, env: Env): ((event: CertifyEvent) => void) => {
  const paint = paintFor(screen, env)
  const live = isLive(screen, env)
  const state: Counts & { phase: string } = {
    ...{ phase: '', total: 0, done: 0, failed: 0, inconclusive: 0, warned: 0, now: '' },
  }
  /** What has been told in full: `CLD-PROV-12 login-accepted`. */
  const told = new Set<string>()

  const line = (text: string): void => {
    if (live) screen.write('\r\u001B[2K')
    screen.write(`${text}\n`)
  }
  const redraw = (): void => {
    if (live) screen.write(`\r\u001B[2K${barLine(state, screen.columns ?? 80, paint)}`)
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
        Object.assign(state, {
          ...{ phase: event.phase, total: event.scenarios, now: 'setting up' },
          ...{ done: 0, failed: 0, inconclusive: 0, warned: 0 },
        })
        return live ? redraw() : line(`${event.phase}: ${event.scenarios} ${scenarios(event.scenarios)}`)
      case 'scenario-started':
        state.now = event.name
        return redraw()
      case 'scenario-finished': {
        state.done += 1
        const { outcome } = event
        if (outcome === 'failed' || outcome === 'inconclusive' || outcome === 'warned') {
          state[outcome] += 1
          for (const text of opened(event, { paint, told })) line(text)
        }
        if (!live && state.done % logEvery === 0 && state.done < state.total) line(`  ${countsOf(state, plainPaint)}`)
        return redraw()
      }
      case 'phase-finished':
        return line(`${live ? `${state.phase}: ` : '  '}${countsOf(state, paint)}`)
      case 'finding':
        return undefined
      case 'stopping':
        return line(paint.warn(event.reason))
      case 'finished':
        return live ? void screen.write('\r\u001B[2K') : undefined
    }
  }
}

const plainPaint = paintFor({ write: () => {} }, {})

/** `120/330 2 failed, 1 inconclusive`. */
const countsOf = ({ done, total, failed, inconclusive, warned }: Counts, paint: Paint): string => {
  const bad = [
    ...(failed > 0 ? [paint.bad(`${failed} failed`)] : []),
    ...(inconclusive > 0 ? [paint.warn(`${inconclusive} inconclusive`)] : []),
    ...(warned > 0 ? [paint.warn(`${warned} warned`)] : []),
  ]
  const rest = bad.length > 0 ? ` ${bad.join(', ')}` : done === total ? paint.good(' done') : ''
  return `${done}/${total}${rest}`
}

const barWidth = 20

/** `defaults ━━━━━━────── 120/330 2 failed  Somebody logs in`; never wider than the terminal, or it would leave lines behind. */
const barLine = (state: Counts & { phase: string }, columns: number, paint: Paint): string => {
  const filled = state.total === 0 ? 0 : Math.round((barWidth * state.done) / state.total)
  const width = [state.phase, countsOf(state, plainPaint)].join('').length + barWidth + 5
  if (width > columns) return countsOf(state, plainPaint).slice(0, Math.max(0, columns - 1))
  const bar = `${paint.good('━'.repeat(filled))}${paint.soft('─'.repeat(barWidth - filled))}`
  const now = state.now.slice(0, Math.max(0, columns - width - 1))
  return `${paint.bold(state.phase)} ${bar} ${countsOf(state, paint)}  ${paint.soft(now)}`
}

const scenarios = (count: number): string => (count === 1 ? 'scenario' : 'scenarios')

const planned = ({ phases, notRun }: Extract<CertifyEvent, { type: 'planned' }>): string => {
  const total = phases.reduce((sum, phase) => sum + phase.scenarios, 0)
  const rest = notRun === 0 ? '' : `; ${notRun} cannot be observed or don't apply`
  return `${total} ${scenarios(total)} in ${phases.length} ${phases.length === 1 ? 'phase' : 'phases'}${rest}`
}

/** In full the first time; what ends a further scenario of the same requirement for the same reason is one line. */
const opened = (event: ScenarioEvent, { paint, told }: { paint: Paint; told: Set<string> }): string[] => {
  const { failure, outcome, requirements, name, uri, quotes, gains, rerun, attempts } = event
  const loud = outcome === 'failed' ? paint.bad : paint.warn
  const tried = attempts > 1 ? `, attempt ${attempts}` : ''
  const head = `  ${loud(outcome)} ${paint.bold(requirements.join(' '))}  ${name} ${paint.soft(`(${uri}:${event.line}${tried})`)}`
  const key = `${requirements.join(' ')} ${failure?.code}`
  if (told.has(key)) return [head]
  told.add(key)
  const field = (title: string, text: string | undefined): string[] =>
    text === undefined
      ? []
      : [`    ${paint.soft(title.padEnd(9))} ${printable(text).replaceAll('\n', '\n              ')}`]
  return [
    head,
    ...field('expected', failure?.expected),
    ...field('actual', failure?.actual),
    ...gains.flatMap((gain) => field('gain', gain)),
    ...quotes.flatMap((quote) => field('promised', `“${quote}”`)),
    ...field('clause', failure?.clause),
    ...field('hint', failure?.hint),
    ...field('rerun', rerun),
  ]
}
