import { expect, test } from 'vitest'
import { aCondition, aDependency } from '../../../test/builders'
import { emptyForm, toForm, toInput } from './dependencyForm'
import { inputOf } from './dependencyInput'
import { toYaml } from './dependencyYaml'

test('the example of the documentation', () => {
  const dependency = aDependency(undefined, { parameters: { day: '{{ key }}' }, timeout: 'PT3H' })
  expect(toYaml(inputOf(dependency))).toBe(`dependencies:
  - name: marts-after-ingest
    keyed_by: day
    timezone: Europe/Zurich
    upstream:
      - airflow-prod/ingest_sales
      - prefect-crm/crm-sync/hourly
    target: dagster-analytics/marts
    parameters: {day: "{{ key }}"}
    timeout: 3h
`)
})

test('everything that is not as usual', () => {
  const upstream = [
    aCondition('a/one.load', { task: 'load', states: ['SUCCESS', 'SKIPPED'], offset: 1 }),
    aCondition('b/two', { partitions: ['eu', '2026-05-01'], every: 'DAY' }),
    aCondition('postgres://db:5432 sales.orders', { states: null, freshWithin: 'PT2H30M' }),
    aCondition('0 22 * * * for 3h', { states: null, cron: '0 22 * * *', lasts: 'PT3H' }),
  ]
  const dependency = aDependency(upstream, {
    name: 'close-month',
    description: 'Closes: the month, # once',
    mode: 'ANY',
    expression: `any of (a/one.load, all of (b/two, postgres://db:5432 sales.orders), 0 22 * * * for 3h)`,
    keyedBy: 'MONTH',
    timezone: 'UTC',
    partition: '{{ key }}',
    onRerun: 'ASK',
    maxActive: 2,
    maxPerMinute: 10,
    allowCycle: true,
    isEnabled: false,
  })
  expect(toYaml(toInput(toForm(dependency)))).toBe(toYaml(inputOf(dependency)))
  expect(toYaml(inputOf(dependency))).toBe(`dependencies:
  - name: close-month
    description: "Closes: the month, # once"
    keyed_by: month
    mode: any
    upstream:
      - {pipeline: a/one, task: load, states: [success, skipped], offset: 1}
      - {all: [{pipeline: b/two, partitions: [eu, "2026-05-01"], every: day}, {dataset: {namespace: "postgres://db:5432", name: sales.orders}, fresh_within: 2h30m}]}
      - {cron: "0 22 * * *", lasts: 3h}
    target: dagster-analytics/marts
    partition: "{{ key }}"
    on_rerun: ask
    max_active: 2
    max_per_minute: 10
    allow_cycle: true
    enabled: false
`)
})

test('what is still being written has gaps', () => {
  expect(toYaml(toInput({ ...emptyForm, timeout: '1d12h' }))).toBe(`dependencies:
  - name: ""
    keyed_by: day
    upstream:
      - ""
    target: ""
    timeout: 1d12h
`)
})

test.each([
  ['yes', '"yes"'],
  ['12', '"12"'],
  ['2026-05-01', '"2026-05-01"'],
  ['a, b', '"a, b"'],
  ['it is "so"', '"it is \\"so\\""'],
  ['', '""'],
  ['plain words', 'plain words'],
])('text that YAML might read as something else is quoted: %s', (text, written) => {
  const dependency = aDependency(undefined, { parameters: { value: text } })
  expect(toYaml(inputOf(dependency))).toContain(`parameters: {value: ${written}}`)
})
