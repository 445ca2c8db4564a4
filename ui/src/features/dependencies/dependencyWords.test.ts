import { expect, test } from 'vitest'
import { aCondition, aDependency, aFiring } from '../../../test/builders'
import { conditionTree } from './conditionTree'
import {
  conditionWords,
  keyWords,
  progressWords,
  shortDuration,
  whyNotAgain,
  whyNotCancel,
} from './dependencyWords'

const four = aDependency(
  ['a/one', 'b/two', 'b/three', 'c/four'].map((name) => aCondition(name)),
  { expression: 'all of (a/one, any of (b/two, b/three), c/four)' },
)

function progress(held: boolean[], given = {}): string {
  const satisfied = held.map((isSatisfied) => ({ isSatisfied }))
  return progressWords(conditionTree(four), aFiring({ satisfied, ...given }))
}

test('how far a firing is, and what it waits for', () => {
  expect(progress([true, false, false, true])).toBe('2 of 4 conditions, waiting for b/two or b/three')
  expect(progress([true, false, true, false])).toBe('2 of 4 conditions, waiting for c/four')
  expect(progress([false, false, false, false])).toBe(
    '0 of 4 conditions, waiting for a/one, b/two or b/three and c/four',
  )
  expect(progress([true, false, true, true], { state: 'SUCCEEDED' })).toBe('3 of 4 conditions')
  expect(progress([true, true, true, true], { asks: true })).toContain('waiting for a person')
})

test('conditions in words', () => {
  expect(conditionWords(aCondition('a/b'), 'DAY')).toBe('has succeeded')
  expect(conditionWords(aCondition('a/b', { offset: 1 }), 'DAY')).toBe('has succeeded for the day before')
  expect(conditionWords(aCondition('a/b', { offset: 3 }), 'HOUR')).toBe('has succeeded for 3 hours before')
  expect(conditionWords(aCondition('a/b', { every: 'DAY' }), 'MONTH')).toBe(
    'has succeeded for every day of the month',
  )
  expect(
    conditionWords(aCondition('a/b', { states: ['SUCCESS', 'FAILED'], partitions: ['eu', 'us'] }), 'DAY'),
  ).toBe('has succeeded or failed for eu and us')
  expect(conditionWords(aCondition('p q', { states: null, freshWithin: 'PT2H' }), 'DAY')).toBe(
    'was written within 2h',
  )
  expect(conditionWords(aCondition('w', { states: null, cron: '0 22 * * *', lasts: 'PT3H' }), 'DAY')).toBe(
    'is open, for 3h each time',
  )
})

test('for what it fires, with a time zone only where it has one', () => {
  expect(keyWords(four)).toBe('once for each day in Europe/Zurich')
  expect(keyWords({ keyedBy: 'RUN', timezone: 'UTC' })).toBe('once for each run')
})

test.each([
  ['PT3H', '3h'],
  ['P1DT2H30M', '1d2h30m'],
  ['PT0S', '0s'],
  ['PT0.25S', '250ms'],
  ['nonsense', 'nonsense'],
])('%s is %s in podium.yaml', (iso, short) => {
  expect(shortDuration(iso)).toBe(short)
})

test('what cannot be done says why', () => {
  expect(whyNotAgain({ state: 'FAILED' })).toBeUndefined()
  expect(whyNotAgain({ state: 'WAITING' })).toMatch(/Only what has failed/)
  expect(whyNotCancel({ state: 'READY' })).toBeUndefined()
  expect(whyNotCancel({ state: 'TRIGGERED' })).toBe('Cancel its run instead')
})
