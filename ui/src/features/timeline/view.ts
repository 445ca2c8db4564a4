import { clockMarks, offsetAt } from '@/time/clock'
import type { Zone } from '@/time/format'

/** The stretch of time in sight, milliseconds since the epoch. */
export interface View {
  from: number
  to: number
}

/** How a person looks at it: so much of it, up to an instant or, where that is null, up to now as time goes by. */
export interface Look {
  span: number
  to: number | null
}

const second = 1000
const minute = 60 * second
const hour = 60 * minute
/** Nothing is told apart below. */
export const shortest = 2 * minute
/** This share of what is in sight lies ahead of now, for what is expected. */
export const ahead = 0.06

/** What is in sight. */
export function viewOf({ span, to }: Look, now: number): View {
  const end = to ?? now + span * ahead
  return { from: end - span, to: end }
}

/** All of the last `length` milliseconds, and a bit of what is to come. */
export function wholeLook(length: number): Look {
  return { span: length / (1 - ahead), to: null }
}

/** As near to what is wanted as there is something to see; whoever looks at now goes on with it. */
export function lookAt({ from, to }: View, length: number, now: number): Look {
  const whole = wholeLook(length).span
  const span = Math.min(Math.max(to - from, shortest), whole)
  const end = Math.max(to, now - length + span)
  return span >= whole || end >= now ? { span, to: null } : { span, to: end }
}

/** Larger by `factor` (smaller below 1), so that the instant `at` stays where it is. */
export function zoom(look: Look, factor: number, at: number, length: number, now: number): Look {
  const { from, to } = viewOf(look, now)
  const span = Math.min(Math.max((to - from) / factor, shortest), wholeLook(length).span)
  const share = (at - from) / (to - from)
  // At now one goes on looking at now.
  const end = look.to === null && at >= now - span * 0.02 ? now + span * ahead : at + (1 - share) * span
  return lookAt({ from: end - span, to: end }, length, now)
}

/** Later by so many milliseconds, or earlier. */
export function pan(look: Look, by: number, length: number, now: number): Look {
  const { from, to } = viewOf(look, now)
  return lookAt({ from: from + by, to: to + by }, length, now)
}

/** The same length of time, moved as little as brings a stretch into sight. */
export function reveal(look: Look, stretch: View, length: number, now: number): Look {
  const { from, to } = viewOf(look, now)
  const edge = (to - from) * 0.04
  if (stretch.to > from + edge && stretch.from < to - edge) return look
  const by = stretch.to <= from + edge ? stretch.from - edge - from : stretch.to + edge - to
  return pan(look, by, length, now)
}

/** Just what a stretch takes, with some room around it. */
export function zoomTo(stretch: View, length: number, now: number): Look {
  const room = Math.max((stretch.to - stretch.from) * 0.15, shortest / 4)
  return lookAt({ from: stretch.from - room, to: stretch.to + room }, length, now)
}

export function toX(at: number, { from, to }: View, width: number): number {
  return ((at - from) / (to - from)) * width
}

export function toTime(x: number, { from, to }: View, width: number): number {
  return from + (x / Math.max(width, 1)) * (to - from)
}

const steps = [
  10 * second,
  30 * second,
  minute,
  2 * minute,
  5 * minute,
  10 * minute,
  15 * minute,
  30 * minute,
  hour,
  2 * hour,
  3 * hour,
  6 * hour,
  12 * hour,
]

export interface Tick {
  at: number
  /** "14:00", or "14:02:30" where seconds tell marks apart */
  label: string
  /** A new day begins */
  isDay: boolean
}

/** Marks on the clock of a zone, at least `room` pixels from each other. */
export function ticks(view: View, width: number, zone: Zone, room = 72): Tick[] {
  const perPixel = (view.to - view.from) / Math.max(width, 1)
  const step = steps.find((one) => one >= perPixel * room) ?? 24 * hour
  const offset = offsetAt(zone)
  return clockMarks(view.from, view.to, step, offset).map((at) => {
    const shown = at + offset(at)
    const clock = new Date(shown).toISOString()
    const isDay = shown % (24 * hour) === 0
    const time = step < minute ? clock.slice(11, 19) : clock.slice(11, 16)
    return { at, label: isDay ? dayLabel(shown) : time, isDay }
  })
}

function dayLabel(at: number): string {
  return new Date(at).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' })
}
