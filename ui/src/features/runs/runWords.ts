import type { RunRowFragment, RunTrigger } from '@/api/generated'

export const triggerWords: Record<RunTrigger, string> = {
  SCHEDULE: 'Schedule',
  MANUAL: 'Manual',
  ASSET: 'Asset',
  BACKFILL: 'Backfill',
  DEPENDENCY: 'Dependency',
  API: 'API',
  UNKNOWN: 'Unknown',
}

export function isRunTrigger(value: string): value is RunTrigger {
  return Object.hasOwn(triggerWords, value)
}

/** Whose data a run makes: its partition, or the day (and hour) it stands for; null where it says neither. */
export function runSubject({
  partition,
  logicalAt,
}: Pick<RunRowFragment, 'partition' | 'logicalAt'>): string | null {
  if (partition) return partition
  if (!logicalAt) return null
  const [date = '', time = ''] = logicalAt.split('T')
  return time.startsWith('00:00') ? date : `${date} ${time.slice(0, 5)} UTC`
}
