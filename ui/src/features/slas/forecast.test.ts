import { expect, test } from 'vitest'
import { aStanding } from '../../../test/builders'
import { axisMarks, pictureOf } from './forecast'
import { lanesOf } from './lanes'

test('the interval, its median and the deadline lie in their order within the picture', () => {
  const { low, median, high, due, done } = pictureOf(aStanding()) ?? {}
  const places = [0, low, median, high, due, 100].map(Number)
  expect(places).toEqual(places.toSorted((a, b) => a - b))
  expect(done).toBeNull()
})

test('an interval without an end reaches the edge', () => {
  expect(pictureOf(aStanding({ predictedHigh: null, predictedAt: null }))).toMatchObject({
    high: 100,
    isOpen: true,
    median: null,
  })
})

test('what is done has no forecast any more, and without either there is nothing to draw', () => {
  const done = pictureOf(aStanding({ completedAt: '2026-05-01T09:30:00Z' }))
  expect(done?.low).toBeNull()
  expect(Number(done?.done)).toBeGreaterThan(Number(done?.due))
  expect(pictureOf(aStanding({ predictedAt: null, predictedLow: null, predictedHigh: null }))).toBeNull()
})

test('now is a part of the large picture only while it is waited for', () => {
  const now = Date.parse('2026-05-01T06:00:00Z')
  expect(pictureOf(aStanding(), now)?.now).toBeGreaterThan(0)
  expect(pictureOf(aStanding({ completedAt: '2026-05-01T08:30:00Z' }), now)?.now).toBeNull()
})

test('an axis is marked on round times of the clock that is shown', () => {
  const from = Date.parse('2026-05-01T07:12:00Z')
  const marks = axisMarks({ from, to: from + 5 * 3_600_000 }, 6)
  expect(marks.map((at) => new Date(at).toISOString().slice(11, 16))).toEqual([
    '08:00',
    '09:00',
    '10:00',
    '11:00',
    '12:00',
  ])
  const inKathmandu = axisMarks({ from, to: from + 3_600_000 }, 2, () => 5.75 * 3_600_000)
  expect(inKathmandu.map((at) => new Date(at).toISOString().slice(11, 16))).toEqual(['07:15', '07:45'])
})

test('steps of a path share one scale with the deadline', () => {
  const pipeline = aStanding().criticalPath[0]?.pipeline ?? {
    id: 'p',
    key: 'p',
    name: 'p',
    orchestrator: { id: 'o', name: 'o', kind: 'airflow' },
    latestRun: null,
  }
  const step = (expectedStart: string | null, expectedEnd: string | null) => ({
    expectedStart,
    expectedEnd,
    state: null,
    run: null,
    pipeline,
  })
  const { lanes, due } = lanesOf(
    aStanding({
      criticalPath: [
        step('2026-05-01T07:00:00Z', '2026-05-01T08:00:00Z'),
        step('2026-05-01T08:00:00Z', '2026-05-01T10:00:00Z'),
        step(null, null),
      ],
    }),
    Date.parse('2026-05-01T07:30:00Z'),
  )
  expect(lanes[0]?.end).toBe(lanes[1]?.start)
  expect(Number(lanes[1]?.start)).toBeLessThan(Number(due))
  expect(Number(lanes[1]?.end)).toBeGreaterThan(Number(due))
  expect(lanes[2]).toBeNull()
})
