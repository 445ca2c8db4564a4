import { stepFor } from '@/charts/ticks'
import { clockMarks } from '@/time/clock'
import type { Standing } from './slaQueries'

type Predicted = Pick<
  Standing,
  'dueAt' | 'completedAt' | 'predictedAt' | 'predictedLow' | 'predictedHigh' | 'breachProbability'
>

/** Where things lie in the picture of a forecast, in percent of its width; null: it is not in it. */
export interface Picture {
  from: number
  to: number
  due: number | null
  now: number | null
  /** The 90% interval */
  low: number | null
  high: number | null
  /** Its end cannot be said */
  isOpen: boolean
  median: number | null
  done: number | null
}

const margin = 0.09
const openPart = 0.4
const shortest = 60_000

/** The picture of how something stands; null where there is nothing to draw. `now`: it is part of it. */
export function pictureOf(standing: Predicted, now?: number): Picture | null {
  const times = timesOf(standing, now ?? null)
  const { due, done, median, low, high } = times
  if (done === null && low === null) return null
  const shown = [due, done, median, low, high, times.now].filter((at) => at !== null)
  const first = Math.min(...shown)
  const span = Math.max(Math.max(...shown) - first, shortest)
  const isOpen = low !== null && high === null
  const from = first - span * margin
  // What has no end takes a part of the picture to itself.
  const to = first + span * (1 + (isOpen ? openPart : margin))
  const place = (at: number | null): number | null =>
    at === null ? null : Math.round(((at - from) / (to - from)) * 10_000) / 100
  return {
    from,
    to,
    due: place(due),
    now: place(times.now),
    low: place(low),
    high: isOpen ? 100 : place(high),
    isOpen,
    median: place(median),
    done: place(done),
  }
}

/** What is done has no forecast any more, and does not move. */
function timesOf(standing: Predicted, now: number | null) {
  const due = instant(standing.dueAt)
  const done = instant(standing.completedAt)
  if (done !== null) return { due, done, median: null, low: null, high: null, now: null }
  const median = instant(standing.predictedAt)
  return {
    due,
    done,
    median,
    low: instant(standing.predictedLow) ?? median,
    high: instant(standing.predictedHigh),
    now,
  }
}

function instant(at: string | null): number | null {
  return at === null ? null : Date.parse(at)
}

/** Instants for the marks of an axis: at most `most`, on round minutes, hours or days of a clock. */
export function axisMarks(
  { from, to }: Pick<Picture, 'from' | 'to'>,
  most: number,
  offset: (at: number) => number = () => 0,
): number[] {
  return clockMarks(from, to + 1, stepFor(to - from, 'minutes', most), offset).slice(0, most)
}
