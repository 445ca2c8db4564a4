import { expect, test } from 'vitest'
import { stepFor, ticksTo } from './ticks'

const hour = 3_600_000
const day = 24 * hour

test.each([
  [223_000, [0, 60_000, 120_000, 180_000, 240_000]],
  [9_000, [0, 5_000, 10_000]],
  [3, [0, 1, 2, 3]],
  [0, [0, 1]],
  [5 * hour, [0, 2, 4, 6].map((hours) => hours * hour)],
])('lines for durations up to %i ms stand where people count', (longest, expected) => {
  expect(ticksTo(longest, 'milliseconds')).toEqual(expected)
})

test.each([
  [7, [0, 2, 4, 6, 8]],
  [1, [0, 1]],
  [0, [0, 1]],
  [4_100, [0, 1025, 2050, 3075, 4100]],
])('counts up to %i too', (highest, expected) => {
  expect(ticksTo(highest, 'counts')).toEqual(expected)
})

test('nothing is so long that there is no line for it', () => {
  const lines = ticksTo(900 * day, 'milliseconds')
  expect(lines.length).toBeLessThanOrEqual(5)
  expect(lines.at(-1)).toBeGreaterThanOrEqual(900 * day)
})

test('no step is shorter than what its scale begins with', () => {
  expect(stepFor(1, 'seconds', 4)).toBe(1000)
  expect(stepFor(1, 'minutes', 4)).toBe(60_000)
  expect(stepFor(3.5 * day, 'minutes', 4)).toBe(day)
})
