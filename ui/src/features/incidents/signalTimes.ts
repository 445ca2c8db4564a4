import { formatInstant, type Zone } from '@/time/format'

/** When a promise was due, and when its result is expected. */
export interface SignalTimes {
  dueAt: string
  expectedAt: string | null
}

const moment = String.raw`(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}) UTC`
const moments = new RegExp(moment, 'g')
const times = new RegExp(`, due ${moment}(?:, expected ${moment})?\\)$`)

/** The times in the gateway's sentence about a promise, which may have gone on to its next day since; null where it has none. */
export function timesIn(message: string): SignalTimes | null {
  const found = times.exec(message)
  if (!found) return null
  const [, day, time, expectedDay, expectedTime] = found
  return {
    dueAt: `${day}T${time}:00Z`,
    expectedAt: expectedDay === undefined ? null : `${expectedDay}T${expectedTime}:00Z`,
  }
}

/** Of which day or run a promise is that is not about a time; null where it is not said. */
export function keyIn(message: string): string | null {
  return timesIn(message) === null ? (/, ([^,()]+)\)$/.exec(message)?.[1] ?? null) : null
}

/** The gateway's words with all times in them by the clock of a zone; it tells them to the minute. */
export function withTimesIn(words: string, now: number, zone: Zone): string {
  return words.replace(moments, (_, day: string, time: string) =>
    formatInstant(Date.parse(`${day}T${time}:00Z`), now, zone).replace(/(:\d{2}):00$/, '$1'),
  )
}
