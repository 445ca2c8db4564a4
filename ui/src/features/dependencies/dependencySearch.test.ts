import { expect, test } from 'vitest'
import { aDependency, aFiring } from '../../../test/builders'
import { matches, parseDependencySearch, parseFiringSearch } from './dependencySearch'

test('an address is read, and what makes no sense in it is left out', () => {
  const typed = {
    q: ' marts ',
    orchestrator: 'airflow-prod',
    origin: 'api',
    standing: 'waiting,bogus,Stopped,waiting',
  }
  expect(parseDependencySearch(typed)).toEqual({
    q: 'marts',
    orchestrator: 'airflow-prod',
    origin: 'API',
    standing: ['waiting', 'stopped'],
  })
  expect(parseDependencySearch({ q: 7, origin: 'elsewhere', standing: '' })).toEqual({})
  expect(parseFiringSearch({ state: 'failed,EXPIRED,bogus' })).toEqual({ state: ['FAILED', 'EXPIRED'] })
})

test('filters find by name, system, origin and how it stands', () => {
  const waiting = aDependency(undefined, { newest: aFiring() })
  expect(matches(waiting, {})).toBe(true)
  expect(matches(waiting, { q: 'CRM-sync' })).toBe(true)
  expect(matches(waiting, { q: 'payments' })).toBe(false)
  expect(matches(waiting, { orchestrator: 'dagster-analytics' })).toBe(true)
  expect(matches(waiting, { orchestrator: 'prefect-crm' })).toBe(true)
  expect(matches(waiting, { orchestrator: 'prefect' })).toBe(false)
  expect(matches(waiting, { origin: 'API' })).toBe(false)
  expect(matches(waiting, { standing: ['failed', 'waiting'] })).toBe(true)
  expect(matches(waiting, { standing: ['stopped'] })).toBe(false)
  expect(matches({ ...waiting, isPaused: true }, { standing: ['stopped'] })).toBe(true)
  expect(matches({ ...waiting, newest: null }, { standing: ['never'] })).toBe(true)
})
