import { expect, test } from 'vitest'
import { toCsv } from './csv'
import { historyRows, slaRows } from './slaRows'
import { aSla } from '../../../test/builders'

test('what would break a field apart is quoted, and nothing is empty, not null', () => {
  expect(
    toCsv([
      ['name', 'share', 'note'],
      ['a,b', 0.5, null],
      ['say "hello"', -1, 'two\nlines'],
      [' padded', 0, ''],
    ]),
  ).toBe('name,share,note\r\n"a,b",0.5,\r\n"say ""hello""",-1,"two\nlines"\r\n" padded",0,\r\n')
})

test('text is no formula to a spreadsheet', () => {
  expect(toCsv([['=1+1', '@SUM(A1)', '+41', '-x', -5]])).toBe("'=1+1,'@SUM(A1),'+41,'-x,-5\r\n")
})

test('every promise has a value below every heading', () => {
  const [head, judged, unjudged] = slaRows([aSla(), aSla({ current: null, isEnabled: false })])
  expect(judged).toHaveLength(head?.length ?? 0)
  expect(unjudged).toHaveLength(head?.length ?? 0)
  expect(judged).toContain('A success by 09:00 (UTC), every day.')
  expect(unjudged).toContain('SWITCHED_OFF')
})

test('a history has a row for each key, oldest last, as it was read', () => {
  const judged = {
    id: 'e',
    key: '2026-05-01',
    state: 'MISSED' as const,
    reason: 'done_late',
    dueAt: '2026-05-01T09:00:00Z',
    completedAt: '2026-05-01T09:42:00Z',
    lateBy: 'PT42M',
    measured: null,
    run: { id: 'r', externalId: 'scheduled__2026-05-01' },
    actions: [],
  }
  const [head, first, second] = historyRows([judged, { ...judged, key: '2026-04-30', run: null }])
  expect(head?.slice(0, 2)).toEqual(['key', 'state'])
  expect(first).toContain('scheduled__2026-05-01')
  expect(second).toHaveLength(head?.length ?? 0)
})
