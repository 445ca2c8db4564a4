import { execute } from '@/api/client'
import { ApiError } from '@/api/errors'
import {
  RunCountsDocument,
  RunDocument,
  RunLogsDocument,
  type RunQuery,
  RunsDocument,
  RunTotalDocument,
} from '@/api/generated'
import { pollEvery } from '@/api/queryClient'
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { orderOf } from './runOrder'
import { isOngoing } from './runState'
import { type RunSearch, toRunFilter } from './runFilter'
import { totalSearches, withoutTotals } from './runTotals'

/** A short list's page, and a table's. */
export const listPage = 25
export const tablePage = 100
/** Who goes on through a table wants many more: as many as the API allows. */
const furtherPage = 500

export const runKeys = {
  all: ['runs'] as const,
  lists: ['runs', 'list'] as const,
  list: (search: RunSearch, pipelineId: string | null, size: number) =>
    ['runs', 'list', { search, pipelineId }, size] as const,
  counts: ['runs', 'counts'] as const,
  total: (search: RunSearch) => ['runs', 'counts', search] as const,
  glance: (search: RunSearch) => ['runs', 'counts', 'at a glance', search] as const,
  detail: (id: string) => ['runs', 'detail', id] as const,
}

/** Runs, newest first unless the search says otherwise; of one pipeline where its id is given. */
export function runsQuery(search: RunSearch, pipelineId: string | null = null, size = listPage) {
  return infiniteQueryOptions({
    queryKey: runKeys.list(search, pipelineId, size),
    queryFn: ({ pageParam, signal }) =>
      execute(
        RunsDocument,
        {
          first: pageParam === null || size < tablePage ? size : furtherPage,
          after: pageParam,
          filter: toRunFilter(search, pipelineId),
          ...orderOf(search.sort),
        },
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: ({ runs }) => (runs.pageInfo.hasNextPage ? runs.pageInfo.endCursor : undefined),
    // Many pages are not read again and again; what changes in them is pushed.
    refetchInterval: ({ state }) => ((state.data?.pages.length ?? 0) > 4 ? false : pollEvery(30_000)()),
  })
}

/** How many runs a list would show if it went on to its end. */
export function runTotalQuery({ sort: _, ...search }: RunSearch) {
  return queryOptions({
    queryKey: runKeys.total(search),
    queryFn: async ({ signal }) =>
      (await execute(RunTotalDocument, { filter: toRunFilter(search, null) }, signal)).runs.totalCount,
  })
}

/** How many runs are going on, and how those of the last 24 hours ended. */
export function runCountsQuery(search: RunSearch) {
  const kept = withoutTotals(search)
  return queryOptions({
    queryKey: runKeys.glance(kept),
    queryFn: ({ signal }) => {
      const { running, queued, failed, succeeded } = totalSearches(kept)
      const filters = {
        running: toRunFilter(running, null),
        queued: toRunFilter(queued, null),
        failed: toRunFilter(failed, null),
        succeeded: toRunFilter(succeeded, null),
      }
      return execute(RunCountsDocument, filters, signal)
    },
  })
}

export type RunDetail = Extract<RunQuery['node'], { __typename: 'Run' }>

export function runQuery(id: string) {
  return queryOptions({
    queryKey: runKeys.detail(id),
    queryFn: async ({ signal }): Promise<RunDetail> => {
      const { node } = await execute(RunDocument, { id }, signal)
      if (node?.__typename !== 'Run') throw new ApiError('NOT_FOUND', 'There is no such run.')
      return node
    },
    // Task runs have no subscription of their own.
    refetchInterval: ({ state }) => pollEvery(state.data && isOngoing(state.data.state) ? 3_000 : 30_000)(),
  })
}

export interface Attempt {
  task: string
  mapIndex: number | null
  attempt: number
}

/** The last lines of one attempt's log, read from the orchestrator now. */
export function logQuery(id: string, { task, mapIndex, attempt }: Attempt, tail: number) {
  return queryOptions({
    queryKey: ['runs', 'log', id, { task, mapIndex, attempt }, tail],
    queryFn: async ({ signal }): Promise<string | null> => {
      const { node } = await execute(RunLogsDocument, { id, task, mapIndex, attempt, tail }, signal)
      const taskRuns = node?.__typename === 'Run' ? node.taskRuns : []
      const found = taskRuns.find(
        (one) => one.task === task && one.mapIndex === mapIndex && one.attempt === attempt,
      )
      return found?.log ?? null
    },
    staleTime: 0,
    retry: false,
    refetchInterval: false,
    // What somebody reads does not move because they come back to it.
    refetchOnWindowFocus: false,
  })
}
