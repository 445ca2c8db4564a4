import { expect, test } from 'vitest'
import { aPipeline, aRun } from '../../../test/builders'
import { isFiltered, parsePipelineSearch, sortOf, toPipelineFilter, withSort } from './pipelineSearch'
import { sortPipelines } from './sortPipelines'

test('an address that anyone may have typed becomes a search that makes sense', () => {
  expect(
    parsePipelineSearch({
      state: 'failed,nonsense,FAILED',
      owner: ' sales ',
      paused: 'perhaps',
      sort: '-next',
      q: 7,
    }),
  ).toEqual({ state: ['FAILED'], owner: 'sales', sort: '-next', q: '7' })
  expect(parsePipelineSearch({ tag: '', sort: 'colour', paused: 'no' })).toEqual({ paused: 'no' })
})

test('the API is asked what the address says', () => {
  const search = {
    q: 'x',
    orchestrator: 'a',
    owner: 'o',
    tag: 't',
    state: ['FAILED' as const],
    paused: 'no' as const,
  }
  expect(toPipelineFilter(search)).toEqual({
    isActive: true,
    search: 'x',
    orchestrators: ['a'],
    owners: ['o'],
    tags: ['t'],
    latestState: ['FAILED'],
    isPaused: false,
  })
  expect(toPipelineFilter({ sort: '-latest' })).toEqual({ isActive: true })
})

test('the order stands in the address, unless it is that by name, and is no filter', () => {
  expect(withSort({ q: 'x' }, { column: 'next', isDescending: true })).toEqual({ q: 'x', sort: '-next' })
  expect(withSort({ sort: '-next' }, { column: 'name', isDescending: false })).toEqual({})
  expect(sortOf({ sort: '-latest' })).toEqual({ column: 'latest', isDescending: true })
  expect(sortOf({})).toEqual({ column: 'name', isDescending: false })
  expect(isFiltered({ sort: '-next' })).toBe(false)
  expect(isFiltered({ tag: 'prod' })).toBe(true)
})

const running = aPipeline({
  id: 'r',
  name: 'b',
  key: 'b',
  latestRun: aRun({ state: 'RUNNING', startedAt: '2026-05-01T09:00:00Z' }),
})
const failed = aPipeline({ id: 'f', name: 'a', key: 'a', latestRun: aRun({ state: 'FAILED' }) })
const never = aPipeline({ id: 'n', name: 'c', key: 'c', nextRunAt: '2026-05-02T00:00:00Z' })

function order(column: Parameters<typeof sortPipelines>[1]['column'], isDescending = false): string {
  return sortPipelines([failed, running, never], { column, isDescending })
    .map(({ id }) => id)
    .join('')
}

test('what has no value comes last, whichever way round', () => {
  expect(order('latest')).toBe('frn')
  expect(order('latest', true)).toBe('rfn')
  expect(order('state')).toBe('rfn')
  expect(order('next')).toBe('nfr')
  expect(order('name', true)).toBe('nrf')
})

test('the next run of a paused pipeline counts as none', () => {
  const paused = aPipeline({ id: 'p', isPaused: true, nextRunAt: '2026-05-01T12:00:00Z' })
  expect(sortPipelines([paused, never], { column: 'next', isDescending: false }).map(({ id }) => id)).toEqual(
    ['n', 'p'],
  )
})
