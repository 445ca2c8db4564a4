import { execute } from '@/api/client'
import { ApiError } from '@/api/errors'
import { PipelineDocument, type PipelineFilter, type PipelineQuery, PipelinesDocument } from '@/api/generated'
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'

const pageSize = 50

export interface PipelineSearch {
  q?: string
  orchestrator?: string
}

export const pipelineKeys = {
  all: ['pipelines'] as const,
  lists: ['pipelines', 'list'] as const,
  list: (search: PipelineSearch) => ['pipelines', 'list', search] as const,
  detail: (id: string) => ['pipelines', 'detail', id] as const,
}

function toFilter({ q, orchestrator }: PipelineSearch): PipelineFilter {
  return { isActive: true, ...(q && { search: q }), ...(orchestrator && { orchestrators: [orchestrator] }) }
}

/** The pipelines that their orchestrators list now, by name. */
export function pipelinesQuery(search: PipelineSearch) {
  return infiniteQueryOptions({
    queryKey: pipelineKeys.list(search),
    queryFn: ({ pageParam, signal }) =>
      execute(PipelinesDocument, { first: pageSize, after: pageParam, filter: toFilter(search) }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: ({ pipelines }) =>
      pipelines.pageInfo.hasNextPage ? pipelines.pageInfo.endCursor : undefined,
  })
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
