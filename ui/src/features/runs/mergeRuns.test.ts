import { expect, test } from 'vitest'
import type { PipelineRowFragment, RunRowFragment } from '@/api/generated'
import { aPipeline, aRun } from '../../../test/builders'
import { mergeLatestRun, mergeRun, type PipelinePages, type RunPages } from './mergeRuns'

function at(minute: number): string {
  return new Date(Date.UTC(2026, 4, 1, 7, minute)).toISOString()
}

function runAt(minute: number, given: Partial<RunRowFragment> = {}): RunRowFragment {
  return aRun({ id: `run-${minute}`, queuedAt: at(minute), observedAt: at(minute), ...given })
}

/** Each inner list is one loaded page. */
function pagesOf(pages: RunRowFragment[][], hasNextPage = false): RunPages {
  return {
    pageParams: pages.map(() => null),
    pages: pages.map((runs) => ({
      runs: {
        pageInfo: { hasNextPage, endCursor: null },
        edges: runs.map((node) => ({ cursor: node.id, node })),
      },
    })),
  }
}

function shown({ pages }: RunPages): string[] {
  return pages.flatMap(({ runs }) => runs.edges.map(({ node }) => `${node.id} ${node.state}`))
}

test('a known run changes in its place, also one that was started again', () => {
  const data = pagesOf([[runAt(30), runAt(20)], [runAt(10)]])
  const again = runAt(10, { state: 'RUNNING', queuedAt: at(40), observedAt: at(41) })
  expect(shown(mergeRun(data, again, true))).toEqual(['run-30 SUCCESS', 'run-20 SUCCESS', 'run-10 RUNNING'])
})

test('a new run stands where the order wants it', () => {
  const data = pagesOf([[runAt(30), runAt(10)]])
  const merged = mergeRun(mergeRun(data, runAt(40), true), runAt(20), true)
  expect(shown(merged).map((run) => run.split(' ')[0])).toEqual(['run-40', 'run-30', 'run-20', 'run-10'])
})

test('news that is older than what is shown changes nothing', () => {
  const data = pagesOf([[runAt(30, { state: 'SUCCESS', observedAt: at(35) })]])
  expect(mergeRun(data, runAt(30, { state: 'RUNNING', observedAt: at(31) }), true)).toBe(data)
})

test('a run leaves a list whose filter it no longer fits', () => {
  const data = pagesOf([[runAt(30, { state: 'RUNNING' }), runAt(20, { state: 'RUNNING' })]])
  const merged = mergeRun(data, runAt(30, { observedAt: at(32) }), false)
  expect(shown(merged)).toEqual(['run-20 RUNNING'])
})

test('a run below the last loaded page stays below it; without a next page it is the last', () => {
  expect(shown(mergeRun(pagesOf([[runAt(30)]], true), runAt(10), true))).toEqual(['run-30 SUCCESS'])
  expect(shown(mergeRun(pagesOf([[runAt(30)]], false), runAt(10), true))).toHaveLength(2)
  expect(shown(mergeRun(pagesOf([[]]), runAt(10), true))).toEqual(['run-10 SUCCESS'])
})

function runThatTook(minutes: number | null, given: Partial<RunRowFragment> = {}): RunRowFragment {
  const endedAt = minutes === null ? null : at(minutes)
  return aRun({ id: `took-${minutes}`, startedAt: at(0), endedAt, observedAt: at(minutes ?? 1), ...given })
}

function order({ pages }: RunPages): string[] {
  return pages.flatMap(({ runs }) => runs.edges.map(({ node }) => node.id))
}

test('among the longest a run that ends moves to where it belongs', () => {
  const going = runThatTook(null, { state: 'RUNNING' })
  const data = pagesOf([[runThatTook(40), runThatTook(10)], [going]])
  const ended = runThatTook(20, { id: going.id })
  expect(order(mergeRun(data, ended, true, 'longest'))).toEqual(['took-40', 'took-null', 'took-10'])
  const shortest = pagesOf([[runThatTook(10), runThatTook(40)], [going]])
  expect(order(mergeRun(shortest, ended, true, 'shortest'))).toEqual(['took-10', 'took-null', 'took-40'])
  expect(order(mergeRun(data, { ...going, nativeState: 'up' }, true, 'longest'))).toEqual(order(data))
})

test('a run that has just begun is the first of those without a duration', () => {
  const older = runThatTook(null, { id: 'older', queuedAt: at(1) })
  const data = pagesOf([[runThatTook(10), older]])
  const begun = runThatTook(null, { id: 'begun', queuedAt: at(2) })
  expect(order(mergeRun(data, begun, true, 'longest'))).toEqual(['took-10', 'begun', 'older'])
  expect(order(mergeRun(data, begun, true, 'shortest'))).toEqual(['took-10', 'begun', 'older'])
})

function pipelinesOf(pipeline: PipelineRowFragment): PipelinePages {
  const pageInfo = { hasNextPage: false, endCursor: null }
  return {
    pageParams: [null],
    pages: [{ pipelines: { totalCount: 1, pageInfo, edges: [{ cursor: '', node: pipeline }] } }],
  }
}

function latestOf({ pages }: PipelinePages): string | undefined {
  const latest = pages[0]?.pipelines.edges[0]?.node.latestRun
  return latest ? `${latest.id} ${latest.state}` : undefined
}

test('a pipeline’s latest run is followed, an earlier one does not replace it', () => {
  const data = pipelinesOf(aPipeline({ latestRun: runAt(20, { state: 'RUNNING' }) }))
  expect(latestOf(mergeLatestRun(data, runAt(20, { observedAt: at(25) })))).toBe('run-20 SUCCESS')
  expect(latestOf(mergeLatestRun(data, runAt(30)))).toBe('run-30 SUCCESS')
  expect(mergeLatestRun(data, runAt(10))).toBe(data)
  expect(mergeLatestRun(data, runAt(30, { pipeline: aPipeline({ id: 'other' }) }))).toBe(data)
})

test('where the oldest comes first, a new run comes last, once all are read', () => {
  const merged = mergeRun(pagesOf([[runAt(10), runAt(30)]]), runAt(20), true, 'oldest')
  expect(shown(mergeRun(merged, runAt(40), true, 'oldest')).map((run) => run.split(' ')[0])).toEqual([
    'run-10',
    'run-20',
    'run-30',
    'run-40',
  ])
  const unread = pagesOf([[runAt(10)]], true)
  expect(mergeRun(unread, runAt(40), true, 'oldest')).toBe(unread)
})

test('a pipeline leaves a list by state when its latest run no longer fits', () => {
  const data = pipelinesOf(aPipeline({ latestRun: runAt(20, { state: 'FAILED' }) }))
  expect(latestOf(mergeLatestRun(data, runAt(30, { state: 'FAILED' }), ['FAILED']))).toBe('run-30 FAILED')
  expect(latestOf(mergeLatestRun(data, runAt(30), ['FAILED']))).toBeUndefined()
})

test('pages in which nothing changes stay the same', () => {
  const data = pagesOf([[runAt(30)], [runAt(10)]])
  const merged = mergeRun(data, runAt(10, { state: 'FAILED', observedAt: at(12) }), true)
  expect(merged.pages[0]).toBe(data.pages[0])
  expect(merged.pages[1]).not.toBe(data.pages[1])
})
