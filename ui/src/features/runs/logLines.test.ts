import { expect, test } from 'vitest'
import { countLines, moreThan, tailWords } from './logLines'

test('more is offered until all of a log is shown', () => {
  expect(moreThan(200, 200)).toBe(1_000)
  expect(moreThan(1_000, 1_000)).toBe(10_000)
  expect(moreThan(10_000, 10_000)).toBeNull()
  expect(moreThan(1_000, 300)).toBeNull()
})

test('it is said whether the beginning of a log is missing', () => {
  expect(tailWords(200, 200)).toBe('Last 200 lines')
  expect(tailWords(1_000, 300)).toBe('300 lines')
  expect(tailWords(200, 1)).toBe('1 line')
})

test('the end of the last line begins no other one', () => {
  expect(countLines('one\ntwo\n')).toBe(2)
  expect(countLines('one')).toBe(1)
  expect(countLines(' \n')).toBe(0)
  expect(countLines(null)).toBe(0)
})
