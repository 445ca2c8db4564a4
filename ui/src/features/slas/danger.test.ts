import { expect, test } from 'vitest'
import { aSla, aStanding } from '../../../test/builders'
import { byDanger } from './danger'

test('what is missed and not done comes first, then what is at risk, then what is due next, then the rest', () => {
  const sla = (name: string, given: Parameters<typeof aStanding>[0]) =>
    aSla({ name, current: aStanding(given) })
  const given = [
    sla('met', { state: 'MET', completedAt: '2026-05-01T08:00:00Z' }),
    sla('due late', { dueAt: '2026-05-01T18:00:00Z' }),
    aSla({ name: 'off', isEnabled: false, current: aStanding({ state: 'MISSED' }) }),
    sla('maybe late', { state: 'AT_RISK', breachProbability: 0.7 }),
    sla('done late', { state: 'MISSED', completedAt: '2026-05-01T10:00:00Z' }),
    sla('overdue', { state: 'MISSED', dueAt: '2026-05-01T06:00:00Z' }),
    sla('due soon', { dueAt: '2026-05-01T08:00:00Z' }),
    sla('long overdue', { state: 'MISSED', dueAt: '2026-05-01T02:00:00Z' }),
    aSla({ name: 'not judged', current: null }),
    sla('surely late', { state: 'AT_RISK', breachProbability: 0.98 }),
  ]
  expect(byDanger(given).map(({ name }) => name)).toEqual([
    'long overdue',
    'overdue',
    'surely late',
    'maybe late',
    'due soon',
    'due late',
    'done late',
    'met',
    'not judged',
    'off',
  ])
})
