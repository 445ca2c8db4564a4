import type { KpiFiguresFragment } from '@/api/generated'
import { formatDuration, parseDuration } from '@/time/format'
import { percent } from '@/words'

export type Figures = KpiFiguresFragment

/** share: 0..1; time: milliseconds; count: a number */
type Unit = 'share' | 'time' | 'count'

export interface Figure {
  id: string
  name: string
  /** In the head of a table */
  short: string
  /** In one sentence */
  means: string
  unit: Unit
  /** Which way round it is good */
  better: 'high' | 'low'
  of: (kpis: Figures) => number | null
  /** What it is counted from */
  beside: (kpis: Figures) => string
}

const count = (amount: number, one: string): string =>
  `${amount.toLocaleString('en')} ${one}${amount === 1 ? '' : 's'}`
const time = (iso: string | null): number | null => (iso === null ? null : parseDuration(iso))

export const figures: Figure[] = [
  {
    id: 'success',
    name: 'Success unaided',
    short: 'Unaided',
    means: 'Of the runs that ended, how many succeeded without anybody’s help.',
    unit: 'share',
    better: 'high',
    of: (kpis) => kpis.unaidedSuccessRate,
    beside: (kpis) => `of ${count(kpis.runs, 'run')}`,
  },
  {
    id: 'slas',
    name: 'Promises kept',
    short: 'Kept',
    means: 'Of the SLAs’ promises that came due, how many were kept.',
    unit: 'share',
    better: 'high',
    of: (kpis) => kpis.slaAdherence,
    beside: (kpis) =>
      kpis.slasMet + kpis.slasMissed > 0 ? `${kpis.slasMissed.toLocaleString('en')} missed` : 'none came due',
  },
  {
    id: 'incidents',
    name: 'Incidents',
    short: 'Incidents',
    means: 'Problems that were opened, each counted once, however much it hurt.',
    unit: 'count',
    better: 'low',
    of: (kpis) => kpis.incidents,
    beside: () => 'opened',
  },
  {
    id: 'detect',
    name: 'Time to detect',
    short: 'Detect',
    means: 'From the failure in its system until there is an incident, on average.',
    unit: 'time',
    better: 'low',
    of: (kpis) => time(kpis.meanTimeToDetect),
    beside: () => 'mean',
  },
  {
    id: 'notify',
    name: 'Time to notify',
    short: 'Notify',
    means: 'From the failure in its system until the first message is taken, on average.',
    unit: 'time',
    better: 'low',
    of: (kpis) => time(kpis.meanTimeToNotify),
    beside: () => 'mean',
  },
  {
    id: 'resolve',
    name: 'Time to resolve',
    short: 'Resolve',
    means: 'From the failure in its system until all is well again, on average.',
    unit: 'time',
    better: 'low',
    of: (kpis) => time(kpis.meanTimeToResolve),
    beside: () => 'mean',
  },
  {
    id: 'age',
    name: 'Age of data',
    short: 'Data age',
    means: 'Time since the last good run, on average over the window and all pipelines that are scheduled.',
    unit: 'time',
    better: 'low',
    of: (kpis) => time(kpis.meanDataAge),
    beside: (kpis) => (kpis.dataAge === null ? 'mean' : `at the end ${format('time', time(kpis.dataAge))}`),
  },
  {
    id: 'efficiency',
    name: 'Running, not queued',
    short: 'Running',
    means: 'Of the time that runs took, the share in which they ran and did not wait in a queue.',
    unit: 'share',
    better: 'high',
    of: (kpis) => kpis.computeEfficiency,
    beside: (kpis) => `${format('time', time(kpis.queueTime))} queued`,
  },
]

export function figureOf(id: string | undefined): Figure {
  const [first] = figures
  const found = figures.find((figure) => figure.id === id) ?? first
  if (!found) throw new Error('There are no figures')
  return found
}

/** A value as people read it; a dash where it cannot be said. */
export function format(unit: Unit, value: number | null): string {
  if (value === null) return '–'
  if (unit === 'share') return percent(value)
  if (unit === 'count') return value.toLocaleString('en', { maximumFractionDigits: 1 })
  return formatDuration(Math.round(value / 1000) * 1000)
}

export interface Change {
  words: string
  isGood: boolean | null
  direction: 'up' | 'down' | 'same'
}

/** How a figure has changed against the window before; null where one of both cannot be said, or nothing ran in it. */
export function changeOf(
  { unit, better, of }: Figure,
  now: Figures,
  before: Figures | undefined,
): Change | null {
  const [value, earlier] = [of(now), before && before.runs > 0 ? of(before) : null]
  if (value === null || earlier === null) return null
  const words = amountOf(unit, Math.abs(value - earlier))
  if (words === null) return { words: 'as before', isGood: null, direction: 'same' }
  const isHigher = value > earlier
  return { words, isGood: isHigher === (better === 'high'), direction: isHigher ? 'up' : 'down' }
}

/** Null for a change that nobody sees. */
function amountOf(unit: Unit, amount: number): string | null {
  if (unit === 'share') return amount < 0.0005 ? null : `${(amount * 100).toFixed(1)} points`
  if (unit === 'time') return amount < 1000 ? null : format('time', amount)
  return amount === 0 ? null : format('count', amount)
}
