import type { Stretch } from './timelineSearch'
import { ahead, type Look, lookAt, viewOf, wholeLook } from './view'

const hour = 3_600_000
/** The gateway tells of seven days at once; a bit of them lies ahead. */
const longest = 7 * 24 * hour - hour

/** What an address shows: from an instant to another or, without that, up to now as time goes by; else all of it. */
export function lookOf({ from, to }: Stretch, length: number, now: number): Look {
  const begin = from === undefined ? NaN : Date.parse(from)
  if (!(begin < now && begin >= now - longest)) return wholeLook(length)
  if (to !== undefined) return lookAt({ from: begin, to: Date.parse(to) }, length, now)
  const span = (now - begin) / (1 - ahead)
  return lookAt({ from: begin, to: begin + span }, length, now)
}

/** What an address says of it: nothing where all of it is in sight. */
export function stretchShown(look: Look, length: number, now: number): Stretch {
  if (look.to === null && look.span >= wholeLook(length).span) return {}
  const view = viewOf(look, now)
  return { from: inSeconds(view.from), ...(look.to !== null && { to: inSeconds(view.to) }) }
}

/** How much of the past there must be so that what an address shows can be seen. */
export function lengthFor({ from }: Stretch, usual: number, now: number): number {
  const past = from === undefined ? 0 : now - Date.parse(from)
  return past <= usual || past > longest ? usual : Math.min(Math.ceil(past / hour) * hour, longest)
}

function inSeconds(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`
}
