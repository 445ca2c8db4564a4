import type { SlaKind } from '@/api/generated'
import { formatDuration, parseDuration } from '@/time/format'
import { percent } from '@/words'
import type { SlaLine } from './slaQueries'

export const slaKinds: Record<SlaKind, string> = {
  DEADLINE: 'Deadline',
  FRESHNESS: 'Freshness',
  DURATION: 'Duration',
  SUCCESS_RATE: 'Success rate',
}

const reasons: Record<string, string> = {
  not_begun: 'Its time has not begun',
  time_left: 'There is time left, and nothing speaks against it',
  forecast_in_time: 'There is time left, and the forecast is on time',
  forecast_late: 'There is time left, but the forecast is late',
  done_in_time: 'Done in time',
  done_late: 'Done, but late',
  overdue: 'Overdue: nothing has arrived',
  never_done: 'Never done: the next one’s time has come',
  ended_unsuccessful: 'The run ended in time, but not well',
  enough_succeed: 'Enough runs succeed',
  no_failure_left: 'One more failure is one too many',
  too_many_fail: 'Too many runs fail',
  little_history: 'Too few runs have been seen to say',
}

export function reasonWords(reason: string): string {
  return reasons[reason] ?? reason.replaceAll('_', ' ')
}

type Promised = Pick<
  SlaLine,
  | 'kind'
  | 'deadline'
  | 'dataDay'
  | 'timezone'
  | 'calendar'
  | 'daysOff'
  | 'limit'
  | 'deviations'
  | 'targetRate'
  | 'window'
  | 'targetName'
> & { pipeline: unknown; dataset: unknown }

/** What is promised, as a sentence. */
export function promiseWords(sla: Promised): string {
  return sentences[sla.kind](sla)
}

const sentences: Record<SlaKind, (sla: Promised) => string> = {
  DEADLINE: (sla) => {
    const what = isAboutData(sla) ? 'Written' : 'A success'
    return `${what} by ${sla.deadline ?? '?'} (${sla.timezone}), ${dayWords(sla)}${resultWords(sla)}.`
  },
  FRESHNESS: (sla) => {
    const isAlways = sla.calendar === null && sla.daysOff.length === 0
    const days = isAlways ? '' : `; what counts is time ${dayWords(sla)}`
    return `The last ${isAboutData(sla) ? 'write' : 'success'} is never older than ${spanWords(sla.limit)}${days}.`
  },
  DURATION: ({ limit, deviations }) =>
    limit === null
      ? `No run takes longer than usual by ${deviations ?? '?'} standard deviations.`
      : `No run takes longer than ${spanWords(limit)}.`,
  SUCCESS_RATE: ({ targetRate, window }) =>
    `${percent(targetRate)} of the runs of the last ${spanWords(window)} succeed.`,
}

function isAboutData({ pipeline, dataset, targetName }: Promised): boolean {
  return dataset !== null || (pipeline === null && targetName.includes('://'))
}

function resultWords({ dataDay, window }: Promised): string {
  if (dataDay === 0) return ', with the data of that day'
  if (dataDay === -1) return ', with the data of the day before'
  if (dataDay !== null)
    return `, with the data of ${Math.abs(dataDay)} days ${dataDay < 0 ? 'before' : 'after'}`
  return window === null ? '' : `, not older than ${spanWords(window)} then`
}

const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const short = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT']

/** On which days it holds. */
function dayWords({ calendar, daysOff }: Pick<Promised, 'calendar' | 'daysOff'>): string {
  const business = /^business-days:(.+)$/.exec(calendar ?? '')?.[1]
  const days = business
    ? `on business days of ${business}`
    : calendar === null
      ? 'every day'
      : `on ${namedDays(calendar)}`
  return daysOff.length > 0 ? `${days} except ${daysOff.join(', ')}` : days
}

function namedDays(calendar: string): string {
  const name = (part: string): string => {
    const number = /^\d$/.test(part) ? Number(part) % 7 : short.indexOf(part.toUpperCase())
    return weekdays[number] ?? part
  }
  return calendar
    .split(',')
    .map((part) => part.trim().split('-').map(name).join(' to '))
    .join(', ')
}

/** "2h", "30d", "1h 30m" of an ISO 8601 duration. */
export function spanWords(iso: string | null): string {
  const span = iso === null ? null : parseDuration(iso)
  if (span === null) return iso ?? '?'
  const units: [string, number][] = [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['m', 60_000],
    ['s', 1_000],
  ]
  let left = span
  const parts: string[] = []
  for (const [name, length] of units) {
    const count = Math.floor(left / length)
    if (count > 0) parts.push(`${count}${name}`)
    left -= count * length
  }
  return parts.join(' ') || '0s'
}

/** "42m 10s" of an ISO 8601 duration. */
export function lateWords(iso: string): string {
  return formatDuration(parseDuration(iso) ?? 0)
}

export const riskMeans = 'Probability of missing the deadline'

/** What a probability means to somebody who plans: nothing is certain. */
export function chance(probability: number): string {
  if (probability < 0.01) return '<1%'
  if (probability > 0.99) return '>99%'
  return `${Math.round(probability * 100)}%`
}

/** What is left of an error budget: "40%", "used up" */
export function budgetLeft(share: number | null): string {
  return share !== null && share < 0 ? 'used up' : percent(share)
}

/** "May 2026" of "2026-05" */
export function monthWords(month: string): string {
  return new Intl.DateTimeFormat('en-GB', { month: 'short', year: 'numeric', timeZone: 'UTC' }).format(
    Date.parse(`${month}-01`),
  )
}
