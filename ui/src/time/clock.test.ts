import { expect, test } from 'vitest'
import { clockMarks } from './clock'

const hour = 3_600_000

/** Europe/Zurich around an instant at which its clock is changed. */
const zurich =
  (change: string, before: number, after: number) =>
  (at: number): number =>
    (at < Date.parse(change) ? before : after) * hour
const autumn = zurich('2026-10-25T01:00:00Z', 2, 1)
const spring = zurich('2026-03-29T01:00:00Z', 1, 2)

function clocks(from: string, to: string, step: number, offset: (at: number) => number): string[] {
  return clockMarks(Date.parse(from), Date.parse(to), step, offset).map((at) =>
    new Date(at + offset(at)).toISOString().slice(8, 16),
  )
}

test('marks stand on whole hours of the clock, before and after it was set back', () => {
  expect(clocks('2026-10-24T20:00:00Z', '2026-10-25T10:00:00Z', 3 * hour, autumn)).toEqual([
    '25T00:00',
    '25T03:00',
    '25T06:00',
    '25T09:00',
  ])
  expect(clocks('2026-10-25T00:00:00Z', '2026-10-25T02:30:00Z', hour, autumn)).toEqual([
    '25T02:00',
    '25T02:00',
    '25T03:00',
  ])
})

test('days begin at midnight when the clock was set forward, too', () => {
  expect(clocks('2026-03-28T12:00:00Z', '2026-03-31T12:00:00Z', 24 * hour, spring)).toEqual([
    '29T00:00',
    '30T00:00',
    '31T00:00',
  ])
})

test('steps below a quarter of an hour, and clocks that are quarters ahead', () => {
  expect(clocks('2026-05-01T00:00:10Z', '2026-05-01T00:00:40Z', 10_000, () => 0)).toHaveLength(3)
  const kathmandu = (): number => 5.75 * hour
  expect(clocks('2026-05-01T00:00:00Z', '2026-05-01T00:30:00Z', hour / 6, kathmandu)).toEqual([
    '01T05:50',
    '01T06:00',
    '01T06:10',
  ])
})
