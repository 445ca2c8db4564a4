import { formatInstant, formatRelative, type Zone } from '@/time/format'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

/** How long ago each stop of the slider is, from the farthest to now: the nearer, the finer. */
export const stops: readonly number[] = [
  ...back(30 * day, 2 * day, 6 * hour),
  ...back(2 * day, hour, hour),
  ...back(hour, 0, 5 * minute),
  0,
]

/** The right end, which is now. */
export const lastStop = stops.length - 1

/** What is asked for often, by how long ago it is. */
export const usualMoments = [
  { word: '1 h ago', ago: hour },
  { word: 'Yesterday', ago: day },
  { word: '7 days ago', ago: 7 * day },
] as const

/** From one length of time down to another, which is left out. */
function back(from: number, to: number, by: number): number[] {
  return Array.from({ length: (from - to) / by }, (_, place) => from - place * by)
}

/** The whole minute that was so long ago, as an address has it. */
export function momentAgo(ago: number, now: number): string {
  return new Date(Math.floor((now - ago) / minute) * minute).toISOString()
}

/** The moment that a stop stands for; none: now. */
export function momentAt(stop: number, now: number): string | undefined {
  const ago = stops[stop] ?? 0
  return ago === 0 ? undefined : momentAgo(ago, now)
}

/** The stop that is nearest to a moment; only now itself is the right end. */
export function stopOf(asOf: string | undefined, now: number): number {
  if (asOf === undefined) return lastStop
  const ago = now - Date.parse(asOf)
  let nearest = 0
  stops.forEach((stop, place) => {
    if (Math.abs(stop - ago) < Math.abs((stops[nearest] ?? 0) - ago)) nearest = place
  })
  return Math.min(nearest, lastStop - 1)
}

/** "21 Nov, 14:00 (2 d ago)", in the zone that the person chose. */
export function momentWords(asOf: string | undefined, now: number, zone: Zone): string {
  if (asOf === undefined) return 'Now'
  const at = Date.parse(asOf)
  return `${formatInstant(at, now, zone)} (${formatRelative(at, now)})`
}
