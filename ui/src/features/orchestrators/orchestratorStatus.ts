import type { OrchestratorStatus } from '@/api/generated'
import type { Tone } from '@/components/Badge'
import { CircleCheck, CircleX, KeyRound, LoaderCircle, type LucideIcon, TriangleAlert } from 'lucide-react'

interface StatusLook {
  word: string
  tone: Tone
  icon: LucideIcon
  /** What to do about it, where it is not healthy */
  remedy: string | null
}

export const orchestratorStatuses: Record<OrchestratorStatus, StatusLook> = {
  HEALTHY: { word: 'Healthy', tone: 'good', icon: CircleCheck, remedy: null },
  DEGRADED: {
    word: 'Degraded',
    tone: 'caution',
    icon: TriangleAlert,
    remedy: 'It answers, but not to everything. What you see of it may lag.',
  },
  UNREACHABLE: {
    word: 'Unreachable',
    tone: 'bad',
    icon: CircleX,
    remedy: 'Podium keeps trying.',
  },
  UNAUTHORIZED: {
    word: 'Unauthorized',
    tone: 'bad',
    icon: KeyRound,
    remedy: 'Renew its credentials. Podium keeps trying.',
  },
  PENDING: { word: 'Connecting', tone: 'active', icon: LoaderCircle, remedy: null },
}

/** What a card says of it: what Podium does, and which credentials are refused. The vendor's words stand elsewhere. */
export function cardWords(orchestrator: Parameters<typeof troubleWords>[0]): string | null {
  const { status } = orchestrator
  return status === 'UNAUTHORIZED' ? troubleWords(orchestrator) : orchestratorStatuses[status].remedy
}

/** What is wrong, in the gateway's words or else with what can be done about it; null when all is well. */
export function troubleWords(orchestrator: {
  name: string
  status: OrchestratorStatus
  statusMessage: string | null
}): string | null {
  const { name, status, statusMessage } = orchestrator
  if (status === 'HEALTHY') return null
  // A card already says whose trouble it is.
  return statusMessage?.replace(`${name}: `, '') ?? orchestratorStatuses[status].remedy
}

const attention: OrchestratorStatus[] = ['UNAUTHORIZED', 'UNREACHABLE', 'DEGRADED', 'PENDING', 'HEALTHY']

/** Those in trouble first, then by name. */
export function byAttention<Item extends { name: string; status: OrchestratorStatus }>(
  items: Item[],
): Item[] {
  return items.toSorted(
    (a, b) => attention.indexOf(a.status) - attention.indexOf(b.status) || a.name.localeCompare(b.name),
  )
}

const kindNames: Record<string, string> = {
  airflow: 'Airflow',
  prefect: 'Prefect',
  dagster: 'Dagster',
  argo: 'Argo Workflows',
  'step-functions': 'AWS Step Functions',
  'data-factory': 'Azure Data Factory',
}

/** The product's own spelling where it is known. */
export function kindName(kind: string): string {
  return kindNames[kind] ?? kind
}
