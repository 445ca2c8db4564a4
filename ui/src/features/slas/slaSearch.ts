import type { SlaState } from '@/api/generated'
import { namesIn, textIn } from '@/api/search'
import type { SlaLine } from './slaQueries'
import { isSlaState } from './slaStates'

export type Grouping = 'owner' | 'orchestrator'
export type Days = '7' | '30' | '90'
/** Over so many days up to now, or month by month */
export type Span = Days | 'months'

/** What narrows the list of promises, and how adherence is put together; it lives in the page's address. */
export interface SlaSearch {
  state?: SlaState[]
  owner?: string
  orchestrator?: string
  q?: string
  /** Adherence by what; by owner where it is not said */
  by?: 'orchestrator'
  /** Adherence over what; 30 days where it is not said */
  days?: Exclude<Span, '30'>
}

/** Reads a search that anyone may have typed: what makes no sense is left out. */
export function parseSlaSearch(search: Record<string, unknown>): SlaSearch {
  const states = namesIn(search['state'], isSlaState)
  const owner = textIn(search['owner'])
  const orchestrator = textIn(search['orchestrator'])
  const q = textIn(search['q'])
  const days = textIn(search['days'])
  return {
    ...(states.length > 0 && { state: states }),
    ...(owner && { owner }),
    ...(orchestrator && { orchestrator }),
    ...(q && { q }),
    ...(search['by'] === 'orchestrator' && { by: 'orchestrator' as const }),
    ...((days === '7' || days === '90' || days === 'months') && { days }),
  }
}

export function isFiltered({ state, owner, orchestrator, q }: SlaSearch): boolean {
  return Boolean(state?.length ?? owner ?? orchestrator ?? q)
}

/** What is left where nothing narrows the list. */
export function withoutFilters({ by, days }: SlaSearch): SlaSearch {
  return { ...(by && { by }), ...(days && { days }) }
}

export function belongs(sla: SlaLine, { state, owner, orchestrator, q }: SlaSearch): boolean {
  // The numbers count what is switched on.
  if (state && !(sla.isEnabled && state.includes(standingOf(sla)))) return false
  if (owner && sla.owner !== owner) return false
  if (orchestrator && orchestratorOf(sla) !== orchestrator) return false
  if (!q) return true
  const wanted = q.toLowerCase()
  return [sla.name, sla.targetName, sla.owner ?? ''].some((name) => name.toLowerCase().includes(wanted))
}

/** As the gateway counts it: what has not been judged yet is pending. */
export function standingOf({ current }: Pick<SlaLine, 'current'>): SlaState {
  return current?.state ?? 'PENDING'
}

/** Also where nobody lists the pipeline: its name says where it is. */
export function orchestratorOf({ pipeline, dataset, targetName }: SlaLine): string | null {
  if (pipeline) return pipeline.orchestrator.name
  return dataset || targetName.includes('://') ? null : (targetName.split('/')[0] ?? null)
}

/** Values that are there, each once, by name. */
export function choices(values: (string | null)[]): string[] {
  return [...new Set(values.filter((value) => value !== null))].toSorted((a, b) => a.localeCompare(b))
}
