import { expect, test } from 'vitest'
import { totalSearches, withoutTotals } from './runTotals'

test('a total lists what it counts, and keeps what else the page is narrowed to', () => {
  const kept = withoutTotals({
    state: ['SUCCESS'],
    orchestrator: ['north'],
    q: 'sales',
    before: '2026-01-01T00:00:00Z',
    sort: 'longest',
  })
  expect(kept).toEqual({ orchestrator: ['north'], q: 'sales' })
  const { running, failed } = totalSearches(kept)
  expect(running).toEqual({ ...kept, state: ['RUNNING'] })
  expect(failed).toEqual({ ...kept, state: ['FAILED'], when: '24h' })
})
