import { runStates } from '@/features/runs/runState'
import type { Standing } from './slaQueries'

export type Step = Standing['criticalPath'][number]

export interface Waiting {
  /** How the step stands, in one or two words */
  words: string
  isBad: boolean
  /** The run that it is said of */
  runId: string | null
}

/** How a step stands: its run of this period, or else how the run before it ended. */
export function waitingOf({ run, state, pipeline: { latestRun } }: Step): Waiting {
  if (run && state !== 'FAILED') {
    return { words: runStates[state ?? 'RUNNING'].word.toLowerCase(), isBad: false, runId: run.id }
  }
  const failed = run ?? (latestRun?.state === 'FAILED' ? latestRun : null)
  return failed
    ? { words: 'last run failed', isBad: true, runId: failed.id }
    : { words: 'not started yet', isBad: false, runId: null }
}

/** ", 2 more steps after it" */
export function stepsAfter(path: readonly Step[]): string {
  const count = path.length - 1
  return count < 1 ? '' : `, ${count} more step${count === 1 ? '' : 's'} after it`
}
