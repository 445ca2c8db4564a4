import { expect, test } from 'vitest'
import { isFiltered, parsePipelineSearch, sortOf, toPipelineFilter, withSort } from './pipelineSearch'

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
  expect(parsePipelineSearch({ orchestrator: 'north, south,,north' })).toEqual({
    orchestrator: ['north', 'south'],
  })
})

test('the API is asked what the address says', () => {
  const search = {
    q: 'x',
    orchestrator: ['a', 'b'],
    owner: 'o',
    tag: 't',
    state: ['FAILED' as const],
    paused: 'no' as const,
  }
  expect(toPipelineFilter(search)).toEqual({
    isActive: true,
    search: 'x',
    orchestrators: ['a', 'b'],
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
