import { expect, test } from 'vitest'
import { chainOf, linksOf, place, rowsOf, step } from './lanes'
import { mergeRuns } from './liveTimeline'
import { linkWordsOf } from './timelineWords'
import type { Lane, TimelinePages } from './timelineQueries'
import { aBar, aLane, aLink, minutes, now, pagesOf } from '../../../test/timeline'
import { aPipeline, aRun } from '../../../test/builders'

const view = { from: now - 60 * 60_000, to: now + 4 * 60_000 }

test('runs at the same time share the height of their lane, and only they', () => {
  const bars = [aBar('a', 50, 40), aBar('b', 45, 35), aBar('c', 30, 20), aBar('gone', 90, 80)]
  const placed = place(bars, view, 640, now)
  expect(placed.map(({ bar, level, levels }) => [bar.runId, level, levels])).toEqual([
    ['a', 0, 2],
    ['b', 1, 2],
    ['c', 0, 1],
  ])
  expect(placed[0]).toMatchObject({ left: 100, width: 100 })
})

test('a run that goes on ends now, and the shortest can be seen without reaching into the future', () => {
  const [long, fresh] = place(
    [aBar('long', 20, null, 'RUNNING'), aBar('fresh', 0, null, 'QUEUED')],
    view,
    640,
    now,
  )
  expect(long).toMatchObject({ isOpen: true, left: 400, width: 200 })
  expect((fresh?.left ?? 0) + (fresh?.width ?? 0)).toBe(600)
  expect(fresh?.width).toBeGreaterThan(5)
})

test('lanes stand under their orchestrators, each once, though pages overlap', () => {
  const [a, b, c] = [aLane('a', 'north'), aLane('b', 'north'), aLane('c', 'south')]
  const data = pagesOf([a, b], [b, c])
  expect(rowsOf(data, true).map((row) => (row.kind === 'group' ? row.group.orchestrator : row.key))).toEqual([
    'north',
    'a',
    'b',
    'south',
    'c',
  ])
  expect(rowsOf(data, false).map(({ key }) => key)).toEqual(['a', 'b', 'c'])
})

test('a chain goes up and down across systems, and round in circles only once', () => {
  const links = [
    aLink('a', 'b'),
    aLink('b', 'c'),
    aLink('x', 'c'),
    aLink('c', 'd'),
    aLink('d', 'c'),
    aLink('y', 'z'),
  ]
  const ends = [...chainOf(links, 'c')].map(({ upstream, downstream }) => upstream.runId + downstream.runId)
  expect(ends.toSorted()).toEqual(['ab', 'bc', 'cd', 'dc', 'xc'])
  expect(chainOf(links, undefined).size).toBe(0)
  expect([...chainOf(links, 'b')].some(({ upstream }) => upstream.runId === 'x')).toBe(false)
})

test('what two pages tell of is drawn once', () => {
  const data = pagesOf([aLane('a', 'north')], [aLane('b', 'south')])
  for (const page of data.pages) page.timeline.links = [aLink('a', 'b')]
  expect(linksOf(data)).toHaveLength(1)
})

test('arrow keys lead along a lane, and to the nearest bar of the next one', () => {
  const upper = aLane('upper', 'north', [aBar('u1', 50, 45), aBar('u2', 20, 10)])
  const lower = aLane('lower', 'north', [aBar('l1', 49, 40), aBar('l2', 30, 29), aBar('l3', 16, 12)])
  const lanes = [upper, lower]
  const from = { lane: upper, bar: upper.bars.at(-1) ?? aBar('none', 0, 0) }
  const led = (key: string): string | undefined => step(lanes, from, key, now)?.bar.runId
  expect([led('ArrowLeft'), led('ArrowDown'), led('Home'), led('End'), led('PageDown')]).toEqual([
    'u1',
    'l3',
    'u1',
    'u2',
    'l3',
  ])
  expect([led('ArrowRight'), led('ArrowUp'), led('x')]).toEqual([undefined, undefined, undefined])
})

function lanesOf({ pages }: TimelinePages): Lane[] {
  return pages.flatMap(({ timeline }) => timeline.edges.map(({ node }) => node))
}

test('a run begins, grows and ends in its lane before anything is asked anew', () => {
  const data = pagesOf([aLane('p', 'north', [aBar('old', 50, 45, 'FAILED')])])
  const pipeline = aPipeline({ id: 'p' })
  const begun = aRun({ id: 'new', state: 'RUNNING', startedAt: minutes(5), endedAt: null, pipeline })
  const running = mergeRuns(data, [begun])
  const [lane] = lanesOf(running.data)
  expect(lane?.bars.map(({ runId, state }) => [runId, state])).toEqual([
    ['old', 'FAILED'],
    ['new', 'RUNNING'],
  ])
  expect([lane?.runCount, lane?.failedCount, lane?.activeCount]).toEqual([2, 1, 1])
  const ended = mergeRuns(running.data, [{ ...begun, state: 'FAILED', endedAt: minutes(1) }])
  const [after] = lanesOf(ended.data)
  expect(after?.bars[1]).toMatchObject({ state: 'FAILED', endsAt: minutes(1) })
  expect([after?.runCount, after?.failedCount, after?.activeCount, ended.isMissing]).toEqual([2, 2, 0, false])
})

test('a run without a lane here is missed', () => {
  const data = pagesOf([aLane('p', 'north')])
  expect(mergeRuns(data, [aRun({ pipeline: aPipeline({ id: 'other' }) })]).isMissing).toBe(true)
})

test('a bar tells what led to it and what it led to', () => {
  const told = linkWordsOf([aLink('orders', 'marts'), aLink('marts', 'report')])
  expect(told.get('marts')).toEqual([
    'after north/orders by marts-after-orders',
    'started north/report by report-after-marts',
  ])
  expect(told.has('stock')).toBe(false)
})
