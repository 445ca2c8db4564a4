import { ApiError } from '@/api/errors'
import { expect, test } from 'vitest'
import { aCondition, aDependency } from '../../../test/builders'
import { emptyForm, faultsOf, keptWords, toFaults, toForm, toInput } from './dependencyForm'

test('what is edited and saved unchanged is what it was', () => {
  const upstream = [
    aCondition('a/one'),
    aCondition('b/two.load', { task: 'load', offset: 1 }),
    aCondition('p q', { states: null, freshWithin: 'PT2H' }),
    aCondition('0 22 * * * for 3h', { states: null, cron: '0 22 * * *', lasts: 'PT3H' }),
  ]
  const dependency = aDependency(upstream, {
    expression: 'all of (a/one, any of (b/two.load, p q), 0 22 * * * for 3h)',
    timeout: 'PT3H',
    parameters: { day: '{{ key }}' },
    maxActive: 2,
    onRerun: 'ASK',
  })
  expect(toInput(toForm(dependency))).toEqual({
    name: 'marts-after-ingest',
    description: null,
    mode: 'ALL',
    upstream: [
      { pipeline: { orchestrator: 'a', key: 'one' } },
      {
        any: [
          { pipeline: { orchestrator: 'b', key: 'two' }, states: ['SUCCESS'], task: 'load', offset: 1 },
          { dataset: { namespace: 'p', name: 'q' }, freshWithin: 'PT2H' },
        ],
      },
      { cron: '0 22 * * *', lasts: 'PT3H' },
    ],
    target: { orchestrator: 'dagster-analytics', key: 'marts' },
    keyedBy: 'DAY',
    timezone: 'Europe/Zurich',
    timeout: '3h',
    parameters: { day: '{{ key }}' },
    isEnabled: true,
    partition: null,
    onRerun: 'ASK',
    maxActive: 2,
    maxPerMinute: null,
    allowCycle: false,
  })
  expect(toForm(dependency).conditions.map(({ kept }) => kept && keptWords(kept))).toEqual([
    null,
    'b/two · load, with conditions of its own or the dataset q',
    'the window 0 22 * * *',
  ])
})

test('what is missing is said at its field', () => {
  expect(Object.keys(faultsOf(emptyForm))).toEqual(['name', 'upstream[0]', 'target'])
  const form = { ...emptyForm, name: 'a', target: 'a/b', conditions: [{ pipeline: 'c/d', kept: null }] }
  expect(faultsOf(form)).toEqual({})
  expect(faultsOf({ ...form, parameters: '[1]' })).toHaveProperty('parameters')
})

test.each([
  ['input.upstream[1].pipeline: there is no x.', { 'upstream[1]': 'there is no x.' }],
  ['input.target: it is unknown: y.', { target: 'it is unknown: y.' }],
  ["Duration: 'soon' is not a duration.", { timeout: "'soon' is not a duration." }],
  ['There is no orchestrator x.', { form: 'There is no orchestrator x. Do so.' }],
])('what the gateway refuses stands where it belongs: %s', (message, faults) => {
  expect(toFaults(new ApiError('BAD_USER_INPUT', message, 'Do so.'))).toEqual(faults)
})
