import type { IncidentState, Severity } from '@/api/generated'
import { Badge } from '@/components/Badge'
import type { Signal } from './incidentQueries'
import { incidentStates, severities, signalKinds } from './incidentWords'

export function SeverityBadge({ severity }: { severity: Severity }) {
  return <Badge {...severities[severity]} />
}

export function IncidentStateBadge({ state }: { state: IncidentState }) {
  return <Badge {...incidentStates[state]} />
}

/** What is wrong; in a quiet voice once it no longer is. */
export function SignalBadge({ signal }: { signal: Signal }) {
  const look = signalKinds[signal.kind]
  if (signal.endedAt === null) return <Badge {...look} title={signal.message} />
  return <Badge {...look} tone="neutral" title={`No longer: ${signal.message}`} />
}
