import { changed } from '@/api/search'
import { expect, test } from 'vitest'
import { aRun } from '../../../test/builders'
import { belongs, isFiltered, parseRunSearch, type RunSearch, toRunFilter, withoutFilters } from './runFilter'

test('an address that anyone may have typed becomes a filter that makes sense', () => {
  expect(
    parseRunSearch({ state: 'failed,RUNNING,nonsense,FAILED', orchestrator: ' a ', q: 12, other: 'x' }),
  ).toEqual({
    state: ['FAILED', 'RUNNING'],
    orchestrator: ['a'],
    q: '12',
  })
  expect(parseRunSearch({ orchestrator: 'b, a,,b' })).toEqual({ orchestrator: ['b', 'a'] })
  expect(parseRunSearch({ state: '', q: '  ' })).toEqual({})
})

test('the API is asked what the address says', () => {
  expect(toRunFilter({ state: ['FAILED'], orchestrator: ['a', 'b'], q: 'sales' }, null)).toEqual({
    states: ['FAILED'],
    orchestrators: ['a', 'b'],
    search: 'sales',
  })
  expect(toRunFilter({}, 'pipeline-1')).toEqual({ pipelines: ['pipeline-1'] })
})

test.each([
  [{}, true],
  [{ state: ['SUCCESS' as const] }, true],
  [{ state: ['FAILED' as const] }, false],
  [{ orchestrator: ['other', 'airflow-prod'] }, true],
  [{ orchestrator: ['other'] }, false],
  [{ q: 'SALES' }, true],
  [{ q: 'ingest_s' }, true],
  [{ q: '2026-05-01' }, true],
  [{ q: 'customers' }, false],
])('a changed run belongs to the list %j: %s', (search, expected) => {
  expect(belongs(aRun(), search)).toBe(expected)
})

test.each([
  [{ trigger: ['SCHEDULE' as const] }, true],
  [{ trigger: ['MANUAL' as const] }, false],
  [{ after: '2026-05-01T07:00:02Z' }, true],
  [{ after: '2026-05-01T07:00:03Z' }, false],
  [{ before: '2026-05-01T07:00:02Z' }, false],
  [{ before: '2026-05-01T07:00:03Z' }, true],
])('a changed run belongs to the page of %j: %s', (search, expected) => {
  expect(belongs(aRun(), search)).toBe(expected)
})

test('a time up to now moves on, and instants are meant where they are named', () => {
  const search = parseRunSearch({ when: '24h' })
  expect(search).toEqual({ when: '24h' })
  expect(toRunFilter(search, null, Date.parse('2026-05-02T07:00:00Z'))).toEqual({
    startedAfter: '2026-05-01T07:00:00Z',
  })
  expect(belongs(aRun(), search, Date.parse('2026-05-02T07:00:00Z'))).toBe(true)
  expect(belongs(aRun(), search, Date.parse('2026-05-02T07:01:00Z'))).toBe(false)
  expect(parseRunSearch({ when: '24h', before: '2026-05-01' })).toEqual({ before: '2026-05-01T00:00:00Z' })
})

test('a part of a search is changed, or taken away where nothing is left of it', () => {
  const search: RunSearch = { state: ['FAILED'], q: 'sales', when: '7d' }
  expect(changed(search, { orchestrator: ['a'] })).toEqual({ ...search, orchestrator: ['a'] })
  expect(changed(search, { state: [], q: '', when: undefined })).toEqual({})
})

test('a run that has not started is not within any time', () => {
  expect(belongs(aRun({ startedAt: null }), { after: '2026-01-01T00:00:00Z' })).toBe(false)
})

test('triggers, times and the order are read from the address too', () => {
  const search = parseRunSearch({
    trigger: 'manual,nonsense',
    after: '2026-05-01',
    before: 'tomorrow',
    sort: 'oldest',
  })
  expect(search).toEqual({ trigger: ['MANUAL'], after: '2026-05-01T00:00:00Z', sort: 'oldest' })
  expect(toRunFilter(search, null)).toEqual({ triggers: ['MANUAL'], startedAfter: '2026-05-01T00:00:00Z' })
  expect(withoutFilters(search)).toEqual({ sort: 'oldest' })
  expect(isFiltered({ sort: 'oldest' })).toBe(false)
})

test('a filter is one as soon as one part is set', () => {
  expect(isFiltered({})).toBe(false)
  expect(isFiltered({ q: 'x' })).toBe(true)
  expect(isFiltered({ state: ['FAILED'] })).toBe(true)
})
