import type { PipelineRecentQuery, TaskRunState } from '@/api/generated'
import { layerTasks } from './taskLayers'

export type GridRun = Extract<
  PipelineRecentQuery['node'],
  { __typename: 'Pipeline' }
>['inGrid']['edges'][number]['node']
type TaskRun = GridRun['taskRuns'][number]

interface Task {
  key: string
  name: string
}
interface Edge {
  upstream: string
  downstream: string
}

/** What one run made of one task. */
export interface Cell {
  state: TaskRunState
  /** Of the instance that the state is of */
  attempt: number
  startedAt: string | null
  endedAt: string | null
  /** More than one where the task is mapped */
  instances: number
  /** Those that are in the same state */
  inState: number
}

export interface GridRow {
  key: string
  name: string
  /** One for each run; null where the run says nothing of the task */
  cells: (Cell | null)[]
}

/** Of several instances of a task, what a person must know of first comes first. */
const urgency: TaskRunState[] = [
  'FAILED',
  'UPSTREAM_FAILED',
  'UP_FOR_RETRY',
  'RUNNING',
  'DEFERRED',
  'QUEUED',
  'PENDING',
  'CANCELLED',
  'UNKNOWN',
  'SUCCESS',
  'SKIPPED',
]

/** Tasks by runs: tasks in the order in which they wait for each other, then those that only runs tell of. */
export function gridRows(runs: GridRun[], tasks: Task[], edges: Edge[]): GridRow[] {
  const listed = layerTasks(tasks, edges).flat()
  const known = new Set(listed.map(({ key }) => key))
  const seen = new Set(runs.flatMap(({ taskRuns }) => taskRuns.map(({ task }) => task)))
  const others = [...seen].filter((key) => !known.has(key)).map((key) => ({ key, name: key }))
  const byRun = runs.map(({ taskRuns }) => groupBy(taskRuns, ({ task }) => task))
  return [...listed, ...others].map(({ key, name }) => ({
    key,
    name,
    cells: byRun.map((ofTask) => cellOf(ofTask.get(key) ?? [])),
  }))
}

function groupBy<One, Key>(all: One[], keyOf: (one: One) => Key): Map<Key, One[]> {
  const groups = new Map<Key, One[]>()
  for (const one of all) {
    const key = keyOf(one)
    const group = groups.get(key)
    if (group) group.push(one)
    else groups.set(key, [one])
  }
  return groups
}

function cellOf(taskRuns: TaskRun[]): Cell | null {
  const latest = [...groupBy(taskRuns, ({ mapIndex }) => mapIndex).values()].map((attempts) =>
    attempts.reduce((last, one) => (one.attempt > last.attempt ? one : last)),
  )
  const state = urgency.find((one) => latest.some((taskRun) => taskRun.state === one))
  const inState = latest.filter((taskRun) => taskRun.state === state)
  const [shown] = inState
  if (!shown) return null
  const { attempt, startedAt, endedAt } = shown
  return {
    state: shown.state,
    attempt,
    startedAt,
    endedAt,
    instances: latest.length,
    inState: inState.length,
  }
}

/** A place in the grid: the row -1 is that of the runs themselves. */
export interface Place {
  row: number
  column: number
}

const steps: Record<string, Place> = {
  ArrowUp: { row: -1, column: 0 },
  ArrowDown: { row: 1, column: 0 },
  ArrowLeft: { row: 0, column: -1 },
  ArrowRight: { row: 0, column: 1 },
}

/** Where a key leads from a place; null where it leads nowhere. */
export function move({ row, column }: Place, key: string, rows: number, columns: number): Place | null {
  const clamp = (value: number, low: number, high: number): number => Math.min(Math.max(value, low), high)
  if (key === 'Home') return { row, column: 0 }
  if (key === 'End') return { row, column: columns - 1 }
  const step = steps[key]
  if (!step) return null
  return { row: clamp(row + step.row, -1, rows - 1), column: clamp(column + step.column, 0, columns - 1) }
}
