export type Zone = 'local' | 'utc'

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

/** "14:02:11", or with the date where it is not the day of `now`: "21 Nov 14:02:11"; a year only where it differs. */
export function formatInstant(at: number, now: number, zone: Zone): string {
  const time = formatter(zone, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  }).format(at)
  const date = (instant: number): string => formatter(zone, { dateStyle: 'short' }).format(instant)
  if (date(at) === date(now)) return time
  const sameYear = Math.abs(now - at) < 180 * day
  const shown = formatter(zone, {
    day: 'numeric',
    month: 'short',
    ...(!sameYear && { year: 'numeric' }),
  }).format(at)
  return `${shown}, ${time.slice(0, 5)}`
}

/** The whole instant with its zone, for a tooltip: "Sat, 21 Nov 2026, 14:02:11 CET". */
export function formatFull(at: number, zone: string): string {
  return formatter(zone, {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'short',
  }).format(at)
}

/** The same by the clock of a zone by its name; of an unknown one in UTC. */
export function formatFullIn(at: number, timezone: string): string {
  return formatFull(at, known(timezone))
}

/** "2026-05-01": the day on a zone's calendar. */
export function formatDay(at: number, timezone: string): string {
  const parts = formatter(known(timezone), { year: 'numeric', month: '2-digit', day: '2-digit' }).format(at)
  return parts.split('/').toReversed().join('-')
}

/** "Fri, 1 May 2026" of "2026-05-01". */
export function formatDate(day: string): string {
  return formatter('utc', { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' }).format(
    Date.parse(day),
  )
}

function known(timezone: string): string {
  try {
    new Intl.DateTimeFormat('en-GB', { timeZone: timezone })
    return timezone
  } catch {
    return 'UTC'
  }
}

/** "just now", "12 s ago", "3 min ago", "in 2 h", "5 d ago". */
export function formatRelative(at: number, now: number): string {
  const distance = Math.abs(now - at)
  if (distance < 5 * second) return 'just now'
  const amount = coarse(distance)
  return at > now ? `in ${amount}` : `${amount} ago`
}

function coarse(distance: number): string {
  if (distance < minute) return `${Math.floor(distance / second)} s`
  if (distance < hour) return `${Math.floor(distance / minute)} min`
  if (distance < 2 * day) return `${Math.floor(distance / hour)} h`
  return `${Math.floor(distance / day)} d`
}

/** "0.4s", "12s", "3m 07s", "2h 05m", "1d 04h"; `milliseconds` below zero (clocks that differ) count as zero. */
export function formatDuration(milliseconds: number): string {
  const span = Math.max(0, milliseconds)
  if (span < 10 * second && span % second !== 0) return `${(span / second).toFixed(1)}s`
  if (span < minute) return `${Math.floor(span / second)}s`
  if (span < hour) return `${Math.floor(span / minute)}m ${two((span % minute) / second)}s`
  if (span < day) return `${Math.floor(span / hour)}h ${two((span % hour) / minute)}m`
  return `${Math.floor(span / day)}d ${two((span % day) / hour)}h`
}

function two(value: number): string {
  return String(Math.floor(value)).padStart(2, '0')
}

/** The length of an ISO 8601 duration such as PT2H30M, P1DT5.5S, in milliseconds; null where it is none. */
export function parseDuration(iso: string): number | null {
  const match =
    /^P(?:(\d+(?:\.\d+)?)D)?(?:T(?:(\d+(?:\.\d+)?)H)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)S)?)?$/.exec(iso)
  if (!match || iso.endsWith('P') || iso.endsWith('T')) return null
  const [, days, hours, minutes, seconds] = match.map((part: string | undefined) => Number(part ?? 0))
  return (days ?? 0) * day + (hours ?? 0) * hour + (minutes ?? 0) * minute + (seconds ?? 0) * second
}

/** By zone: that of the browser where it is `local`. */
const formatters = new Map<string, Intl.DateTimeFormat>()

/** Formatters are costly to make and a table asks for hundreds. */
function formatter(zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = zone + JSON.stringify(options)
  let made = formatters.get(key)
  if (!made) {
    made = new Intl.DateTimeFormat('en-GB', {
      ...options,
      ...(zone !== 'local' && { timeZone: zone === 'utc' ? 'UTC' : zone }),
    })
    formatters.set(key, made)
  }
  return made
}
