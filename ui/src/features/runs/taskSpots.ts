import type { Attempt } from './runQueries'
import type { TaskRun, TaskRunGroup } from './taskRunGroups'

/** Which attempt's log a run's address asks for. */
export interface SpotSearch {
  task?: string
  /** Of a mapped task, which of its instances */
  map?: string
  /** The latest where it says nothing */
  attempt?: string
}

/** Reads an address that anyone may have typed: what makes no sense is left out. */
export function parseSpot(search: Record<string, unknown>): SpotSearch {
  const task = search['task']
  if (typeof task !== 'string' || task === '') return {}
  const [map, attempt] = [wholeNumber(search['map']), wholeNumber(search['attempt'])]
  return { task, ...(map && { map }), ...(attempt && { attempt }) }
}

function wholeNumber(value: unknown): string | undefined {
  return typeof value === 'string' && /^\d{1,9}$/.test(value) ? value : undefined
}

/** The address's words for an attempt. */
export function spotSearch({ task, mapIndex, attempt }: Attempt): SpotSearch {
  return { task, ...(mapIndex !== null && { map: String(mapIndex) }), attempt: String(attempt) }
}

/** Tells one attempt from all others of the run. */
export function spotId({ task, mapIndex, attempt }: Attempt): string {
  return `${task}[${mapIndex ?? ''}] ${attempt}`
}

/** The attempt that the address names, where the run has it. */
export function namedAttempt(groups: TaskRunGroup[], { task, map, attempt }: SpotSearch): TaskRun | null {
  const group = groups.find((one) => one.task === task && String(one.mapIndex ?? '') === (map ?? ''))
  if (!group) return null
  if (attempt === undefined) return group.latest
  return group.attempts.find((one) => String(one.attempt) === attempt) ?? null
}

/** The task that failed first: what failed only because of another task does not count. */
export function firstFailed(groups: TaskRunGroup[]): TaskRunGroup | null {
  const failed = groups.filter(({ latest }) => latest.state === 'FAILED')
  return failed.toSorted((a, b) => endOf(a) - endOf(b))[0] ?? null
}

function endOf({ latest }: TaskRunGroup): number {
  return latest.endedAt === null ? Number.MAX_SAFE_INTEGER : Date.parse(latest.endedAt)
}

const withoutLog = new Set<TaskRun['state']>(['PENDING', 'QUEUED', 'SKIPPED', 'UPSTREAM_FAILED'])

/** Whether an attempt has come so far that there is something to read. */
export function hasBegun({ state }: TaskRun): boolean {
  return !withoutLog.has(state)
}
