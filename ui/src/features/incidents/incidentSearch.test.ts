import { expect, test } from 'vitest'
import { anIncidentLine } from '../../../test/builders'
import { incidentNumber, toIncidentId } from './incidentId'
import { isFiltered, parseIncidentSearch, splitStates } from './incidentSearch'
import { byUrgency, worstOf } from './urgency'

test('a search from an address keeps what makes sense', () => {
  expect(
    parseIncidentSearch({ state: 'open,RESOLVED,open,gone', severity: 'critical', orchestrator: ' north ' }),
  ).toEqual({ state: ['OPEN', 'RESOLVED'], severity: ['CRITICAL'], orchestrator: 'north' })
  expect(parseIncidentSearch({ state: 7, severity: 'awful', orchestrator: '' })).toEqual({})
  expect(isFiltered({})).toBe(false)
  expect(isFiltered({ orchestrator: 'north' })).toBe(true)
})

test('what goes on and what is over are two lists, of which a filter may want one', () => {
  expect(splitStates({})).toEqual({ ongoing: ['OPEN', 'ACKNOWLEDGED', 'SUPPRESSED'], over: ['RESOLVED'] })
  expect(splitStates({ state: ['ACKNOWLEDGED'] })).toEqual({ ongoing: ['ACKNOWLEDGED'], over: null })
  expect(splitStates({ state: ['RESOLVED'] })).toEqual({ ongoing: null, over: ['RESOLVED'] })
})

test('the number in a notification’s link is the API’s id, and back', () => {
  expect(toIncidentId('12')).toBe('SW5jaWRlbnQ6MTI')
  for (const number of ['1', '12', '345', '6789', '1234567890']) {
    expect(incidentNumber(toIncidentId(number))).toBe(number)
  }
  expect(toIncidentId('SW5jaWRlbnQ6MTI')).toBe('SW5jaWRlbnQ6MTI')
  expect(incidentNumber('something else')).toBe('something else')
})

test('what nobody has in hand comes first, then the worst, then the latest', () => {
  const incident = (id: string, given: Parameters<typeof anIncidentLine>[0]) =>
    anIncidentLine({ id, ...given })
  const ordered = byUrgency([
    incident('late', { openedAt: '2026-05-01T09:00:00Z' }),
    incident('in hand', { state: 'ACKNOWLEDGED', severity: 'CRITICAL' }),
    incident('early', { openedAt: '2026-05-01T08:00:00Z' }),
    incident('worst', { severity: 'CRITICAL', openedAt: '2026-05-01T07:00:00Z' }),
  ])
  expect(ordered.map(({ id }) => id)).toEqual(['worst', 'late', 'early', 'in hand'])
})

test('the worst of all counts, also where it is not among those that are named', () => {
  const counts = { critical: { totalCount: 0 }, error: { totalCount: 0 }, warning: { totalCount: 0 } }
  const incidents = { totalCount: 30, edges: [] }
  expect(worstOf({ incidents, ...counts, error: { totalCount: 1 } })).toBe('ERROR')
  expect(worstOf({ incidents, ...counts })).toBe('INFO')
  expect(worstOf({ ...counts, incidents: { totalCount: 0, edges: [] } })).toBeNull()
})
