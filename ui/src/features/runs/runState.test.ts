import { expect, test } from 'vitest'
import { aPipeline, aRun } from '../../../test/builders'
import { canCancel, canRetry } from './runState'
import { groupTaskRuns, type TaskRun } from './taskRunGroups'

test('what has ended cannot be cancelled, what has not failed cannot be retried', () => {
  expect(canCancel(aRun({ state: 'RUNNING' }))).toEqual({ ok: true })
  expect(canCancel(aRun({ state: 'SUCCESS' })).ok).toBe(false)
  expect(canRetry(aRun({ state: 'FAILED' }))).toEqual({ ok: true })
  expect(canRetry(aRun({ state: 'RUNNING' })).ok).toBe(false)
})

test('an orchestrator that cannot is named', () => {
  const pipeline = aPipeline()
  const orchestrator = { ...pipeline.orchestrator, capabilities: [] }
  const run = aRun({ state: 'RUNNING', pipeline: { ...pipeline, orchestrator } })
  expect(canCancel(run)).toEqual({ ok: false, reason: 'airflow cannot cancel through Podium' })
})

test('attempts are gathered by task and map index, the latest first', () => {
  const attempt = (task: string, mapIndex: number | null, number: number): TaskRun => ({
    task,
    mapIndex,
    attempt: number,
    state: 'SUCCESS',
    nativeState: 'success',
    startedAt: null,
    endedAt: null,
    url: null,
  })
  const groups = groupTaskRuns([
    attempt('load', 0, 1),
    attempt('extract', null, 1),
    attempt('load', 0, 2),
    attempt('load', 1, 1),
  ])
  expect(groups.map(({ id, attempts }) => [id, attempts.map((one) => one.attempt)])).toEqual([
    ['load[0]', [2, 1]],
    ['extract[]', [1]],
    ['load[1]', [1]],
  ])
})
