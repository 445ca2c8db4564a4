import { expect, test } from 'vitest'
import { durationOf, ticks } from './durationScale'

test.each([
  [223_000, [0, 60_000, 120_000, 180_000, 240_000]],
  [9_000, [0, 5_000, 10_000]],
  [3, [0, 1, 2, 3]],
  [0, [0, 1]],
  [5 * 3_600_000, [0, 2, 4, 6].map((hours) => hours * 3_600_000)],
])('lines for durations up to %i ms stand where people count', (longest, expected) => {
  expect(ticks(longest)).toEqual(expected)
})

test('nothing is so long that there is no line for it', () => {
  const lines = ticks(900 * 86_400_000)
  expect(lines.length).toBeLessThanOrEqual(5)
  expect(lines.at(-1)).toBeGreaterThanOrEqual(900 * 86_400_000)
})

test('a run that goes on has taken as long as it has gone on; one that never started has none', () => {
  const startedAt = '2026-05-01T07:00:00Z'
  const now = Date.parse('2026-05-01T07:00:30Z')
  expect(durationOf({ startedAt, endedAt: null }, true, now)).toBe(30_000)
  expect(durationOf({ startedAt, endedAt: '2026-05-01T07:00:10Z' }, false, now)).toBe(10_000)
  expect(durationOf({ startedAt, endedAt: null }, false, now)).toBeNull()
  expect(durationOf({ startedAt: null, endedAt: null }, true, now)).toBeNull()
})
