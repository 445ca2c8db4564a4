import { expect, test } from 'vitest'
import { placeOf, spanOf, ticksOf } from './taskSpans'

const at = (seconds: number): string => new Date(Date.UTC(2026, 4, 1, 7, 0, seconds)).toISOString()
const from = (begin: number | null, end: number | null) => ({
  startedAt: begin === null ? null : at(begin),
  endedAt: end === null ? null : at(end),
})
const span = { begin: Date.parse(at(0)), end: Date.parse(at(100)) }

test('a span reaches from the first beginning to the last end', () => {
  expect(spanOf([from(10, 90), from(0, 20), from(40, 100), from(null, null)], null)).toEqual(span)
})

test('a span reaches to now while something goes on, and is never empty', () => {
  expect(spanOf([from(0, null)], Date.parse(at(100)))).toEqual(span)
  expect(spanOf([from(0, null)], null)).toEqual({ begin: span.begin, end: span.begin + 1 })
  expect(spanOf([from(null, null)], Date.parse(at(5)))).toBeNull()
})

test('a task lies where it ran; one that goes on grows to now', () => {
  expect(placeOf(from(20, 50), span, null)).toEqual({ left: 20, width: 30 })
  expect(placeOf(from(20, null), span, Date.parse(at(100)))).toEqual({ left: 20, width: 80 })
})

test('of a task without a beginning there is nothing to draw, of one without an end only where it began', () => {
  expect(placeOf(from(null, 50), span, null)).toBeNull()
  expect(placeOf(from(20, null), span, null)).toEqual({ left: 20, width: 0 })
  expect(placeOf(from(20, 10), span, null)).toEqual({ left: 20, width: 0 })
})

test.each([
  [100, ['0', '30s', '1m 00s', '1m 30s']],
  [4, ['0', '1s', '2s', '3s']],
  [3_600, ['0', '15m 00s', '30m 00s', '45m 00s']],
  [86_400 * 3.5, ['0', '1d 00h', '2d 00h', '3d 00h']],
  [86_400 * 400, ['0', '100d 00h', '200d 00h', '300d 00h']],
])('%d seconds are told in few even steps', (seconds, words) => {
  const { ticks, step } = ticksOf({ begin: 0, end: seconds * 1000 })
  expect(ticks.map(({ word }) => word)).toEqual(words)
  expect(ticks.map(({ left }) => left)).toEqual(
    ticks.map((_, place) => expect.closeTo(place * step, 9) as number),
  )
})
