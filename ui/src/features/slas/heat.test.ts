import { expect, test } from 'vitest'
import { dayTitle, dayWords, heatOf, moved, stretchWords } from './heat'
import type { JudgedDay } from './slaQueries'

function judged(given: Partial<JudgedDay>): JudgedDay {
  return {
    id: 'e',
    key: '2026-05-01',
    state: 'MET',
    reason: 'done_in_time',
    opensAt: '2026-05-01T00:00:00Z',
    dueAt: null,
    completedAt: null,
    lateBy: null,
    run: null,
    ...given,
  }
}

test('half a year of weeks ends with today, and what is judged stands on its day', () => {
  // A Friday.
  const weeks = heatOf([judged({ state: 'MISSED', lateBy: 'PT42M' })], 'Europe/Zurich', '2026-05-01')
  expect(weeks).toHaveLength(26)
  expect(weeks[0]?.[0]?.day).toBe('2025-11-03')
  expect(weeks.at(-1)?.map(({ day }) => day)).toHaveLength(5)
  const today = weeks.at(-1)?.at(-1)
  expect(today).toMatchObject({ day: '2026-05-01', state: 'MISSED' })
  expect(today && dayTitle(today)).toMatch(/Fri,? 1 May 2026/)
  expect(today && dayWords(today)).toBe('missed, 42m 00s late')
  const before = weeks.at(-1)?.at(-2)
  expect(before && dayWords(before)).toBe('nothing due')
})

test('of several runs on a day of the promise’s zone the worst counts', () => {
  const runs = [
    judged({ key: 'run-1', opensAt: '2026-04-30T22:30:00Z' }),
    judged({ key: 'run-2', opensAt: '2026-05-01T10:00:00Z', state: 'MISSED', lateBy: 'PT5M' }),
    judged({ key: 'run-3', opensAt: '2026-05-01T11:00:00Z', state: 'MISSED', lateBy: 'PT1H' }),
  ]
  const day = heatOf(runs, 'Europe/Zurich', '2026-05-01').at(-1)?.at(-1)
  expect(day && dayWords(day)).toBe('2 of 3 missed, at most 1h 00m late')
  expect(day?.evaluations.map(({ key }) => key)).toEqual(['run-2', 'run-3', 'run-1'])
})

test('arrows lead from day to day and from week to week', () => {
  const days = heatOf([], 'UTC', '2026-05-01').flat()
  expect(moved(days, '2026-05-01', 'ArrowUp')).toBe('2026-04-30')
  expect(moved(days, '2026-05-01', 'ArrowLeft')).toBe('2026-04-24')
  expect(moved(days, '2026-05-01', 'ArrowDown')).toBeUndefined()
  expect(moved(days, '2026-05-01', 'Home')).toBe('2025-11-03')
  expect(moved(days, '2026-05-01', 'a')).toBeUndefined()
})

test('where more was judged than is read, it says how far the days go back', () => {
  const runs = Array.from({ length: 500 }, () => judged({ key: 'run', opensAt: '2026-04-20T10:00:00Z' }))
  expect(stretchWords(runs, 'UTC', true)).toMatch(/^last 500 runs, since Mon,? 20 Apr 2026$/)
  expect(stretchWords(runs.slice(1), 'UTC', true)).toBe('last 26 weeks')
  expect(stretchWords(runs, 'UTC', false)).toBe('last 26 weeks')
})
