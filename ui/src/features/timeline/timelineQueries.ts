import { execute } from '@/api/client'
import { TimelineDetailDocument, TimelineDocument, type TimelineQuery } from '@/api/generated'
import { pollEvery } from '@/api/queryClient'
import type { RunSearch } from '@/features/runs/runFilter'
import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
  type InfiniteData,
} from '@tanstack/react-query'
import { toTimelineFilter } from './timelineSearch'

/** Lanes that are read at a time. */
export const lanePage = 60
/** Runs may be stamped by a clock that is ahead of this one. */
const slack = 60_000

export type Lane = TimelineQuery['timeline']['edges'][number]['node']
export type Bar = Lane['bars'][number]
export type Link = TimelineQuery['timeline']['links'][number]
export type LaneGroup = TimelineQuery['timeline']['groups'][number]
export type TimelinePages = InfiniteData<TimelineQuery>

export const timelineKeys = {
  all: ['timeline'] as const,
  lists: ['timeline', 'lanes'] as const,
}

/** The lanes of the last `length` milliseconds, what matters first. */
export function timelineQuery(search: RunSearch, length: number, isGrouped: boolean) {
  const filter = toTimelineFilter(search)
  return infiniteQueryOptions({
    queryKey: [...timelineKeys.lists, { filter, length, isGrouped }] as const,
    queryFn: ({ pageParam, signal }) => {
      const now = Date.now()
      const [from, to] = [new Date(now - length), new Date(now + slack)].map((at) => at.toISOString())
      return execute(
        TimelineDocument,
        {
          from: from ?? '',
          to: to ?? '',
          first: lanePage,
          after: pageParam,
          filter,
          byOrchestrator: isGrouped,
        },
        signal,
      )
    },
    initialPageParam: null as string | null,
    getNextPageParam: ({ timeline: { pageInfo } }) => (pageInfo.hasNextPage ? pageInfo.endCursor : undefined),
    placeholderData: keepPreviousData,
    // Many pages are not read again and again; what changes in them is pushed.
    refetchInterval: ({ state }) => ((state.data?.pages.length ?? 0) > 4 ? false : pollEvery(30_000)()),
  })
}

/** The single runs of some lanes between two instants, milliseconds since the epoch. */
export function detailQuery(from: number, to: number, pipelines: string[]) {
  return queryOptions({
    queryKey: [...timelineKeys.all, 'detail', { from, to, pipelines }] as const,
    queryFn: async ({ signal }): Promise<Map<string, Bar[]>> => {
      const variables = {
        from: new Date(from).toISOString(),
        to: new Date(to).toISOString(),
        first: pipelines.length,
        pipelines,
      }
      const { timeline } = await execute(TimelineDetailDocument, variables, signal)
      return new Map(timeline.edges.map(({ node }) => [node.pipeline.id, node.bars]))
    },
    enabled: pipelines.length > 0,
  })
}
