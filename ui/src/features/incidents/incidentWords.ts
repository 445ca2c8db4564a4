import type { IncidentState, NotificationState, Severity, SignalKind } from '@/api/generated'
import type { Tone } from '@/components/Badge'
import {
  BellOff,
  CircleAlert,
  CircleCheck,
  CircleDot,
  CircleX,
  Clock3,
  Flame,
  Hourglass,
  Info,
  type LucideIcon,
  PlugZap,
  Send,
  ShieldAlert,
  Timer,
  TimerOff,
  TriangleAlert,
  UserCheck,
} from 'lucide-react'

export interface Look {
  word: string
  tone: Tone
  icon: LucideIcon
}

/** The worst first. */
export const severities: Record<Severity, Look> = {
  CRITICAL: { word: 'Critical', tone: 'worst', icon: Flame },
  ERROR: { word: 'Error', tone: 'bad', icon: CircleAlert },
  WARNING: { word: 'Warning', tone: 'caution', icon: TriangleAlert },
  INFO: { word: 'Info', tone: 'active', icon: Info },
}
export const severityOrder = Object.keys(severities) as Severity[]

export const incidentStates: Record<IncidentState, Look> = {
  OPEN: { word: 'Open', tone: 'bad', icon: CircleDot },
  ACKNOWLEDGED: { word: 'Acknowledged', tone: 'active', icon: UserCheck },
  SUPPRESSED: { word: 'Silenced', tone: 'neutral', icon: BellOff },
  RESOLVED: { word: 'Resolved', tone: 'good', icon: CircleCheck },
}
export const incidentStateOrder = Object.keys(incidentStates) as IncidentState[]
/** Not over. */
export const ongoingStates = incidentStateOrder.filter((state) => state !== 'RESOLVED')

export const signalKinds: Record<SignalKind, Look> = {
  ORCHESTRATOR_UNREACHABLE: { word: 'Unreachable', tone: 'bad', icon: PlugZap },
  TRIGGER_FAILED: { word: 'Trigger failed', tone: 'bad', icon: CircleX },
  DEPENDENCY_EXPIRED: { word: 'Dependency expired', tone: 'bad', icon: Hourglass },
  RUN_FAILED: { word: 'Run failed', tone: 'bad', icon: CircleX },
  DATA_QUALITY_FAILED: { word: 'Checks failed', tone: 'bad', icon: ShieldAlert },
  RUN_STUCK: { word: 'Run stuck', tone: 'caution', icon: Hourglass },
  RUN_LATE: { word: 'Run late', tone: 'caution', icon: Clock3 },
  SLA_AT_RISK: { word: 'SLA at risk', tone: 'caution', icon: Timer },
  SLA_MISSED: { word: 'SLA missed', tone: 'worst', icon: TimerOff },
}

export const notificationStates: Record<NotificationState, Look> = {
  PENDING: { word: 'On its way', tone: 'active', icon: Send },
  SENT: { word: 'Sent', tone: 'good', icon: CircleCheck },
  FAILED: { word: 'Given up', tone: 'bad', icon: CircleX },
  SUPPRESSED: { word: 'Suppressed', tone: 'neutral', icon: BellOff },
}

export function isSeverity(value: string): value is Severity {
  return Object.hasOwn(severities, value)
}

export function isIncidentState(value: string): value is IncidentState {
  return Object.hasOwn(incidentStates, value)
}

/** "3 pipelines", "1 SLA"; empty where there is none. */
export function countWords(count: number, one: string): string {
  if (count === 0) return ''
  return `${count.toLocaleString('en')} ${one}${count === 1 ? '' : 's'}`
}

interface Hurt {
  pipelines: readonly unknown[]
  datasets: readonly unknown[]
  slas: readonly unknown[]
}

/** How much an incident hurts: "6 pipelines", "3 datasets", "5 SLAs"; none of what it does not touch. */
export function impactWords({ pipelines, datasets, slas }: Hurt): string[] {
  return [
    countWords(pipelines.length, 'pipeline'),
    countWords(datasets.length, 'dataset'),
    countWords(slas.length, 'SLA'),
  ].filter((words) => words !== '')
}
