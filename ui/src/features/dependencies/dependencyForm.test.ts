import { ApiError } from '@/api/errors'
import type { ConditionInput, DependencyInput, KeyGranularity, RunState } from '@/api/generated'
import { expect, test } from 'vitest'
import { aCondition, aDependency } from '../../../test/builders'
import { emptyForm, faultsOf, formOf, toFaults, toForm, toInput } from './dependencyForm'
import { emptyCondition } from './conditionForm'

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
          { pipeline: { orchestrator: 'b', key: 'two' }, task: 'load', offset: 1 },
          { dataset: { namespace: 'p', name: 'q' }, freshWithin: '2h' },
        ],
      },
      { cron: '0 22 * * *', lasts: '3h' },
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
})

/** The same numbers for the same seed: whoever sees it fail sees it again (mulberry32). */
function dice(seed: number) {
  let state = seed
  const roll = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
  const one = <Value>(values: readonly Value[]): Value => values[Math.floor(roll() * values.length)] as Value
  return {
    one,
    often: (share: number) => roll() < share,
    some: <V>(make: () => V, most: number) => Array.from({ length: 1 + Math.floor(roll() * most) }, make),
  }
}

const keys = ['ingest', 'group/dag', 'crm-sync/hourly', 'a, b (old)', 'ünïcode', 'all of (x)']
const lengths = ['3h', '30m', '1d12h', '90s', '250ms']
const granularities: KeyGranularity[] = ['MINUTE', 'HOUR', 'DAY', 'WEEK', 'MONTH']
const states: RunState[] = ['FAILED', 'CANCELLED', 'SKIPPED', 'UNKNOWN']

function aPipelineInput(die: ReturnType<typeof dice>): ConditionInput {
  return {
    pipeline: { orchestrator: die.one(['airflow-prod', 'crm']), key: die.one(keys) },
    ...(die.often(0.4) && { states: [...new Set(die.some(() => die.one(states), 3))] }),
    ...(die.often(0.3) && { task: die.one(['load', 'group.check']) }),
    ...(die.often(0.3) && { partitions: die.some(() => die.one(['eu', 'us, ca', '2026-05-01']), 3) }),
  }
}

function aConditionInput(die: ReturnType<typeof dice>, depth: number): ConditionInput {
  const kind = die.one(
    depth > 0 ? ['pipeline', 'dataset', 'window', 'all', 'any'] : ['pipeline', 'dataset', 'window'],
  )
  const when = {
    ...(die.often(0.3) && { offset: die.one([1, 2, 7, -1]) }),
    ...(die.often(0.3) && { every: die.one(granularities) }),
  }
  if (kind === 'window') return { cron: die.one(['0 22 * * *', '0 6 * * 1-5']), lasts: die.one(lengths) }
  if (kind === 'dataset') {
    const dataset = { namespace: die.one(['postgres://warehouse:5432', 's3://lake']), name: die.one(keys) }
    return { dataset, ...(die.often(0.5) && { freshWithin: die.one(lengths) }), ...when }
  }
  if (kind === 'pipeline') return { ...aPipelineInput(die), ...when }
  const items = die.some(() => aConditionInput(die, depth - 1), 3)
  return kind === 'all' ? { all: items } : { any: items }
}

function anInput(seed: number): DependencyInput {
  const die = dice(seed)
  return {
    name: die.one(['new', 'marts-after-ingest']),
    description: die.one([null, 'What the shop sells: "all", once.']),
    mode: die.one(['ALL', 'ANY']),
    upstream: die.some(() => aConditionInput(die, 3), 4),
    target: { orchestrator: 'dagster', key: die.one(keys) },
    keyedBy: die.one([...granularities, 'RUN', 'PARTITION'] as const),
    timezone: die.one(['UTC', 'Europe/Zurich']),
    timeout: die.one([null, ...lengths]),
    parameters: die.one([null, { day: '{{ key }}', deep: { list: [1, 'two', null, true] }, text: 'a\n  b' }]),
    partition: die.one([null, '{{ key }}', 'eu|{{ start }}']),
    onRerun: die.one(['IGNORE', 'FIRE', 'ASK']),
    maxActive: die.one([null, 1, 12]),
    maxPerMinute: die.one([null, 1, 60]),
    allowCycle: die.often(0.5),
    isEnabled: die.often(0.5),
  }
}

test('whatever the API takes comes through the form as it was, and the form has nothing against it', () => {
  for (let seed = 0; seed < 500; seed += 1) {
    const input = anInput(seed)
    const form = formOf(input)
    expect(toInput(form), `seed ${seed}`).toEqual(input)
    expect(formOf(toInput(form)), `seed ${seed}`).toEqual(form)
    expect(faultsOf(form), `seed ${seed}`).toEqual({})
  }
})

test('what is missing is said at its field', () => {
  expect(Object.keys(faultsOf(emptyForm)).sort()).toEqual(['name', 'target', 'upstream[0].pipeline'])
  const form = {
    ...emptyForm,
    name: 'a',
    target: 'a/b',
    conditions: [{ ...emptyCondition, pipeline: 'c/d' }],
  }
  expect(faultsOf(form)).toEqual({})
  expect(faultsOf({ ...form, parameters: '[1]', timeout: 'soon', maxActive: '0' })).toEqual({
    parameters: 'Parameters are a JSON object, such as {"day": "2026-05-01"}.',
    timeout: 'Write it like 3h, 30m or 1d12h.',
    maxActive: 'Write 1 or more, or nothing for no limit.',
  })
  const inner = { ...emptyCondition, kind: 'window' as const, cron: '0 6 * * *' }
  const group = { ...emptyCondition, kind: 'group' as const, items: [inner] }
  expect(Object.keys(faultsOf({ ...form, conditions: [group] }))).toEqual(['upstream[0][0].lasts'])
})

test.each([
  ['input.upstream[1]: there is no x.', { 'upstream[1].pipeline': 'there is no x.' }],
  ['input.upstream[0].any[1].fresh_within: too long.', { 'upstream[0][1].freshWithin': 'too long.' }],
  ['input.upstream[0].all[1].any[2]: there is no x.', { 'upstream[0][1][2].pipeline': 'there is no x.' }],
  ['input.keyed_by: with run, no.', { keyedBy: 'with run, no.' }],
  ['input.parameters.day: is no template.', { parameters: 'is no template.' }],
  ['input.target: it is unknown: y.', { target: 'it is unknown: y.' }],
  ["Duration: 'soon' is not a duration.", { timeout: "'soon' is not a duration." }],
  ['There is no orchestrator x.', { form: 'There is no orchestrator x. Do so.' }],
])('what the gateway refuses stands where it belongs: %s', (message, faults) => {
  expect(toFaults(new ApiError('BAD_USER_INPUT', message, 'Do so.'))).toEqual(faults)
})
