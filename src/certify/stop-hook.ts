/**
 * Support code beside the steps: lets `certify` end a run early without cutting a step in two. cucumber has no such switch;
 * once told to stop, every scenario that has not begun, and every step that has not, is skipped.
 */
import { Before, BeforeStep } from '@cucumber/cucumber'
import { isStopped, runParameter } from './stop.ts'

function skipWhenStopped(this: { parameters: Readonly<Record<string, unknown>> }): 'skipped' | undefined {
  return isStopped(String(this.parameters[runParameter])) ? 'skipped' : undefined
}

Before(skipWhenStopped)
BeforeStep(skipWhenStopped)
