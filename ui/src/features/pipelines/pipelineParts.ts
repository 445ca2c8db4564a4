import { execute } from '@/api/client'
import { ApiError } from '@/api/errors'
import {
  PipelineByNameDocument,
  PipelineFiguresDocument,
  type PipelineFiguresQuery,
  PipelineRecentDocument,
  type PipelineRecentQuery,
  PipelineSurroundingsDocument,
  type PipelineSurroundingsQuery,
} from '@/api/generated'
import { pollEvery } from '@/api/queryClient'
import { isOngoing } from '@/features/runs/runState'
import { queryOptions } from '@tanstack/react-query'
import { pipelineKeys } from './pipelineQueries'

/** Of the last runs, so many are shown. */
const inGrid = 25
const inChart = 60

type OfPipeline<Node> = Extract<Node, { __typename: 'Pipeline' }>
export type Surroundings = OfPipeline<PipelineSurroundingsQuery['node']>
export type Figures = NonNullable<OfPipeline<PipelineFiguresQuery['node']>['kpis']>

function asPipeline<Node extends { __typename: string }>(node: Node | null): OfPipeline<Node> {
  if (node?.__typename !== 'Pipeline') throw new ApiError('NOT_FOUND', 'There is no such pipeline.')
  return node as OfPipeline<Node>
}

/** The last runs, the oldest first: with their tasks for the grid, more of them for the chart. */
export function recentRunsQuery(id: string) {
  return queryOptions({
    queryKey: pipelineKeys.recent(id),
    queryFn: async ({ signal }) => {
      const { node } = await execute(PipelineRecentDocument, { id, inGrid, inChart }, signal)
      const pipeline: OfPipeline<PipelineRecentQuery['node']> = asPipeline(node)
      return {
        grid: pipeline.inGrid.edges.map(({ node: run }) => run).reverse(),
        chart: pipeline.inChart.edges.map(({ node: run }) => run).reverse(),
      }
    },
    // Task runs have no subscription of their own.
    refetchInterval: ({ state }) =>
      pollEvery(state.data?.grid.some((run) => isOngoing(run.state)) ? 3_000 : 30_000)(),
  })
}

/** What is promised of it, what it waits for and what waits for it, and its data. */
export function surroundingsQuery(id: string) {
  return queryOptions({
    queryKey: [...pipelineKeys.detail(id), 'surroundings'],
    queryFn: async ({ signal }): Promise<Surroundings> =>
      asPipeline((await execute(PipelineSurroundingsDocument, { id }, signal)).node),
  })
}

/** Key figures of the last 30 days; null where its orchestrator no longer lists it. */
export function figuresQuery(id: string) {
  return queryOptions({
    queryKey: [...pipelineKeys.detail(id), 'figures'],
    queryFn: async ({ signal }): Promise<Figures | null> =>
      asPipeline((await execute(PipelineFiguresDocument, { id }, signal)).node).kpis,
    refetchInterval: pollEvery(60_000),
  })
}

/** A pipeline by its name in configuration, orchestrator/key; null while no orchestrator lists it. */
export function pipelineByNameQuery(name: string) {
  const [orchestrator = '', ...rest] = name.split('/')
  const key = rest.join('/')
  return queryOptions({
    queryKey: [...pipelineKeys.all, 'by name', { orchestrator, key }],
    queryFn: async ({ signal }) =>
      (await execute(PipelineByNameDocument, { orchestrator, key }, signal)).pipeline,
    staleTime: 60_000,
    refetchInterval: false,
  })
}
