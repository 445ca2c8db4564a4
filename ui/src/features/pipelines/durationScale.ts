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
