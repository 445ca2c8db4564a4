import { expect, test } from 'vitest'
import { aRun } from '../../../test/builders'
import { belongs, isFiltered, parseRunSearch, toRunFilter } from './runFilter'

test('an address that anyone may have typed becomes a filter that makes sense', () => {
  expect(
    parseRunSearch({ state: 'failed,RUNNING,nonsense,FAILED', orchestrator: ' a ', q: 12, other: 'x' }),
  ).toEqual({
    state: ['FAILED', 'RUNNING'],
    orchestrator: 'a',
    q: '12',
  })
  expect(parseRunSearch({ state: '', q: '  ' })).toEqual({})
})

test('the API is asked what the address says', () => {
  expect(toRunFilter({ state: ['FAILED'], orchestrator: 'a', q: 'sales' }, null)).toEqual({
    states: ['FAILED'],
    orchestrators: ['a'],
    search: 'sales',
  })
  expect(toRunFilter({}, 'pipeline-1')).toEqual({ pipelines: ['pipeline-1'] })
})

test.each([
  [{}, true],
  [{ state: ['SUCCESS' as const] }, true],
  [{ state: ['FAILED' as const] }, false],
  [{ orchestrator: 'airflow-prod' }, true],
  [{ orchestrator: 'other' }, false],
  [{ q: 'SALES' }, true],
  [{ q: 'ingest_s' }, true],
  [{ q: '2026-05-01' }, true],
  [{ q: 'customers' }, false],
])('a changed run belongs to the list %j: %s', (search, expected) => {
  expect(belongs(aRun(), search)).toBe(expected)
})

test('a filter is one as soon as one part is set', () => {
  expect(isFiltered({})).toBe(false)
  expect(isFiltered({ q: 'x' })).toBe(true)
  expect(isFiltered({ state: ['FAILED'] })).toBe(true)
})
