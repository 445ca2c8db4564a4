import { expect, test } from 'vitest'
import { totalSearches, withoutTotals } from './runTotals'

test('a total lists what it counts, and keeps what else the page is narrowed to', () => {
  const kept = withoutTotals({
    state: ['SUCCESS'],
    orchestrator: 'north',
    q: 'sales',
    before: '2026-01-01T00:00:00Z',
    sort: 'longest',
  })
  expect(kept).toEqual({ orchestrator: 'north', q: 'sales' })
  const { running, failed } = totalSearches(kept, Date.parse('2026-05-02T07:30:42.123Z'))
  expect(running).toEqual({ ...kept, state: ['RUNNING'] })
  expect(failed).toEqual({ ...kept, state: ['FAILED'], after: '2026-05-01T07:30:00Z' })
})
