import { expect, test } from 'vitest'
import { isMatched, labelsOf, matcherWords, suggestedLabels } from './silenceMatch'

const labels = { signal: 'run_failed', orchestrator: 'airflow-prod', pipeline: 'ingest_sales' }

test.each([
  ['pipeline', 'EQ', 'ingest_sales', true],
  ['pipeline', 'EQ', 'ingest', false],
  ['pipeline', 'RE', 'ingest.*', true],
  ['pipeline', 'RE', 'ingest', false],
  ['pipeline', 'NRE', 'ingest', true],
  ['owner', 'EQ', '', true],
  ['owner', 'NEQ', '', false],
  ['owner', 'RE', '.+', false],
  // It may be right in the gateway's dialect.
  ['owner', 'RE', '(?i)x', true],
  ['owner', 'NRE', '(?i)x', true],
] as const)('%s %s %s: %s', (label, operator, value, holds) => {
  expect(isMatched([{ label, operator, value }], labels)).toBe(holds)
})

test('all matchers must hold', () => {
  const pipeline = { label: 'pipeline', operator: 'EQ', value: 'ingest_sales' } as const
  expect(isMatched([pipeline, { label: 'orchestrator', operator: 'EQ', value: 'other' }], labels)).toBe(false)
  expect(matcherWords(pipeline)).toBe('pipeline="ingest_sales"')
})

test('a silence begins with what the signal is about', () => {
  expect(suggestedLabels(labels)).toEqual(['orchestrator', 'pipeline'])
  expect(suggestedLabels({ ...labels, dataset: 'orders', dataset_namespace: 'pg' })).toEqual([
    'dataset_namespace',
    'dataset',
  ])
  expect(suggestedLabels({ signal: 'sla_missed', sla: 'by-nine' })).toEqual(['sla'])
  expect(suggestedLabels({ signal: 'orchestrator_unreachable', orchestrator: 'north' })).toEqual([
    'orchestrator',
  ])
  expect(suggestedLabels({})).toEqual([])
})

test('labels are whatever text the API gives', () => {
  expect(labelsOf({ a: 'b', c: 3 })).toEqual({ a: 'b' })
  expect(labelsOf(null)).toEqual({})
})
