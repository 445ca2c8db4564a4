import type { Zone } from './format'

const minute = 60_000
const quarter = 15 * minute

/** How far the clock of a zone is ahead of UTC at an instant: where clocks are changed it is not the same all the time. */
export function offsetAt(zone: Zone): (at: number) => number {
  return zone === 'utc' ? () => 0 : (at) => -new Date(at).getTimezoneOffset() * minute
}

/** The instants from one to before another at which the clock shows a whole `step`. */
export function clockMarks(from: number, to: number, step: number, offset: (at: number) => number): number[] {
  // Clocks are ahead by quarters of an hour: nothing lies between them.
  const unit = step % quarter === 0 ? quarter : Math.min(step, minute)
  const marks: number[] = []
  for (let at = Math.ceil(from / unit) * unit; at < to; at += unit) {
    if ((at + offset(at)) % step === 0) marks.push(at)
  }
  return marks
}
