const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

/** Distances between lines that people count in. */
const distances = [
  1, 2, 5, 10, 50, 100, 200, 500,
  second, 2 * second, 5 * second, 10 * second, 15 * second, 30 * second,
  minute, 2 * minute, 5 * minute, 10 * minute, 15 * minute, 30 * minute,
  hour, 2 * hour, 3 * hour, 6 * hour, 12 * hour,
  day, 2 * day, 5 * day, 10 * day,
] // prettier-ignore

/** Durations, in milliseconds, at which lines are drawn: from zero to the first one that nothing exceeds. */
export function ticks(longest: number, most = 4): number[] {
  const distance = distances.find((one) => longest / one <= most) ?? Math.ceil(longest / most / day) * day
  const count = Math.max(1, Math.ceil(longest / distance))
  return Array.from({ length: count + 1 }, (_, at) => at * distance)
}

interface Timed {
  startedAt: string | null
  endedAt: string | null
}

/** How long a run took, or has taken by `now`; null where it has not started, or nobody knows when it ended. */
export function durationOf({ startedAt, endedAt }: Timed, isRunning: boolean, now: number): number | null {
  if (startedAt === null) return null
  if (endedAt === null && !isRunning) return null
  const until = endedAt === null ? now : Date.parse(endedAt)
  return Math.max(0, until - Date.parse(startedAt))
}
