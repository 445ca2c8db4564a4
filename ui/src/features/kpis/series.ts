import type { KpiSeriesQuery } from '@/api/generated'
import { ticksTo } from '@/charts/ticks'
import type { Zone } from '@/time/format'
import type { Figure } from './figures'

const hour = 3_600_000
const day = 24 * hour

export interface Point {
  since: string
  length: number
  /** Below the chart */
  name: string
  /** In a tooltip */
  whole: string
  value: number | null
  beside: string
}

/** A figure step by step. */
export function pointsOf(figure: Figure, steps: KpiSeriesQuery['kpiSeries'], zone: Zone): Point[] {
  const [first, second] = steps
  const length = first && second ? Date.parse(second.since) - Date.parse(first.since) : hour
  return steps.map(({ since, kpis }) => {
    const begin = Date.parse(since)
    // Where clocks are changed a day begins an hour off: its middle tells which day it is.
    const at = length < day ? begin : begin + Math.min(length, day) / 2
    return {
      since,
      length,
      name: length < day ? written(at, zone, time) : written(at, zone, date),
      whole:
        length < day ? `${written(at, zone, date)}, ${written(at, zone, time)}` : whole(at, length, zone),
      value: figure.of(kpis),
      beside: figure.beside(kpis),
    }
  })
}

/** What lies before the first known value is left out, but for the last seven days. */
export function fromFirstKnown(points: Point[]): Point[] {
  const first = points.find(({ value }) => value !== null)
  const last = points.at(-1)
  if (!first || !last) return points
  const from = Math.min(Date.parse(first.since), Date.parse(last.since) - 6 * day)
  return points.filter(({ since }) => Date.parse(since) >= from)
}

export function stepName(points: Point[]): string {
  const length = points[0]?.length ?? day
  if (length < day) return 'hour by hour'
  return length < 2 * day ? 'day by day' : `${Math.round(length / day)} days at a time`
}

function whole(at: number, length: number, zone: Zone): string {
  const from = written(at, zone, { weekday: 'short', ...date })
  return length < 2 * day ? from : `${from} and ${Math.round(length / day) - 1} days more`
}

const date = { day: 'numeric', month: 'short' } as const
const time = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const

function written(at: number, zone: Zone, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat('en-GB', { ...options, ...(zone === 'utc' && { timeZone: 'UTC' }) }).format(
    at,
  )
}

/** Where lines are drawn: for people to count along. */
export function ticksOf(unit: Figure['unit'], values: number[]): number[] {
  const highest = Math.max(...values)
  if (unit === 'share') return shares(Math.min(...values))
  return ticksTo(highest, unit === 'time' ? 'milliseconds' : 'counts')
}

/** To all of it; from where the lowest can still be seen. */
function shares(lowest: number): number[] {
  if (lowest >= 0.95) return [0.95, 0.96, 0.97, 0.98, 0.99, 1]
  if (lowest >= 0.8) return [0.8, 0.85, 0.9, 0.95, 1]
  return [0, 0.25, 0.5, 0.75, 1]
}
