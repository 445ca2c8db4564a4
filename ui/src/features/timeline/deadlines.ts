import type { SlaState } from '@/api/generated'
import type { SlaLine } from '@/features/slas/slaQueries'
import { slaStateOrder, slaStates } from '@/features/slas/slaStates'
import { lateWords } from '@/features/slas/slaWords'
import { formatInstant, type Zone } from '@/time/format'
import type { View } from './view'

/** When something that is promised of a pipeline is due. */
export interface Deadline {
  sla: string
  state: SlaState
  /** Milliseconds since the epoch */
  at: number
  /** By how much it was missed, as the API says it */
  lateBy: string | null
}

export type Deadlines = ReadonlyMap<string, Deadline[]>

/** What is due within a stretch of time, by pipeline. A share of runs is due at no instant. */
export function deadlinesOf(slas: SlaLine[], { from, to }: View): Deadlines {
  const found = new Map<string, Deadline[]>()
  for (const { name, kind, isEnabled, pipeline, current } of slas) {
    if (!pipeline || !isEnabled || kind === 'SUCCESS_RATE' || !current) continue
    const at = Date.parse(current.dueAt ?? '')
    if (!(at >= from && at <= to)) continue
    const { state, lateBy } = current
    found.set(pipeline.id, [...(found.get(pipeline.id) ?? []), { sla: name, state, at, lateBy }])
  }
  return found
}

/** How those stand that some lane shows, the most dangerous first. */
export function statesOf(deadlines: Deadlines, pipelineIds: string[]): SlaState[] {
  const seen = new Set(pipelineIds.flatMap((id) => (deadlines.get(id) ?? []).map(({ state }) => state)))
  return slaStateOrder.filter((state) => seen.has(state))
}

/** "SLA report-in-time: missed, due 07:00:00, 42m 10s late" */
export function deadlineWords({ sla, state, at, lateBy }: Deadline, now: number, zone: Zone): string {
  const late = lateBy === null ? '' : `, ${lateWords(lateBy)} late`
  return `SLA ${sla}: ${slaStates[state].word.toLowerCase()}, due ${formatInstant(at, now, zone)}${late}`
}
