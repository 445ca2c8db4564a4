import { expect, test } from 'vitest'
import { toCsv } from './csv'
import { slaRows } from './slaRows'
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
