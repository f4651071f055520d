/** `certify --plan`, for people. */
import type { Foreseen } from '../../certify/foresee.ts'

export const planText = (all: readonly Foreseen[]): string => `${all.map(oneText).join('\n')}`

const oneText = (foreseen: Foreseen): string => {
  const { target, contract, phases, effects, remains, notRun, putsBack, emailDomain } = foreseen
  const total = phases.reduce((sum, { scenarios }) => sum + scenarios, 0)
  return [
    `What a run would do at ${target}, against ${contract}: ${count(total)} in ${phases.length} ${phases.length === 1 ? 'phase' : 'phases'}. Nothing has been done.`,
    '',
    ...phases.map(
      ({ label, scenarios, switches }) =>
        `  phase ${label}: ${count(scenarios)}${switches.length === 0 ? '' : `; sets ${switches.join(' ')}`}`,
    ),
    ...(putsBack ? ['  Settings are read first, and put back as they were.'] : []),
    '',
    ...(effects.length === 0
      ? ['  Nothing is made or changed.']
      : effects.map(({ does, scenarios }) => `  ${String(scenarios).padStart(5)} ${does}`)),
    `  All addresses end in @${emailDomain}, and all names begin with idpact-.`,
    `  ${remains}`,
    ...(notRun.length === 0
      ? []
      : ['', 'Not run:', ...notRun.map(({ reason, scenarios }) => `  ${String(scenarios).padStart(5)} ${reason}`)]),
    '',
  ].join('\n')
}

const count = (scenarios: number): string => `${scenarios} ${scenarios === 1 ? 'scenario' : 'scenarios'}`
