import type { PipelineRowFragment } from '@/api/generated'
import type { Sort } from '@/components/VirtualTable'
import { runStateOrder } from '@/features/runs/runState'
import { fullName } from './nameContext'
import type { SortColumn } from './pipelineSearch'

type Key = string | number | null

const keys: Record<SortColumn, (pipeline: PipelineRowFragment) => Key> = {
  name: (pipeline) => fullName(pipeline).toLowerCase(),
  orchestrator: ({ orchestrator }) => orchestrator.name,
  owners: ({ owners }) => owners.join(', ').toLowerCase() || null,
  schedule: ({ schedule }) => schedule,
  next: ({ nextRunAt, isPaused }) => (nextRunAt === null || isPaused ? null : Date.parse(nextRunAt)),
  state: ({ latestRun }) => latestRun && runStateOrder.indexOf(latestRun.state),
  latest: ({ latestRun }) => latestRunAt(latestRun),
}

function latestRunAt(run: PipelineRowFragment['latestRun']): number | null {
  const at = run && (run.startedAt ?? run.queuedAt ?? run.observedAt)
  return at ? Date.parse(at) : null
}

/**
 * Pipelines in another order than the API's, which is by name. What has no value comes last, whichever way round; what is
 * equal stays by name.
 */
export function sortPipelines(
  pipelines: PipelineRowFragment[],
  { column, isDescending }: Sort & { column: SortColumn },
): PipelineRowFragment[] {
  if (column === 'name' && !isDescending) return pipelines
  const keyOf = keys[column]
  const keyed = pipelines.map((pipeline) => ({ pipeline, key: keyOf(pipeline) }))
  keyed.sort((a, b) => compare(a.key, b.key, isDescending))
  return keyed.map(({ pipeline }) => pipeline)
}

function compare(a: Key, b: Key, isDescending: boolean): number {
  if (a === b) return 0
  if (a === null) return 1
  if (b === null) return -1
  return a < b === isDescending ? 1 : -1
}
