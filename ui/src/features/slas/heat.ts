import type { SlaState } from '@/api/generated'
import { formatDate, formatDay, parseDuration } from '@/time/format'
import { calendarOfRuns, type JudgedDay } from './slaQueries'
import { slaStates } from './slaStates'
import { lateWords } from './slaWords'

/** One day of a promise. */
export interface HeatDay {
  /** 2026-05-01, in the promise's zone */
  day: string
  /** The worst of the day; null: nothing was judged */
  state: SlaState | null
  /** ISO 8601: how late the latest was */
  lateBy: string | null
  /** How many were judged, and missed */
  judged: number
  missed: number
  /** The worst first */
  evaluations: JudgedDay[]
}

export const weeksShown = 26
const dayLength = 86_400_000
const worstFirst: SlaState[] = ['MISSED', 'AT_RISK', 'ON_TRACK', 'MET', 'PENDING']

/**
 * The last weeks as columns, each from Monday on; the last one ends with today, days to come are left out.
 * @param today as 2026-05-01
 */
export function heatOf(evaluations: JudgedDay[], timezone: string, today: string): HeatDay[][] {
  const byDay = new Map<string, JudgedDay[]>()
  for (const one of evaluations) {
    const day = dayOf(one, timezone)
    byDay.set(day, [...(byDay.get(day) ?? []), one])
  }
  const last = Date.parse(today)
  const weekday = (new Date(last).getUTCDay() + 6) % 7
  const first = last - (weekday + 7 * (weeksShown - 1)) * dayLength
  return Array.from({ length: weeksShown }, (_, week) =>
    Array.from({ length: 7 }, (__, number) => first + (week * 7 + number) * dayLength)
      .filter((at) => at <= last)
      .map((at) => {
        const day = new Date(at).toISOString().slice(0, 10)
        return heatDay(day, byDay.get(day) ?? [])
      }),
  )
}

/** What stretch of time the days are of: of what is judged for each run it may be a short one. */
export function stretchWords(evaluations: JudgedDay[], timezone: string, isOfRuns: boolean): string {
  const oldest = evaluations.at(-1)
  if (!isOfRuns || !oldest || evaluations.length < calendarOfRuns) return `last ${weeksShown} weeks`
  return `last ${calendarOfRuns} runs, since ${formatDate(dayOf(oldest, timezone))}`
}

function heatDay(day: string, judged: JudgedDay[]): HeatDay {
  const states = judged.map(({ state }) => state)
  return {
    day,
    state: worstFirst.find((state) => states.includes(state)) ?? null,
    lateBy: latest(judged),
    judged: judged.length,
    missed: states.filter((state) => state === 'MISSED').length,
    evaluations: judged.toSorted((a, b) => worstFirst.indexOf(a.state) - worstFirst.indexOf(b.state)),
  }
}

function latest(judged: JudgedDay[]): string | null {
  const late = judged.map(({ lateBy }) => lateBy).filter((one) => one !== null)
  return late.toSorted((a, b) => (parseDuration(b) ?? 0) - (parseDuration(a) ?? 0))[0] ?? null
}

/** What is judged day by day has its day for a key; a run counts for the day on which it began. */
function dayOf({ key, opensAt }: JudgedDay, timezone: string): string {
  return /^\d{4}-\d{2}-\d{2}$/.test(key) ? key : formatDay(Date.parse(opensAt), timezone)
}

/** "Fri, 1 May 2026" */
export function dayTitle({ day }: HeatDay): string {
  return formatDate(day)
}

/** "missed, 42m 10s late", "3 of 12 missed, at most 42m 10s late", "nothing due". */
export function dayWords({ state, lateBy, judged, missed }: HeatDay): string {
  if (state === null) return 'nothing due'
  const what =
    judged > 1 ? `${missed === 0 ? 'none' : missed} of ${judged} missed` : slaStates[state].word.toLowerCase()
  if (lateBy === null) return what
  return `${what}, ${judged > 1 ? 'at most ' : ''}${lateWords(lateBy)} late`
}

const moves: Record<string, number> = { ArrowLeft: -7, ArrowRight: 7, ArrowUp: -1, ArrowDown: 1 }

/** The day that a key leads to from another; undefined where it leads nowhere. */
export function moved(days: HeatDay[], from: string, key: string): string | undefined {
  if (key === 'Home') return days[0]?.day
  if (key === 'End') return days.at(-1)?.day
  const move = moves[key]
  if (move === undefined) return undefined
  return days[days.findIndex(({ day }) => day === from) + move]?.day
}
