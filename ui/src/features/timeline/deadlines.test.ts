import { expect, test } from 'vitest'
import { aSla, aStanding } from '../../../test/builders'
import { deadlinesOf, deadlineWords, statesOf } from './deadlines'

const hour = 3_600_000
const now = Date.UTC(2026, 4, 1, 12)
const day = { from: now - 24 * hour, to: now + hour }
const due = '2026-05-01T09:00:00Z'

test('what is due within a stretch stands on the lane of its pipeline', () => {
  const found = deadlinesOf([aSla(), aSla({ name: 'second', current: aStanding({ state: 'MET' }) })], day)
  expect([...found.keys()]).toEqual(['pipeline-1'])
  expect(found.get('pipeline-1')).toEqual([
    { sla: 'sales-by-nine', state: 'ON_TRACK', at: Date.parse(due), lateBy: null },
    { sla: 'second', state: 'MET', at: Date.parse(due), lateBy: null },
  ])
  expect(statesOf(found, ['pipeline-1', 'pipeline-2'])).toEqual(['ON_TRACK', 'MET'])
  expect(statesOf(found, ['pipeline-2'])).toEqual([])
})

test.each([
  ['switched off', aSla({ isEnabled: false })],
  ['about a dataset', aSla({ pipeline: null })],
  ['due at no instant', aSla({ kind: 'SUCCESS_RATE' })],
  ['not judged yet', aSla({ current: null })],
  ['without a time', aSla({ current: aStanding({ dueAt: null }) })],
  ['of another day', aSla({ current: aStanding({ dueAt: '2026-05-02T09:00:00Z' }) })],
])('no flag for a promise that is %s', (_, sla) => {
  expect(deadlinesOf([sla], day).size).toBe(0)
})

test('in words', () => {
  const deadline = { sla: 'sales-by-nine', state: 'ON_TRACK', at: Date.parse(due), lateBy: null } as const
  expect(deadlineWords(deadline, now, 'utc')).toBe('SLA sales-by-nine: on track, due 09:00:00')
  expect(deadlineWords({ ...deadline, state: 'MISSED', lateBy: 'PT42M10S' }, now, 'utc')).toBe(
    'SLA sales-by-nine: missed, due 09:00:00, 42m 10s late',
  )
})
