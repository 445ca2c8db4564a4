import { describe, expect, test } from 'vitest'
import { formatDuration, formatFull, formatInstant, formatRelative, parseDuration } from './format'

const now = Date.parse('2026-05-01T12:00:00Z')

describe('formatInstant', () => {
  test('the time alone on the same day', () => {
    expect(formatInstant(Date.parse('2026-05-01T07:03:09Z'), now, 'utc')).toBe('07:03:09')
  })
  test('with its date on another day, and its year where that is far', () => {
    expect(formatInstant(Date.parse('2026-04-30T23:59:59Z'), now, 'utc')).toBe('30 Apr, 23:59')
    expect(formatInstant(Date.parse('2024-04-30T23:59:59Z'), now, 'utc')).toBe('30 Apr 2024, 23:59')
  })
  test('midnight is 00, not 24', () => {
    expect(formatInstant(Date.parse('2026-05-01T00:00:00Z'), now, 'utc')).toBe('00:00:00')
  })
  test('the full form names its zone', () => {
    expect(formatFull(now, 'utc')).toMatch(/Fri,? 1 May 2026.*12:00:00 UTC/)
  })
})

describe('formatRelative', () => {
  test.each([
    [2_000, 'just now'],
    [12_000, '12 s ago'],
    [60_000, '1 min ago'],
    [3_599_000, '59 min ago'],
    [7_200_000, '2 h ago'],
    [47 * 3_600_000, '47 h ago'],
    [48 * 3_600_000, '2 d ago'],
    [-180_000, 'in 3 min'],
  ])('%i ms back is "%s"', (distance, words) => {
    expect(formatRelative(now - distance, now)).toBe(words)
  })
})

describe('formatDuration', () => {
  test.each([
    [0, '0s'],
    [430, '0.4s'],
    [9_000, '9s'],
    [12_400, '12s'],
    [187_000, '3m 07s'],
    [7_500_000, '2h 05m'],
    [100_800_000, '1d 04h'],
    [-500, '0s'],
  ])('%i ms is "%s"', (span, words) => {
    expect(formatDuration(span)).toBe(words)
  })
})

describe('parseDuration', () => {
  test.each([
    ['PT2H30M', 9_000_000],
    ['P1DT5.5S', 86_405_500],
    ['PT0S', 0],
    ['P', null],
    ['PT', null],
    ['2h', null],
  ])('%s', (iso, milliseconds) => {
    expect(parseDuration(iso)).toBe(milliseconds)
  })
})
