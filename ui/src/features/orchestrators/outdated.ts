import type { OrchestratorStatus } from '@/api/generated'
import { formatRelative } from '@/time/format'

/** An orchestrator that Podium does not get through to. */
export interface Outdated {
  status: 'UNREACHABLE' | 'UNAUTHORIZED'
  /** What is shown of it was true then (ISO 8601); null where it was never read */
  asOf: string | null
}

export type OutdatedByName = Readonly<Record<string, Outdated>>

interface Standing {
  name: string
  status: OrchestratorStatus
  lastSyncedAt: string | null
}

/** Whether Podium only knows how things were there. */
export function isOutdated(status: OrchestratorStatus): status is Outdated['status'] {
  return status === 'UNREACHABLE' || status === 'UNAUTHORIZED'
}

/** Those of which Podium only knows how things were. */
export function outdatedByName(orchestrators: Standing[]): OutdatedByName {
  return Object.fromEntries(
    orchestrators.flatMap(({ name, status, lastSyncedAt }) =>
      isOutdated(status) ? [[name, { status, asOf: lastSyncedAt }] as const] : [],
    ),
  )
}

const reasons = { UNREACHABLE: 'is unreachable', UNAUTHORIZED: 'does not let Podium in' } as const

/** "last known 12 min ago, airflow-prod is unreachable" */
export function outdatedWords(name: string, { status, asOf }: Outdated, now: number): string {
  const known = asOf === null ? 'never read' : `last known ${formatRelative(Date.parse(asOf), now)}`
  return `${known}, ${name} ${reasons[status]}`
}
