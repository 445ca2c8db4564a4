import { execute } from '@/api/client'
import { ApiError } from '@/api/errors'
import {
  PipelineDocument,
  type PipelineOrder,
  type PipelineQuery,
  PipelinesDocument,
  type SortDirection,
} from '@/api/generated'
import { pollEvery } from '@/api/queryClient'
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { type PipelineSearch, type SortColumn, sortOf, toPipelineFilter } from './pipelineSearch'

/** A short list's page, and a table's: what fits on a screen twice over, so that the first rows are there soon. */
export const listPage = 50
export const tablePage = 100

export const pipelineKeys = {
  all: ['pipelines'] as const,
  lists: ['pipelines', 'list'] as const,
  list: (search: PipelineSearch, size: number) => ['pipelines', 'list', search, size] as const,
  detail: (id: string) => ['pipelines', 'detail', id] as const,
  recent: (id: string) => ['pipelines', 'detail', id, 'recent'] as const,
}

const orders: Record<SortColumn, PipelineOrder> = {
  name: 'NAME',
  orchestrator: 'ORCHESTRATOR',
  owners: 'OWNER',
  schedule: 'SCHEDULE',
  next: 'NEXT_RUN',
  state: 'LATEST_STATE',
  latest: 'LATEST_RUN',
}

/** The pipelines that their orchestrators list now, by name unless the search says otherwise. */
export function pipelinesQuery(search: PipelineSearch, size = listPage) {
  return infiniteQueryOptions({
    queryKey: pipelineKeys.list(search, size),
    queryFn: ({ pageParam, signal }) =>
      execute(
        PipelinesDocument,
        { first: size, after: pageParam, filter: toPipelineFilter(search), ...orderOf(search) },
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: ({ pipelines }) =>
      pipelines.pageInfo.hasNextPage ? pipelines.pageInfo.endCursor : undefined,
    refetchInterval: ({ state }) => {
      const pages = state.data?.pages ?? []
      // Hundreds of pages are not read again and again; what changes in them is pushed.
      if (pages.length > 3) return false
      // The first pipelines are awaited.
      return pollEvery(pages[0]?.pipelines.edges.length === 0 ? 3_000 : 30_000)()
    },
  })
}

function orderOf(search: PipelineSearch): { orderBy: PipelineOrder; direction: SortDirection } {
  const { column, isDescending } = sortOf(search)
  return { orderBy: orders[column], direction: isDescending ? 'DESC' : 'ASC' }
}

export type PipelineDetail = Extract<PipelineQuery['node'], { __typename: 'Pipeline' }>

export function pipelineQuery(id: string) {
  return queryOptions({
    queryKey: pipelineKeys.detail(id),
    queryFn: async ({ signal }): Promise<PipelineDetail> => {
      const { node } = await execute(PipelineDocument, { id }, signal)
      if (node?.__typename !== 'Pipeline') throw new ApiError('NOT_FOUND', 'There is no such pipeline.')
      return node
    },
  })
}
