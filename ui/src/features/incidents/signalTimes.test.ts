import { expect, test } from 'vitest'
import { keyIn, timesIn, withTimesIn } from './signalTimes'

test('the times of a promise are read out of what the gateway says of it', () => {
  expect(timesIn('by-nine is missed (north/report, due 2026-05-01 09:00 UTC)')).toEqual({
    dueAt: '2026-05-01T09:00:00Z',
    expectedAt: null,
  })
  expect(
    timesIn('by-nine is at risk (north/report, due 2026-05-01 09:00 UTC, expected 2026-05-01 09:40 UTC)'),
  ).toEqual({ dueAt: '2026-05-01T09:00:00Z', expectedAt: '2026-05-01T09:40:00Z' })
})

test('a promise that is not about a time has none, but says of which day or run it is', () => {
  expect(keyIn('quick is missed (north/report, run-7)')).toBe('run-7')
  expect(keyIn('by-nine is missed (north/report, due 2026-05-01 09:00 UTC)')).toBeNull()
  expect(timesIn('quick is missed (north/report, run-7)')).toBeNull()
  expect(timesIn('by-nine is missed (north/report, due ?)')).toBeNull()
})

test('times in words are told by the clock of a zone, with the day where it is another one', () => {
  const now = Date.UTC(2026, 4, 1, 12)
  const words = 'by-nine is at risk (north/report, due 2026-05-01 09:00 UTC, expected 2026-05-02 00:40 UTC)'
  expect(withTimesIn(words, now, 'utc')).toBe(
    'by-nine is at risk (north/report, due 09:00, expected 2 May, 00:40)',
  )
  expect(withTimesIn('north/report is well again', now, 'utc')).toBe('north/report is well again')
})
