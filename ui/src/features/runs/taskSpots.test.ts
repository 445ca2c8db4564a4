import { expect, test } from 'vitest'
import { groupTaskRuns, type TaskRun } from './taskRunGroups'
import { firstFailed, namedAttempt, parseSpot, spotId, spotSearch } from './taskSpots'

function aTaskRun(task: string, state: TaskRun['state'], given: Partial<TaskRun> = {}): TaskRun {
  const at = '2026-05-01T07:00:00Z'
  return {
    task,
    mapIndex: null,
    attempt: 1,
    state,
    nativeState: state.toLowerCase(),
    startedAt: at,
    endedAt: at,
    url: null,
    ...given,
  }
}

test('what failed only because of another task does not count, nor what succeeded when it was tried again', () => {
  const groups = groupTaskRuns([
    aTaskRun('report', 'UPSTREAM_FAILED', { endedAt: null }),
    aTaskRun('extract', 'FAILED'),
    aTaskRun('extract', 'SUCCESS', { attempt: 2 }),
    aTaskRun('late', 'FAILED', { endedAt: '2026-05-01T07:09:00Z' }),
    aTaskRun('early', 'UP_FOR_RETRY'),
    aTaskRun('early', 'FAILED', { attempt: 2, endedAt: '2026-05-01T07:05:00Z' }),
  ])
  expect(firstFailed(groups)?.latest).toMatchObject({ task: 'early', attempt: 2 })
  expect(firstFailed(groupTaskRuns([aTaskRun('report', 'UPSTREAM_FAILED')]))).toBeNull()
})

test('an address leads to the attempt that it was made of', () => {
  const groups = groupTaskRuns([
    aTaskRun('load', 'SUCCESS', { mapIndex: 0 }),
    aTaskRun('load', 'UP_FOR_RETRY', { mapIndex: 1 }),
    aTaskRun('load', 'FAILED', { mapIndex: 1, attempt: 2 }),
  ])
  const wanted = { task: 'load', mapIndex: 1, attempt: 1 }
  expect(spotSearch(wanted)).toEqual({ task: 'load', map: '1', attempt: '1' })
  const found = namedAttempt(groups, parseSpot({ ...spotSearch(wanted) }))
  expect(found && spotId(found)).toBe(spotId(wanted))
})

test('an address without an attempt means the latest, and one of nothing leads nowhere', () => {
  const groups = groupTaskRuns([aTaskRun('load', 'UP_FOR_RETRY'), aTaskRun('load', 'FAILED', { attempt: 2 })])
  expect(namedAttempt(groups, { task: 'load' })?.attempt).toBe(2)
  expect(namedAttempt(groups, { task: 'load', attempt: '7' })).toBeNull()
  expect(namedAttempt(groups, { task: 'loads' })).toBeNull()
  expect(parseSpot({ task: '', attempt: '2' })).toEqual({})
  expect(parseSpot({ task: 'load', attempt: 'two', map: '-1' })).toEqual({ task: 'load' })
})
