import { expect, test } from 'vitest'
import type { GridRun } from './gridRows'
import { taskNodes } from './taskNodes'

const task = (key: string, group: string | null = null, type: string | null = null) => ({
  key,
  name: key,
  type,
  group,
  url: null,
})
const tasks = [task('extract', null, 'PythonOperator'), task('clean.names', 'clean'), task('load')]
const taskEdges = [
  { upstream: 'extract', downstream: 'clean.names' },
  { upstream: 'clean.names', downstream: 'load' },
  { upstream: 'extract', downstream: 'load' },
]
const none = { startedAt: null, endedAt: null }
const latest: GridRun = {
  id: 'run-7',
  externalId: 'manual-7',
  state: 'FAILED',
  nativeState: 'failed',
  logicalAt: null,
  partition: null,
  queuedAt: null,
  ...none,
  taskRuns: [
    { task: 'extract', mapIndex: null, attempt: 2, state: 'SUCCESS', ...none },
    { task: 'clean.names', mapIndex: 0, attempt: 1, state: 'FAILED', ...none },
    { task: 'clean.names', mapIndex: 1, attempt: 1, state: 'SUCCESS', ...none },
  ],
}

test('a task is named with its state in the latest run and what it waits for', () => {
  const nodes = taskNodes({ tasks, taskEdges }, latest)
  expect(nodes.map(({ label }) => label)).toEqual([
    'extract, Success, attempt 2, PythonOperator',
    'clean.names, Failed (1 of 2), after extract, 2 instances, in clean',
    'load, Not reached, after clean.names and extract',
  ])
  expect(nodes.map(({ name, under, group }) => [name, under, group])).toEqual([
    ['extract', 'PythonOperator · attempt 2', null],
    ['names', '2 instances', 'clean'],
    ['load', '', null],
  ])
  expect(nodes.map(({ state, isMarked }) => [state?.tone, isMarked])).toEqual([
    ['good', false],
    ['bad', true],
    [undefined, false],
  ])
})

test('a task leads to itself in the latest run, where that has reached it', () => {
  const [extract, , load] = taskNodes({ tasks, taskEdges }, latest)
  expect(extract?.link).toMatchObject({ params: { runId: 'run-7' }, search: { task: 'extract' } })
  expect(load?.link).toBeNull()
})

test('before the first run nothing is said of states', () => {
  const nodes = taskNodes({ tasks, taskEdges }, undefined)
  expect(nodes.map(({ label }) => label)).toEqual([
    'extract, PythonOperator',
    'clean.names, after extract, in clean',
    'load, after clean.names and extract',
  ])
  expect(nodes.every(({ link, state }) => link === null && state === null)).toBe(true)
})
