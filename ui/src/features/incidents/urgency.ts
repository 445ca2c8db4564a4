import type { IncidentRowFragment, OpenIncidentsQuery, Severity } from '@/api/generated'
import { severityOrder } from './incidentWords'

/** How bad the worst of all open incidents is, also of those that are not named; null where there is none. */
export function worstOf({ incidents, critical, error, warning }: OpenIncidentsQuery): Severity | null {
  if (critical.totalCount > 0) return 'CRITICAL'
  if (error.totalCount > 0) return 'ERROR'
  if (warning.totalCount > 0) return 'WARNING'
  return incidents.totalCount > 0 ? 'INFO' : null
}

/** Those that nobody takes care of first, then by how bad they are, then the latest. */
export function byUrgency<Row extends IncidentRowFragment>(incidents: Row[]): Row[] {
  return incidents.toSorted(
    (a, b) =>
      Number(a.state !== 'OPEN') - Number(b.state !== 'OPEN') ||
      severityOrder.indexOf(a.severity) - severityOrder.indexOf(b.severity) ||
      Date.parse(b.openedAt) - Date.parse(a.openedAt),
  )
}
