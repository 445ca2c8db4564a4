import { expect, test } from 'vitest'
import { aSla } from '../../../test/builders'
import { belongs, choices, isFiltered, orchestratorOf, parseSlaSearch, withoutFilters } from './slaSearch'

test('an address that anyone may have typed is read as far as it makes sense', () => {
  expect(
    parseSlaSearch({ state: 'at_risk,MISSED,gone', owner: ' ada ', q: 7, by: 'orchestrator', days: '90' }),
  ).toEqual({ state: ['AT_RISK', 'MISSED'], owner: 'ada', q: '7', by: 'orchestrator', days: '90' })
  expect(parseSlaSearch({ state: 3, owner: '', by: 'owner', days: '30' })).toEqual({})
})

test('the window of adherence is no filter of the list', () => {
  expect(isFiltered({ days: '7', by: 'orchestrator' })).toBe(false)
  expect(withoutFilters({ days: '7', q: 'sales', state: ['MET'] })).toEqual({ days: '7' })
})

test('all filters must hold', () => {
  const sla = aSla()
  expect(
    belongs(sla, { state: ['ON_TRACK'], owner: 'sales', orchestrator: 'airflow-prod', q: 'BY-NINE' }),
  ).toBe(true)
  expect(belongs(sla, { state: ['MISSED'] })).toBe(false)
  expect(belongs(sla, { owner: 'ada' })).toBe(false)
  expect(belongs(sla, { orchestrator: 'north' })).toBe(false)
  expect(belongs(sla, { q: 'ingest' })).toBe(true)
  expect(belongs(aSla({ isEnabled: false }), { state: ['ON_TRACK'] })).toBe(false)
  expect(belongs(aSla({ current: null }), { state: ['PENDING'] })).toBe(true)
})

test('a pipeline that nobody lists still says where it is, a dataset is nowhere', () => {
  expect(orchestratorOf(aSla({ pipeline: null, targetName: 'north/gone' }))).toBe('north')
  expect(orchestratorOf(aSla({ pipeline: null, targetName: 'postgres://db:5432/shop.orders' }))).toBeNull()
  expect(choices(['b', null, 'a', 'b'])).toEqual(['a', 'b'])
})
