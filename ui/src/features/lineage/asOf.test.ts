import { expect, test } from 'vitest'
import { lastStop, momentAgo, momentAt, momentWords, stopOf, stops, usualMoments } from './asOf'

const now = Date.parse('2026-11-22T15:30:40Z')

test('the slider goes from a month ago to now, finer and finer', () => {
  const day = 24 * 60 * 60_000
  expect(stops[0]).toBe(30 * day)
  expect(stops[lastStop]).toBe(0)
  const steps = stops.slice(1).map((ago, place) => (stops[place] ?? 0) - ago)
  expect(steps.every((step, place) => step > 0 && step <= (steps[place - 1] ?? Infinity))).toBe(true)
})

test('each stop is a moment, and the moment leads back to it', () => {
  expect(momentAt(lastStop, now)).toBeUndefined()
  expect(stopOf(undefined, now)).toBe(lastStop)
  for (const stop of stops.keys()) expect(stopOf(momentAt(stop, now), now)).toBe(stop)
  for (const { ago } of usualMoments) expect(stops).toContain(ago)
})

test('what is farther away, or nearly now, is at an end but not now', () => {
  expect(stopOf('2020-01-01T00:00:00Z', now)).toBe(0)
  expect(stopOf('2026-11-22T15:30:00Z', now)).toBe(lastStop - 1)
})

test('a moment in words', () => {
  expect(momentAgo(60 * 60_000, now)).toBe('2026-11-22T14:30:00.000Z')
  expect(momentWords('2026-11-20T14:30:00.000Z', now, 'utc')).toBe('20 Nov, 14:30 (2 d ago)')
  expect(momentWords(undefined, now, 'utc')).toBe('Now')
})
