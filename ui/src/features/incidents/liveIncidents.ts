import { followByAsking } from '@/api/askAnew'
import { IncidentChangedDocument } from '@/api/generated'
import type { Following } from '@/api/live'
import type { QueryClient } from '@tanstack/react-query'
import { incidentKeys } from './incidentQueries'

/** Asks anew for whatever shows incidents, whenever one changes: lists, counts and impacts change with it. */
export function followIncidents(client: QueryClient): Following {
  return followByAsking(client, IncidentChangedDocument, incidentKeys.all)
}
