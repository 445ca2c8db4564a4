import type { Zone } from '@/time/format'
import { type KpiSearch, usualPreset } from './kpiSearch'

const hour = 3_600_000
const day = 24 * hour

/** A stretch of time that figures are of, in milliseconds since the epoch, and the steps of its chart. */
export interface Span {
  since: number
  until: number
  step: number
}

/** Whole days of the clock at hand up to now, or what somebody has chosen. */
export function spanOf({ window, from, to }: KpiSearch, now: number, zone: Zone): Span {
  const until = Math.min(to === undefined ? now : Date.parse(to), now)
  if (from !== undefined && Date.parse(from) < until) return withStep(Date.parse(from), until)
  const days = window === 'today' ? 1 : Number(window ?? usualPreset)
  return withStep(startOfDay(now, zone, days - 1), now)
}

function startOfDay(now: number, zone: Zone, daysBack: number): number {
  if (zone === 'utc') return Math.floor(now / day) * day - daysBack * day
  const today = new Date(now)
  return new Date(today.getFullYear(), today.getMonth(), today.getDate() - daysBack).getTime()
}

/** By the hour or by the day, or by as many days as make no more than sixty steps. */
function withStep(given: number, end: number): Span {
  const since = Math.floor(given / 1000) * 1000
  // Right after midnight, too, there is something to be asked for.
  const until = Math.max(Math.ceil(end / 1000) * 1000, since + 60_000)
  const length = until - since
  const step = length <= 2 * day ? hour : length <= 92 * day ? day : Math.ceil(length / day / 60) * day
  return { since, until, step: Math.min(step, length) }
}

/** "24 Oct to now, compared with the 30 days before" */
export function windowWords(
  { since, until }: Pick<Span, 'since' | 'until'>,
  now: number,
  zone: Zone,
): string {
  const date = (at: number): string =>
    new Intl.DateTimeFormat('en-GB', {
      day: 'numeric',
      month: 'short',
      ...(new Date(at).getFullYear() !== new Date(now).getFullYear() && { year: 'numeric' }),
      ...(zone === 'utc' && { timeZone: 'UTC' }),
    }).format(at)
  // The day that a window ends at belongs to the next one.
  const end = now - until < 5 * 60_000 ? 'now' : date(until - 1)
  return `${date(since)} to ${end}, compared with ${beforeWords(until - since)}`
}

function beforeWords(length: number): string {
  const days = Math.ceil(length / day)
  if (length < 0.9 * day) return 'as long before'
  return days === 1 ? 'the day before' : `the ${days} days before`
}

export function isoDuration(milliseconds: number): string {
  return `PT${Math.round(milliseconds / 1000)}S`
}
