import { execute } from '@/api/client'
import { ApiError } from '@/api/errors'
import {
  ColumnTrailDocument,
  LineageBeginningsDocument,
  LineageNodeDetailDocument,
  type LineageNodeDetailQuery,
  LineagePartDocument,
  type LineagePartQueryVariables,
  LineageSpreadDocument,
  LineageTroubleDocument,
  type LineageTroubleQuery,
  SearchLineageDocument,
  type SearchLineageQuery,
} from '@/api/generated'
import { pollEvery } from '@/api/queryClient'
import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { type LineageSearch, stepsOf, usualDepth } from './lineageSearch'

/** More in one picture nobody reads; the answer says when there is more. */
export const mostDrawn = 2500
const mostIncidents = 50

export type FoundNode = SearchLineageQuery['search'][number]

export function searchQuery(text: string) {
  return queryOptions({
    queryKey: ['lineage', 'search', text],
    queryFn: async ({ signal }) => (await execute(SearchLineageDocument, { text }, signal)).search,
    enabled: text !== '',
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  })
}

/** All questions whose answers, put together, are the graph: from the start, and from each node that is opened. */
export function partQueries(search: LineageSearch) {
  const { node, depth = usualDepth, open = [] } = search
  if (node === undefined) return []
  const steps = stepsOf(depth)
  // One step more than is shown, so that the page knows where the graph goes on.
  return [
    partQuery(search, node, steps === null ? null : steps + 1),
    ...open.map((id) => partQuery(search, id, 2)),
  ]
}

function partQuery({ direction, by, asOf }: LineageSearch, id: string, depth: number | null) {
  const asked: LineagePartQueryVariables = {
    start: { id },
    direction: direction === undefined ? 'BOTH' : direction === 'upstream' ? 'UPSTREAM' : 'DOWNSTREAM',
    depth,
    granularity: by === 'job' ? 'JOB' : 'PIPELINE',
    asOf: asOf ?? null,
    most: mostDrawn,
  }
  return queryOptions({
    queryKey: ['lineage', 'part', asked],
    queryFn: ({ signal }) => execute(LineagePartDocument, asked, signal),
    staleTime: 15_000,
    refetchInterval: pollEvery(asOf === undefined ? 30_000 : 600_000),
  })
}

export type Trouble = LineageTroubleQuery['incidents']['edges'][number]['node']

/** What is wrong now, by the pipelines and datasets where it is. */
export const troubleQuery = queryOptions({
  // Under incidents, so that news of one ask this anew too.
  queryKey: ['incidents', 'lineage'],
  queryFn: async ({ signal }): Promise<Map<string, Trouble>> => {
    const { incidents } = await execute(LineageTroubleDocument, { first: mostIncidents }, signal)
    const found = new Map<string, Trouble>()
    for (const { node } of incidents.edges) {
      for (const { endedAt, pipeline, dataset } of node.signals) {
        const where = dataset?.id ?? pipeline?.id
        if (endedAt === null && where !== undefined && !found.has(where)) found.set(where, node)
      }
    }
    return found
  },
})

type Found = NonNullable<LineageNodeDetailQuery['node']>
export type NodeDetail = Extract<Found, { __typename: 'Dataset' | 'LineageJob' | 'Pipeline' }>
export type DatasetDetail = Extract<NodeDetail, { __typename: 'Dataset' }>

export function detailQuery(id: string) {
  return queryOptions({
    queryKey: ['lineage', 'node', id],
    queryFn: async ({ signal }): Promise<NodeDetail> => {
      const { node } = await execute(LineageNodeDetailDocument, { id }, signal)
      if (
        node?.__typename === 'Dataset' ||
        node?.__typename === 'LineageJob' ||
        node?.__typename === 'Pipeline'
      ) {
        return node
      }
      throw new ApiError('NOT_FOUND', 'There is no such dataset, job or pipeline.')
    },
  })
}

/** What a node hurts, and what hurts it now. */
export function spreadQuery(id: string | null, asOf: string | undefined) {
  const asked = { start: { id }, asOf: asOf ?? null, isEarlier: asOf !== undefined }
  return queryOptions({
    queryKey: ['lineage', 'spread', asked],
    queryFn: ({ signal }) => execute(LineageSpreadDocument, asked, signal),
    enabled: id !== null,
    staleTime: 15_000,
  })
}

export function columnQuery(
  { namespace, name }: { namespace: string; name: string },
  field: string,
  asOf: string | undefined,
) {
  const asked = { dataset: { namespace, name }, field, asOf: asOf ?? null }
  return queryOptions({
    queryKey: ['lineage', 'column', asked],
    queryFn: async ({ signal }) => (await execute(ColumnTrailDocument, asked, signal)).columnLineage,
    staleTime: 30_000,
  })
}

/** Some pipelines to begin with. */
export const beginningsQuery = queryOptions({
  queryKey: ['lineage', 'beginnings'],
  queryFn: async ({ signal }) =>
    (await execute(LineageBeginningsDocument, { first: 24 }, signal)).pipelines.edges.map(({ node }) => node),
})
