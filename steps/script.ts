import type { Scene } from './scene.ts'

type Play = (scene: Scene) => Promise<void> | void

/** One thing that happened in a scenario, in a form that can be played again for the twin. */
export interface Act {
  title: string
  play: Play
  /** What the twin does instead: nothing (`skip`), the same, or something of its own. */
  twin: 'same' | 'skip' | Play
}

/** What is wrong about the next login of the main scene, and not about the twin's. */
export interface Deviation {
  title: string
  /** Until the next login, or for all logins from here on. */
  lasting: boolean
}

/** Plays for the twin what the main scene has played and the twin has not. */
export const catchUp = async (scene: Scene, script: readonly Act[]): Promise<void> => {
  while (scene.played < script.length) {
    const act = script[scene.played]
    scene.played += 1
    if (act === undefined || act.twin === 'skip') continue
    await (act.twin === 'same' ? act.play : act.twin)(scene)
  }
}
