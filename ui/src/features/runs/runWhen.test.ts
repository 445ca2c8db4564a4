import { expect, test } from 'vitest'
import { beginOf, parseWhen, whenWords } from './runWhen'

const now = Date.parse('2026-05-02T07:30:42.123Z')

test.each([
  ['1h', 'Last hour', '2026-05-02T06:30:00Z'],
  ['3h', 'Last 3 hours', '2026-05-02T04:30:00Z'],
  ['24h', 'Last 24 hours', '2026-05-01T07:30:00Z'],
  ['7d', 'Last 7 days', '2026-04-25T07:30:00Z'],
  ['today', 'Today', '2026-05-02T00:00:00Z'],
])('%s is "%s" and began at %s', (said, words, began) => {
  const when = parseWhen(said)
  if (when === undefined) throw new Error('It was not understood.')
  expect(whenWords(when)).toBe(words)
  expect(beginOf(when, now, 'utc')).toBe(began)
})

test('a day begins by the clock of whoever looks', () => {
  const midnight = new Date(beginOf('today', now, 'local'))
  expect([midnight.getHours(), midnight.getMinutes()]).toEqual([0, 0])
  expect(now - midnight.getTime()).toBeLessThan(25 * 3_600_000)
})

test.each(['', '0h', '24', '24 h', '1w', '9999d', 24, null])('%j means nothing', (said) => {
  expect(parseWhen(said)).toBeUndefined()
})
