import { expect, test } from 'vitest'
import { type GridRun, gridRows, move } from './gridRows'

type TaskRun = GridRun['taskRuns'][number]

function taskRun(task: string, given: Partial<TaskRun> = {}): TaskRun {
  return { task, mapIndex: null, attempt: 1, state: 'SUCCESS', startedAt: null, endedAt: null, ...given }
}

function run(taskRuns: TaskRun[]): GridRun {
  return {
    id: 'run-1',
    externalId: '1',
    state: 'SUCCESS',
    nativeState: 'success',
    logicalAt: null,
    partition: null,
    queuedAt: null,
    startedAt: null,
    endedAt: null,
    taskRuns,
  }
}

const tasks = ['load', 'extract'].map((key) => ({ key, name: key }))
const edges = [{ upstream: 'extract', downstream: 'load' }]

test('tasks stand in the order in which they wait, then those that only a run tells of', () => {
  const rows = gridRows([run([taskRun('dropped')]), run([taskRun('load')])], tasks, edges)
  expect(rows.map(({ key, cells }) => [key, cells.map((cell) => cell?.state ?? null)])).toEqual([
    ['extract', [null, null]],
    ['load', [null, 'SUCCESS']],
    ['dropped', ['SUCCESS', null]],
  ])
})

test('of the attempts of a task the last one counts', () => {
  const attempts = [taskRun('load', { attempt: 2 }), taskRun('load', { attempt: 1, state: 'FAILED' })]
  const cell = gridRows([run(attempts)], tasks, edges)[1]?.cells[0]
  expect(cell).toMatchObject({ state: 'SUCCESS', attempt: 2, instances: 1 })
})

test('of a mapped task what is wrong counts, and how often', () => {
  const mapped = [0, 1, 2].map((mapIndex) =>
    taskRun('load', { mapIndex, state: mapIndex ? 'FAILED' : 'SUCCESS' }),
  )
  expect(gridRows([run(mapped)], tasks, edges)[1]?.cells[0]).toMatchObject({
    state: 'FAILED',
    instances: 3,
    inState: 2,
  })
})

test('arrow keys lead from cell to cell and stop at the edges', () => {
  expect(move({ row: 0, column: 0 }, 'ArrowUp', 2, 3)).toEqual({ row: -1, column: 0 })
  expect(move({ row: -1, column: 0 }, 'ArrowUp', 2, 3)).toEqual({ row: -1, column: 0 })
  expect(move({ row: 1, column: 2 }, 'ArrowRight', 2, 3)).toEqual({ row: 1, column: 2 })
  expect(move({ row: 1, column: 2 }, 'Home', 2, 3)).toEqual({ row: 1, column: 0 })
  expect(move({ row: 1, column: 0 }, 'End', 2, 3)).toEqual({ row: 1, column: 2 })
  expect(move({ row: 1, column: 2 }, 'Tab', 2, 3)).toBeNull()
})
