import type { Standing } from './slaQueries'

/** Where a step lies on the path's scale of time, in percent. */
export interface Lane {
  start: number
  end: number
}

const shortest = 60_000
const margin = 0.03

/** The steps of a critical path, the deadline and now on one scale of time. */
export function lanesOf(
  { criticalPath, dueAt }: Pick<Standing, 'criticalPath' | 'dueAt'>,
  now: number,
): { lanes: (Lane | null)[]; due: number | null; now: number | null } {
  const times = criticalPath.map(({ expectedStart, expectedEnd }) => {
    const end = expectedEnd === null ? null : Date.parse(expectedEnd)
    return end === null
      ? null
      : { start: expectedStart === null ? Math.min(now, end) : Date.parse(expectedStart), end }
  })
  const due = dueAt === null ? null : Date.parse(dueAt)
  const shown = [
    now,
    ...(due === null ? [] : [due]),
    ...times.flatMap((one) => (one ? [one.start, one.end] : [])),
  ]
  const first = Math.min(...shown)
  const span = Math.max(Math.max(...shown) - first, shortest)
  const from = first - span * margin
  const place = (at: number): number => Math.round(((at - from) / (span * (1 + 2 * margin))) * 10_000) / 100
  return {
    lanes: times.map((one) => one && { start: place(one.start), end: place(one.end) }),
    due: due === null ? null : place(due),
    now: place(now),
  }
}
