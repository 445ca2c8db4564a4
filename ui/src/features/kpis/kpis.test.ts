import { expect, test } from 'vitest'
import { changeOf, figureOf, type Figures, figures, format } from './figures'
import { csvRows, sortRows } from './kpiRows'
import type { KpiRow } from './kpiQueries'
import { parseKpiSearch } from './kpiSearch'
import { isoDuration, spanOf, windowWords } from './kpiWindow'
import { fromFirstKnown, pointsOf, stepName, ticksOf } from './series'

const nothing: Figures = {
  runs: 0,
  unaidedSuccessRate: null,
  incidents: 0,
  meanTimeToDetect: null,
  meanTimeToNotify: null,
  meanTimeToResolve: null,
  slasMet: 0,
  slasMissed: 0,
  slaAdherence: null,
  dataAge: null,
  meanDataAge: null,
  runTime: 'PT0S',
  queueTime: 'PT0S',
  computeEfficiency: null,
}
const aRow = (name: string | null, given: Partial<Figures> = {}): KpiRow => ({
  ...nothing,
  name,
  pipeline: null,
  ...given,
})
const day = 86_400_000

test('a window is whole days up to now, by the clock that was chosen', () => {
  const now = Date.parse('2026-05-10T09:30:00Z')
  const { since, until, step } = spanOf({ window: '7' }, now, 'utc')
  expect(new Date(since).toISOString()).toBe('2026-05-04T00:00:00.000Z')
  expect([until, step]).toEqual([now, day])
  expect(new Date(spanOf({ window: 'today' }, now, 'utc').since).toISOString()).toBe(
    '2026-05-10T00:00:00.000Z',
  )
  expect(spanOf({ window: 'today' }, now, 'utc').step).toBe(3_600_000)
  expect(new Date(spanOf({}, now, 'local').since).getHours()).toBe(0)
})

test('a window of one’s own ends now at the latest, and has no more steps than a chart shows', () => {
  const now = Date.parse('2026-05-10T09:30:00Z')
  const long = spanOf({ from: '2024-05-10T00:00:00Z', to: '2027-01-01T00:00:00Z' }, now, 'utc')
  expect(long.until).toBe(now)
  expect((long.until - long.since) / long.step).toBeLessThanOrEqual(60)
  expect(spanOf({ from: '2026-05-10T09:29:59Z' }, now, 'utc').step).toBeLessThanOrEqual(60_000)
  expect(isoDuration(90_000)).toBe('PT90S')
})

test('an address that makes no sense shows the usual window', () => {
  expect(parseKpiSearch({ window: '30', by: 'pipeline', sort: '' })).toEqual({})
  expect(parseKpiSearch({ window: 7, by: 'owner', owner: ' ada ' })).toEqual({
    window: '7',
    by: 'owner',
    owner: 'ada',
  })
  expect(parseKpiSearch({ from: '2026-05-02', to: '2026-05-01', window: '90' })).toEqual({ window: '90' })
  expect(parseKpiSearch({ from: '2026-05-01T00:00:00Z', window: '7' })).toEqual({
    from: '2026-05-01T00:00:00Z',
  })
})

test.each([
  ['share', 0.9876, '98.7%'],
  ['share', 1, '100%'],
  ['time', 125_400, '2m 05s'],
  ['count', 1_200, '1,200'],
  ['time', null, '–'],
] as const)('%s %s reads as %s', (unit, value, words) => {
  expect(format(unit, value)).toBe(words)
})

test('less time to resolve is better, less success is worse; what was not measured is not compared', () => {
  const resolve = figureOf('resolve')
  const ran = { ...nothing, runs: 1 }
  const slow = { ...ran, meanTimeToResolve: 'PT10M' }
  const fast = { ...ran, meanTimeToResolve: 'PT4M' }
  expect(changeOf(resolve, fast, slow)).toEqual({ words: '6m 00s', isGood: true, direction: 'down' })
  expect(changeOf(resolve, slow, fast)).toMatchObject({ isGood: false, direction: 'up' })
  expect(changeOf(resolve, slow, slow)).toMatchObject({ isGood: null, direction: 'same' })
  expect(changeOf(resolve, slow, ran)).toBeNull()
  const worse = changeOf(
    figureOf('success'),
    { ...ran, unaidedSuccessRate: 0.9 },
    { ...ran, unaidedSuccessRate: 0.95 },
  )
  expect(worse).toEqual({ words: '5.0 points', isGood: false, direction: 'down' })
})

