import type { PipelinesQuery, RunRowFragment, RunsQuery, RunState } from '@/api/generated'
import type { InfiniteData } from '@tanstack/react-query'
import { isBefore, type Placed, placeInTime, type RunSort, tookOf } from './runOrder'

export type RunPages = InfiniteData<RunsQuery, string | null>
export type PipelinePages = InfiniteData<PipelinesQuery, string | null>

/**
 * The loaded pages with one changed run in its place: replaced where it is shown, added where it is new, taken out
 * where the filter no longer holds. A run keeps its place in time, but not among the longest. News older than what is
 * shown, and runs below the last loaded page, change nothing.
 */
export function mergeRun(data: RunPages, run: RunRowFragment, belongs: boolean, sort?: RunSort): RunPages {
  const shown = find(data, run.id)
  if (shown) {
    if (Date.parse(shown.run.observedAt) > Date.parse(run.observedAt)) return data
    if (!belongs) return remove(data, run.id)
    return moves(shown.run, run, sort) ? insert(remove(data, run.id), run, sort) : replace(data, run)
  }
  return belongs ? insert(data, run, sort) : data
}

function moves(before: RunRowFragment, now: RunRowFragment, sort: RunSort | undefined): boolean {
  return (sort === 'longest' || sort === 'shortest') && tookOf(before) !== tookOf(now)
}

function find(data: RunPages, id: string): { run: RunRowFragment } | undefined {
  for (const page of data.pages) {
    const edge = page.runs.edges.find(({ node }) => node.id === id)
    if (edge) return { run: edge.node }
  }
  return undefined
}

type PipelineEdge = PipelinesQuery['pipelines']['edges'][number]
type Edge = RunsQuery['runs']['edges'][number]

/** Pages in which nothing changes stay the same objects, so nothing is made anew of them. */
function mapEdges(data: RunPages, change: (edges: Edge[]) => Edge[]): RunPages {
  return {
    ...data,
    pages: data.pages.map((page) => {
      const edges = change(page.runs.edges)
      return edges === page.runs.edges ? page : { runs: { ...page.runs, edges } }
    }),
  }
}

function replace(data: RunPages, run: RunRowFragment): RunPages {
  return mapEdges(data, (edges) =>
    edges.some(({ node }) => node.id === run.id)
      ? edges.map((edge) => (edge.node.id === run.id ? { ...edge, node: run } : edge))
      : edges,
  )
}

function remove(data: RunPages, id: string): RunPages {
  return mapEdges(data, (edges) =>
    edges.some(({ node }) => node.id === id) ? edges.filter(({ node }) => node.id !== id) : edges,
  )
}

function insert(data: RunPages, run: RunRowFragment, sort: RunSort | undefined): RunPages {
  const pages = data.pages.map(({ runs }) => runs.edges)
  const isBehind = ({ node }: Edge): boolean => isBefore(run, node, sort)
  let page = pages.findIndex((edges) => edges.some(isBehind))
  if (page < 0) {
    if (data.pages.at(-1)?.runs.pageInfo.hasNextPage) return data
    page = pages.length - 1
  }
  const added: Edge = { cursor: '', node: run }
  const target = pages[page]
  return mapEdges(data, (edges) => {
    if (edges !== target) return edges
    const at = edges.findIndex(isBehind)
    return at < 0 ? [...edges, added] : [...edges.slice(0, at), added, ...edges.slice(at)]
  })
}

/**
 * The loaded pipelines with `run` as the latest run of its pipeline, unless a later one is known; `states`: only
 * pipelines whose latest run is in one of them are in this list.
 */
export function mergeLatestRun(data: PipelinePages, run: RunRowFragment, states?: RunState[]): PipelinePages {
  const isChanged = (edge: PipelineEdge): boolean =>
    edge.node.id === run.pipeline.id && supersedes(run, edge.node.latestRun)
  const stays = !states || states.includes(run.state)
  const change = (edges: PipelineEdge[]): PipelineEdge[] =>
    stays
      ? edges.map((edge) => (isChanged(edge) ? { ...edge, node: { ...edge.node, latestRun: run } } : edge))
      : edges.filter((edge) => !isChanged(edge))
  const isTouched = ({ pipelines }: PipelinesQuery): boolean => pipelines.edges.some(isChanged)
  if (!data.pages.some(isTouched)) return data
  const pages = data.pages.map((page) =>
    isTouched(page) ? { pipelines: { ...page.pipelines, edges: change(page.pipelines.edges) } } : page,
  )
  return { ...data, pages }
}

function supersedes(run: RunRowFragment, latest: (Placed & { id: string }) | null): boolean {
  if (latest === null) return true
  if (latest.id === run.id) return Date.parse(latest.observedAt) <= Date.parse(run.observedAt)
  return placeInTime(latest) <= placeInTime(run)
}
