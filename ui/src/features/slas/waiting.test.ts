import { expect, test } from 'vitest'
import { type Step, stepsAfter, waitingOf } from './waiting'

const orchestrator = { id: 'o', name: 'airflow-prod', kind: 'airflow' }
const pipeline = { id: 'p', key: 'p', name: 'p', orchestrator, latestRun: null }
const step: Step = { expectedStart: null, expectedEnd: null, state: null, run: null, pipeline }
const after = (state: 'FAILED' | 'SUCCESS'): Step => ({
  ...step,
  pipeline: { ...pipeline, latestRun: { id: 'last', state } },
})
const run = { id: 'now', externalId: 'r' }

test('what has just failed is not what has not started yet', () => {
  expect(waitingOf(step)).toEqual({ words: 'not started yet', isBad: false, runId: null })
  expect(waitingOf(after('SUCCESS')).words).toBe('not started yet')
  expect(waitingOf(after('FAILED'))).toEqual({ words: 'last run failed', isBad: true, runId: 'last' })
  expect(waitingOf({ ...step, run, state: 'FAILED' })).toMatchObject({
    words: 'last run failed',
    runId: 'now',
  })
})

test('a run of this period counts before the one that failed', () => {
  const again: Step = { ...after('FAILED'), run, state: 'RUNNING' }
  expect(waitingOf(again)).toEqual({ words: 'running', isBad: false, runId: 'now' })
})

test('the steps after it are counted', () => {
  expect(stepsAfter([step])).toBe('')
  expect(stepsAfter([step, step])).toBe(', 1 more step after it')
  expect(stepsAfter([step, step, step])).toBe(', 2 more steps after it')
})
