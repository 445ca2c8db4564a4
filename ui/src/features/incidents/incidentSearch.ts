import type { IncidentState, Severity } from '@/api/generated'
import { namesIn, textIn } from '@/api/search'
import { isIncidentState, isSeverity, ongoingStates } from './incidentWords'

/** What narrows the list of incidents; it lives in the page's address, so a link shows the same list. */
export interface IncidentSearch {
  state?: IncidentState[]
  severity?: Severity[]
  orchestrator?: string
}

/** Reads a search that anyone may have typed: what makes no sense is left out. */
export function parseIncidentSearch(search: Record<string, unknown>): IncidentSearch {
  const states = namesIn(search['state'], isIncidentState)
  const severities = namesIn(search['severity'], isSeverity)
  const orchestrator = textIn(search['orchestrator'])
  return {
    ...(states.length > 0 && { state: states }),
    ...(severities.length > 0 && { severity: severities }),
    ...(orchestrator && { orchestrator }),
  }
}

export function isFiltered({ state, severity, orchestrator }: IncidentSearch): boolean {
  return Boolean(state?.length ?? severity?.length ?? orchestrator)
}

/** The wanted states in two lists: what goes on comes first, however old it is; null where a list is not wanted. */
export function splitStates({ state }: IncidentSearch): {
  ongoing: IncidentState[] | null
  over: IncidentState[] | null
} {
  const ongoing = ongoingStates.filter((one) => !state || state.includes(one))
  const isOverWanted = !state || state.includes('RESOLVED')
  return { ongoing: ongoing.length > 0 ? ongoing : null, over: isOverWanted ? ['RESOLVED'] : null }
}
