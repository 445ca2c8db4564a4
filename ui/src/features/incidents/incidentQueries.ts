import { execute } from '@/api/client'
import { ApiError } from '@/api/errors'
import {
  ActiveSilencesDocument,
  IncidentDocument,
  type IncidentQuery,
  IncidentsDocument,
  IncidentSpreadDocument,
  type IncidentState,
  OpenIncidentsDocument,
} from '@/api/generated'
import { pollEvery } from '@/api/queryClient'
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import type { IncidentSearch } from './incidentSearch'

const pageSize = 25
/** Of the open ones, those that are named outside their own page. */
const named = 20
/** Of what an incident hurts, so much is drawn. */
export const mostDrawn = 300

export const incidentKeys = {
  all: ['incidents'] as const,
  open: ['incidents', 'open'] as const,
  detail: (id: string) => ['incidents', 'detail', id] as const,
  silences: ['incidents', 'silences'] as const,
}

/** Incidents in some states, the last opened first. */
export function incidentsQuery(states: IncidentState[], { severity, orchestrator }: IncidentSearch) {
  const wanted = {
    states,
    severities: severity ?? null,
    orchestrators: orchestrator === undefined ? null : [orchestrator],
  }
  return infiniteQueryOptions({
    queryKey: ['incidents', 'pages', wanted],
    queryFn: ({ pageParam, signal }) =>
      execute(IncidentsDocument, { first: pageSize, after: pageParam, ...wanted }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: ({ incidents }) =>
      incidents.pageInfo.hasNextPage ? incidents.pageInfo.endCursor : undefined,
  })
}

/** What is not over, for the header and the overview. */
export const openIncidentsQuery = queryOptions({
  queryKey: incidentKeys.open,
  queryFn: ({ signal }) => execute(OpenIncidentsDocument, { first: named }, signal),
})

export type IncidentDetail = Extract<IncidentQuery['node'], { __typename: 'Incident' }>
export type Signal = IncidentDetail['signals'][number]
export type Impact = IncidentDetail['impact']

export function incidentQuery(id: string) {
  return queryOptions({
    queryKey: incidentKeys.detail(id),
    queryFn: async ({ signal }): Promise<IncidentDetail> => {
      const { node } = await execute(IncidentDocument, { id }, signal)
      if (node?.__typename !== 'Incident') throw new ApiError('NOT_FOUND', 'There is no such incident.')
      return node
    },
    refetchInterval: ({ state }) => pollEvery(askAgainAfter(state.data))(),
  })
}

/** Notifications have no subscription of their own, and most are on their way for moments only. */
function askAgainAfter(incident: IncidentDetail | undefined): number {
  if (incident?.notifications.some(({ state }) => state === 'PENDING')) return 1_500
  return incident?.state === 'RESOLVED' ? 30_000 : 5_000
}

/** The edges along which it spreads from a pipeline or dataset. */
export function spreadQuery(start: string | null) {
  return queryOptions({
    queryKey: ['incidents', 'spread', start],
    queryFn: async ({ signal }) =>
      (await execute(IncidentSpreadDocument, { start: start ?? '', most: mostDrawn }, signal)).lineage.edges,
    enabled: start !== null,
    staleTime: 60_000,
  })
}

export const silencesQuery = queryOptions({
  queryKey: incidentKeys.silences,
  queryFn: async ({ signal }) => (await execute(ActiveSilencesDocument, {}, signal)).silences,
})