test('with a window in which nothing ran nothing is compared', () => {
  expect(changeOf(figureOf('incidents'), { ...nothing, runs: 9, incidents: 3 }, nothing)).toBeNull()
})

test('a series begins with what is known first, and shows seven days at least', () => {
  const stepsKnownFrom = (first: number) =>
    Array.from({ length: 30 }, (_, at) => ({
      since: new Date(Date.parse('2026-05-01T00:00:00Z') + at * day).toISOString(),
      until: '',
      kpis: { ...nothing, unaidedSuccessRate: at >= first ? 0.5 : null },
    }))
  const shown = (first: number) =>
    fromFirstKnown(pointsOf(figureOf('success'), stepsKnownFrom(first), 'utc')).length
  expect([shown(0), shown(10), shown(28), shown(99)]).toEqual([30, 20, 7, 30])
})

test('the window is told by its days', () => {
  const now = Date.parse('2026-11-22T15:00:00Z')
  expect(windowWords(spanOf({}, now, 'utc'), now, 'utc')).toBe(
    '24 Oct to now, compared with the 30 days before',
  )
  expect(windowWords(spanOf({ window: 'today' }, now, 'utc'), now, 'utc')).toBe(
    '22 Nov to now, compared with as long before',
  )
  const past = { since: Date.parse('2025-12-01T00:00:00Z'), until: Date.parse('2025-12-02T00:00:00Z') }
  expect(windowWords(past, now, 'utc')).toBe('1 Dec 2025 to 1 Dec 2025, compared with the day before')
})

test('rows are sorted either way, and what cannot be said comes last', () => {
  const rows = [aRow('b', { unaidedSuccessRate: 0.5 }), aRow(null), aRow('a', { unaidedSuccessRate: 1 })]
  const names = (sort?: string): (string | null)[] => sortRows(rows, sort).map(({ name }) => name)
  expect(names()).toEqual(['a', 'b', null])
  expect(names('success')).toEqual(['b', 'a', null])
  expect(names('-success')).toEqual(['a', 'b', null])
  expect(names('-name')).toEqual(['b', 'a', null])
})

test('a spreadsheet gets shares and seconds below every heading', () => {
  const [head, row] = csvRows(
    [aRow('a', { runs: 4, unaidedSuccessRate: 0.75, meanTimeToDetect: 'PT1M' })],
    'owner',
  )
  expect(head?.slice(0, 5)).toEqual(['owner', 'runs', 'slas_met', 'slas_missed', 'success'])
  expect(row).toHaveLength(head?.length ?? 0)
  expect(row?.[head?.indexOf('detect_seconds') ?? 0]).toBe(60)
  expect(row?.[head?.indexOf('slas') ?? 0]).toBeNull()
})

test('a step has the name of its day, also where the clock was changed in between', () => {
  const steps = [0, 1].map((at) => ({
    since: new Date(Date.parse('2026-10-24T23:00:00Z') + at * day).toISOString(),
    until: '',
    kpis: { ...nothing, runs: at },
  }))
  const points = pointsOf(figureOf('success'), steps, 'utc')
  expect(points.map(({ name }) => name)).toEqual(['25 Oct', '26 Oct'])
  expect(points[1]?.beside).toBe('of 1 run')
  expect(stepName(points)).toBe('day by day')
})

test.each([
  ['share', [0.985, 1], 0.95, 1],
  ['share', [0.4], 0, 1],
  ['time', [125_000], 0, 180_000],
  ['count', [7], 0, 8],
  ['count', [0], 0, 1],
] as const)('lines of %s %s go from %s to %s', (unit, values, first, last) => {
  const ticks = ticksOf(unit, [...values])
  expect([ticks[0], ticks.at(-1)]).toEqual([first, last])
  expect(ticks.length).toBeLessThanOrEqual(6)
})

test('every figure says in a sentence what it is', () => {
  for (const { means } of figures) expect(means).toMatch(/^[A-Z].*\.$/)
})
