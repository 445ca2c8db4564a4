import type { RunOrder, RunRowFragment, SortDirection } from '@/api/generated'
import type { Sort } from '@/components/VirtualTable'

/** The orders that a list of runs can be in; the first one needs no word in the address. */
const orders = {
  newest: { column: 'started', orderBy: 'TIME', direction: 'DESC' },
  oldest: { column: 'started', orderBy: 'TIME', direction: 'ASC' },
  longest: { column: 'duration', orderBy: 'DURATION', direction: 'DESC' },
  shortest: { column: 'duration', orderBy: 'DURATION', direction: 'ASC' },
} as const satisfies Record<string, { column: string; orderBy: RunOrder; direction: SortDirection }>

export type RunSort = Exclude<keyof typeof orders, 'newest'>

export type Placed = Pick<RunRowFragment, 'queuedAt' | 'startedAt' | 'endedAt' | 'observedAt'>

/** What an address may say; undefined for all else. */
export function parseRunSort(word: unknown): RunSort | undefined {
  return word === 'oldest' || word === 'longest' || word === 'shortest' ? word : undefined
}

/** As the API is asked for it. */
export function orderOf(sort: RunSort | undefined): { orderBy: RunOrder; direction: SortDirection } {
  const { orderBy, direction } = orders[sort ?? 'newest']
  return { orderBy, direction }
}

/** As the table's head shows it. */
export function sortOf(sort: RunSort | undefined): Sort {
  const { column, direction } = orders[sort ?? 'newest']
  return { column, isDescending: direction === 'DESC' }
}

/** What a click in the table's head asks for. */
export function sortBy({ column, isDescending }: Sort): RunSort | undefined {
  if (column === 'duration') return isDescending ? 'longest' : 'shortest'
  return isDescending ? undefined : 'oldest'
}

/** Where a run stands in the API's order by time, milliseconds since the epoch. */
export function placeInTime({ queuedAt, startedAt, endedAt, observedAt }: Placed): number {
  return Date.parse(queuedAt ?? startedAt ?? endedAt ?? observedAt)
}

/** Milliseconds from start to end; null where either is not known. */
export function tookOf({ startedAt, endedAt }: Placed): number | null {
  return startedAt === null || endedAt === null ? null : Date.parse(endedAt) - Date.parse(startedAt)
}

/** Whether the first of two runs stands before the second, or beside it. Runs without a duration come last. */
export function isBefore(run: Placed, other: Placed, sort: RunSort | undefined): boolean {
  if (sort === undefined) return placeInTime(run) >= placeInTime(other)
  if (sort === 'oldest') return placeInTime(run) < placeInTime(other)
  const [took, otherTook] = [tookOf(run), tookOf(other)]
  if (took === null || otherTook === null) {
    return took === otherTook ? placeInTime(run) >= placeInTime(other) : otherTook === null
  }
  return sort === 'longest' ? took >= otherTook : took < otherTook
}
