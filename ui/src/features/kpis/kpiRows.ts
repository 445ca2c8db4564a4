import type { Cell } from '@/features/slas/csv'
import { figureOf, figures } from './figures'
import type { Grouping } from './kpiSearch'
import type { KpiRow } from './kpiQueries'

/** By a figure, or by name; what cannot be said comes last, whichever way round. */
export function sortRows(rows: KpiRow[], sort: string | undefined): KpiRow[] {
  const isDescending = sort?.startsWith('-') ?? false
  const column = sort?.replace(/^-/, '') ?? 'name'
  const value = (row: KpiRow): number | string | null => {
    if (column === 'name') return row.name?.toLowerCase() ?? null
    return column === 'runs' ? row.runs : figureOf(column).of(row)
  }
  return rows.toSorted((one, other) => {
    const [a, b] = [value(one), value(other)]
    if (a === null || b === null) return Number(a === null) - Number(b === null)
    const order = typeof a === 'string' ? a.localeCompare(String(b)) : a - Number(b)
    return isDescending ? -order : order
  })
}

/** For a spreadsheet: shares from 0 to 1, times in seconds. */
export function csvRows(rows: KpiRow[], by: Grouping): Cell[][] {
  const head = figures.map(({ id, unit }) => (unit === 'time' ? `${id}_seconds` : id))
  return [
    [by, 'runs', 'slas_met', 'slas_missed', ...head],
    ...rows.map((row) => [
      row.name,
      row.runs,
      row.slasMet,
      row.slasMissed,
      ...figures.map(({ unit, of }) => {
        const value = of(row)
        return value !== null && unit === 'time' ? value / 1000 : value
      }),
    ]),
  ]
}
