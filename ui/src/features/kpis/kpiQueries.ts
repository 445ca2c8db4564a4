import { execute } from '@/api/client'
import {
  KpiGroupsDocument,
  type KpiGroupsQuery,
  KpiNamesDocument,
  KpiSeriesDocument,
  KpiTotalsDocument,
  type KpiTotalsQuery,
  type PipelineFilter,
} from '@/api/generated'
import { pollEvery } from '@/api/queryClient'
import type { Zone } from '@/time/format'
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
import type { Grouping, KpiSearch } from './kpiSearch'
import { isoDuration, type Span, spanOf } from './kpiWindow'

/** As many as the API gives at once; each asking counts all of them anew. */
const tablePage = 500
const common = { staleTime: 30_000, placeholderData: keepPreviousData } as const

export type KpiRow = KpiGroupsQuery['kpis']['edges'][number]['node']

export interface Totals {
  span: Span
  now: KpiTotalsQuery['now']['edges'][number]['node'] | undefined
  before: KpiTotalsQuery['before']['edges'][number]['node'] | undefined
}

/** What makes up the questions; the moment they are asked at is none of it. */
function keyOf({ window, from, to, orchestrator, owner }: KpiSearch, zone: Zone) {
  return { window, from, to, orchestrator, owner, zone }
}

function filterOf({ orchestrator, owner }: KpiSearch): PipelineFilter | null {
  if (orchestrator === undefined && owner === undefined) return null
  return { ...(orchestrator && { orchestrators: [orchestrator] }), ...(owner && { owners: [owner] }) }
}

function asked(span: Span, search: KpiSearch) {
  const until = new Date(span.until).toISOString()
  return { window: isoDuration(span.until - span.since), until, filter: filterOf(search) }
}

/** In total: of the window, and of the one before it. */
export function totalsQuery(search: KpiSearch, zone: Zone) {
  return queryOptions({
    queryKey: ['kpis', 'totals', keyOf(search, zone)],
    queryFn: async ({ signal }): Promise<Totals> => {
      const span = spanOf(search, Date.now(), zone)
      const before = new Date(span.since).toISOString()
      const said = await execute(KpiTotalsDocument, { ...asked(span, search), before }, signal)
      return { span, now: said.now.edges[0]?.node, before: said.before.edges[0]?.node }
    },
    refetchInterval: pollEvery(60_000),
    ...common,
  })
}

export function seriesQuery(search: KpiSearch, zone: Zone) {
  return queryOptions({
    queryKey: ['kpis', 'series', keyOf(search, zone)],
    queryFn: async ({ signal }) => {
      const span = spanOf(search, Date.now(), zone)
      const variables = { ...asked(span, search), step: isoDuration(span.step) }
      return (await execute(KpiSeriesDocument, variables, signal)).kpiSeries
    },
    refetchInterval: pollEvery(120_000),
    ...common,
  })
}

export function groupsQuery(search: KpiSearch, by: Grouping, zone: Zone) {
  const grouping = ({ pipeline: 'PIPELINE', owner: 'OWNER', orchestrator: 'ORCHESTRATOR' } as const)[by]
  return infiniteQueryOptions({
    queryKey: ['kpis', 'groups', grouping, keyOf(search, zone)],
    queryFn: ({ pageParam, signal }) => {
      const variables = asked(spanOf(search, Date.now(), zone), search)
      return execute(
        KpiGroupsDocument,
        { ...variables, by: grouping, first: tablePage, after: pageParam },
        signal,
      )
    },
    initialPageParam: null as string | null,
    getNextPageParam: ({ kpis }) => (kpis.pageInfo.hasNextPage ? kpis.pageInfo.endCursor : undefined),
    refetchInterval: ({ state }) => ((state.data?.pages.length ?? 0) > 1 ? false : pollEvery(120_000)()),
    ...common,
  })
}

/** By what the figures may be narrowed. */
export const kpiNamesQuery = queryOptions({
  queryKey: ['kpis', 'names'],
  queryFn: async ({ signal }) => {
    const { owners, orchestrators } = await execute(KpiNamesDocument, {}, signal)
    return {
      owners: owners.edges.flatMap(({ node }) => node.name ?? []),
      orchestrators: orchestrators.map(({ name }) => name),
    }
  },
  staleTime: 60_000,
  refetchInterval: false,
})
