import { expect, test } from 'vitest'
import { fromInput, parseInstant, toInput } from './moment'

test('a field shows an instant and gives it back, in either zone', () => {
  const at = '2026-05-01T07:30:00Z'
  expect(toInput(at, 'utc')).toBe('2026-05-01T07:30')
  for (const zone of ['utc', 'local'] as const) expect(fromInput(toInput(at, zone), zone)).toBe(at)
  expect(toInput(undefined, 'utc')).toBe('')
})

test('what is not yet an instant is none', () => {
  expect(fromInput('', 'utc')).toBeUndefined()
  expect(fromInput('0002-05-01T07:30', 'utc')).toBeUndefined()
})

test.each([
  ['2026-05-01', '2026-05-01T00:00:00Z'],
  ['2026-05-01T09:00:00 02:00', '2026-05-01T07:00:00Z'],
  ['yesterday', undefined],
  [7, undefined],
])('an address may say %s', (typed, instant) => {
  expect(parseInstant(typed)).toBe(instant)
})
