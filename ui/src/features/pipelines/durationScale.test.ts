import { expect, test } from 'vitest'
import { durationOf } from './durationScale'

test('a run that goes on has taken as long as it has gone on; one that never started has none', () => {
  const startedAt = '2026-05-01T07:00:00Z'
  const now = Date.parse('2026-05-01T07:00:30Z')
  expect(durationOf({ startedAt, endedAt: null }, true, now)).toBe(30_000)
  expect(durationOf({ startedAt, endedAt: '2026-05-01T07:00:10Z' }, false, now)).toBe(10_000)
  expect(durationOf({ startedAt, endedAt: null }, false, now)).toBeNull()
  expect(durationOf({ startedAt: null, endedAt: null }, true, now)).toBeNull()
})
