import { stepFor } from '@/charts/ticks'
import { formatDuration } from '@/time/format'

interface Times {
  startedAt: string | null
  endedAt: string | null
}

/** A stretch of time, milliseconds since the epoch. */
export interface Span {
  begin: number
  end: number
}

/** Where something lies in a span, in percent of its length. */
export interface Place {
  left: number
  width: number
}

/** So many labels stand side by side where there is little room. */
const mostTicks = 4
/** A label behind that would be cut off. */
const lastTick = 95

/**
 * From the first beginning to the last end of a run and its tasks; to `now` where it goes on. Null where nothing has
 * begun.
 */
export function spanOf(times: Times[], now: number | null): Span | null {
  const begins = times.flatMap(({ startedAt }) => (startedAt === null ? [] : [Date.parse(startedAt)]))
  const ends = times.flatMap(({ endedAt }) => (endedAt === null ? [] : [Date.parse(endedAt)]))
  if (begins.length === 0) return null
  const begin = begins.reduce((a, b) => Math.min(a, b))
  return { begin, end: [...ends, now ?? begin].reduce((a, b) => Math.max(a, b), begin + 1) }
}

/** Null for what has not begun. What has not ended reaches to `now`; where nothing goes on, its end is not known. */
export function placeOf(
  { startedAt, endedAt }: Times,
  { begin, end }: Span,
  now: number | null,
): Place | null {
  if (startedAt === null) return null
  const from = Date.parse(startedAt)
  const to = endedAt === null ? (now ?? from) : Date.parse(endedAt)
  const percent = 100 / (end - begin)
  return { left: (from - begin) * percent, width: Math.max(0, to - from) * percent }
}

/** Even steps from the beginning: how far apart they are, in percent, and what each is called. */
export function ticksOf({ begin, end }: Span): { step: number; ticks: { left: number; word: string }[] } {
  const length = end - begin
  const step = stepFor(length, 'seconds', mostTicks)
  const percent = (100 * step) / length
  const count = Math.floor(lastTick / percent)
  const ticks = Array.from({ length: count + 1 }, (_, at) => ({
    left: at * percent,
    word: at === 0 ? '0' : formatDuration(at * step),
  }))
  return { step: percent, ticks }
}
