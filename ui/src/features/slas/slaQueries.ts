import { execute } from '@/api/client'
import { ApiError } from '@/api/errors'
import {
  SlaAdherencesDocument,
  SlaCalendarDocument,
  type SlaCalendarQuery,
  SlaDocument,
  SlaEvaluationsDocument,
  type SlaEvaluationsQuery,
  type SlaEvaluationsQueryVariables,
  type SlaGrouping,
  SlaIncidentsDocument,
  type SlaLineFragment,
  SlaMonthsDocument,
  type SlaQuery,
  SlasDocument,
  SlasInDangerDocument,
  type SlasInDangerQuery,
  type SlasQuery,
  type SlaStandingFragment,
} from '@/api/generated'
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
import type { Days, Grouping } from './slaSearch'

/** The order is by danger, which only whoever has all of them can tell. */
const portion = 250
/** Of those in danger, so many are looked at for the most urgent ones. */
const mostInDanger = 200
const historyPage = 25
/** Evaluations of half a year, one for each day, and some more. */
const calendarSize = 200
/** The gateway answers at most so many at once: of what is judged for each run, these are fewer days. */
export const calendarOfRuns = 500
const openIncidents = 50

export type SlaLine = SlaLineFragment
export type Standing = SlaStandingFragment
export type SlaDetail = NonNullable<SlaQuery['sla']>
type Evaluations = NonNullable<SlaEvaluationsQuery['sla']>['evaluations']
export type Judged = Evaluations['edges'][number]['node']
export type JudgedDay = NonNullable<SlaCalendarQuery['sla']>['evaluations']['edges'][number]['node']
export type InDanger = SlasInDangerQuery['slas']['edges'][number]['node']

export const slaKeys = {
  all: ['slas'] as const,
  list: ['slas', 'list'] as const,
  danger: ['slas', 'danger'] as const,
  detail: (name: string) => ['slas', 'detail', name] as const,
  details: ['slas', 'detail'] as const,
}

/** Every promise. */
export const allSlasQuery = queryOptions({
  queryKey: slaKeys.list,
  queryFn: async ({ signal }): Promise<SlaLine[]> => {
    const found: SlaLine[] = []
    let after: string | null = null
    do {
      const { slas }: SlasQuery = await execute(SlasDocument, { first: portion, after }, signal)
      found.push(...slas.edges.map(({ node }) => node))
      after = slas.pageInfo.hasNextPage ? slas.pageInfo.endCursor : null
    } while (after !== null)
    return found
  },
})

/** How many stand how, and those in danger: for the header and the overview. */
export const dangerQuery = queryOptions({
  queryKey: slaKeys.danger,
  queryFn: ({ signal }) => execute(SlasInDangerDocument, { first: mostInDanger }, signal),
})

export function slaQuery(name: string) {
  return queryOptions({
    queryKey: slaKeys.detail(name),
    queryFn: async ({ signal }): Promise<SlaDetail> => orNone(await execute(SlaDocument, { name }, signal)),
  })
}

/** How it was judged, the last opened first. */
export function evaluationsQuery(name: string) {
  return infiniteQueryOptions({
    queryKey: [...slaKeys.detail(name), 'evaluations'],
    queryFn: async ({ pageParam, signal }) =>
      orNone(await execute(SlaEvaluationsDocument, { name, first: historyPage, after: pageParam }, signal))
        .evaluations,
    initialPageParam: null as string | null,
    getNextPageParam: ({ pageInfo }) => (pageInfo.hasNextPage ? pageInfo.endCursor : undefined),
  })
}

/** As many as the gateway answers at once. */
const wholePage = 500
/** What is judged for each run may be endless: a spreadsheet gets the latest. */
export const mostSaved = 10_000

/** How it was judged, all of it, the last opened first. */
export async function allEvaluations(name: string): Promise<Judged[]> {
  const found: Judged[] = []
  let after: string | null = null
  do {
    const asked: SlaEvaluationsQueryVariables = { name, first: wholePage, after }
    const { evaluations }: { evaluations: Evaluations } = orNone(await execute(SlaEvaluationsDocument, asked))
    found.push(...evaluations.edges.map(({ node }) => node))
    after = evaluations.pageInfo.hasNextPage ? evaluations.pageInfo.endCursor : null
  } while (after !== null && found.length < mostSaved)
  return found
}

export function calendarQuery(name: string, isOfRuns: boolean) {
  return queryOptions({
    queryKey: [...slaKeys.detail(name), 'calendar', isOfRuns],
    queryFn: async ({ signal }) => {
      const first = isOfRuns ? calendarOfRuns : calendarSize
      const { evaluations } = orNone(await execute(SlaCalendarDocument, { name, first }, signal))
      return evaluations.edges.map(({ node }) => node)
    },
  })
}

const groupings = { owner: 'OWNER', orchestrator: 'ORCHESTRATOR' } as const satisfies Record<
  Grouping,
  SlaGrouping
>

export function adherenceQuery(by: Grouping, days: Days) {
  return queryOptions({
    queryKey: ['slas', 'adherence', by, days],
    queryFn: async ({ signal }) => {
      const variables = { by: groupings[by], window: `P${days}D` }
      return (await execute(SlaAdherencesDocument, variables, signal)).slaAdherence
    },
    placeholderData: keepPreviousData,
  })
}

/** The last half year. */
const monthsShown = 6

export function monthsQuery(by: Grouping, timezone: string) {
  return queryOptions({
    queryKey: ['slas', 'months', by, timezone],
    queryFn: async ({ signal }) => {
      const variables = { by: groupings[by], months: monthsShown, timezone }
      return (await execute(SlaMonthsDocument, variables, signal)).slaAdherenceByMonth
    },
    placeholderData: keepPreviousData,
  })
}

/** Open incidents in which some promise is broken or in danger. */
export const slaIncidentsQuery = queryOptions({
  queryKey: ['incidents', 'of-slas'],
  queryFn: async ({ signal }) =>
    (await execute(SlaIncidentsDocument, { first: openIncidents }, signal)).incidents.edges.map(
      ({ node }) => node,
    ),
})

function orNone<Found>({ sla }: { sla: Found | null }): Found {
  if (sla === null) throw new ApiError('NOT_FOUND', 'There is no such SLA.')
  return sla
}
