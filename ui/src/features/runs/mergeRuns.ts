import type { PipelinesQuery, RunRowFragment, RunsQuery } from '@/api/generated'
import type { InfiniteData } from '@tanstack/react-query'

export type RunPages = InfiniteData<RunsQuery, string | null>
export type PipelinePages = InfiniteData<PipelinesQuery, string | null>

type Placed = Pick<RunRowFragment, 'queuedAt' | 'startedAt' | 'endedAt' | 'observedAt'>

/** Where a run stands in the API's order of runs, milliseconds since the epoch. */
export function placeInOrder({ queuedAt, startedAt, endedAt, observedAt }: Placed): number {
  return Date.parse(queuedAt ?? startedAt ?? endedAt ?? observedAt)
}

/**
 * The loaded pages with one changed run in its place: replaced where it is shown, added where it is new, taken out
 * where the filter no longer holds. News older than what is shown, and runs below the last loaded page, change nothing.
 */
export function mergeRun(data: RunPages, run: RunRowFragment, belongs: boolean): RunPages {
  const shown = find(data, run.id)
  if (shown) {
    if (Date.parse(shown.run.observedAt) > Date.parse(run.observedAt)) return data
    return belongs ? replace(data, run) : remove(data, run.id)
  }
  return belongs ? insert(data, run) : data
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

function mapEdges(data: RunPages, change: (edges: Edge[]) => Edge[]): RunPages {
  return { ...data, pages: data.pages.map(({ runs }) => ({ runs: { ...runs, edges: change(runs.edges) } })) }
}

function replace(data: RunPages, run: RunRowFragment): RunPages {
  return mapEdges(data, (edges) =>
    edges.map((edge) => (edge.node.id === run.id ? { ...edge, node: run } : edge)),
  )
}

function remove(data: RunPages, id: string): RunPages {
  return mapEdges(data, (edges) => edges.filter(({ node }) => node.id !== id))
}

function insert(data: RunPages, run: RunRowFragment): RunPages {
  const place = placeInOrder(run)
  const pages = data.pages.map(({ runs }) => runs.edges)
  const isBefore = (edge: Edge): boolean => placeInOrder(edge.node) <= place
  let page = pages.findIndex((edges) => edges.some(isBefore))
  if (page < 0) {
    if (data.pages.at(-1)?.runs.pageInfo.hasNextPage) return data
    page = pages.length - 1
  }
  const added: Edge = { cursor: '', node: run }
  const target = pages[page]
  return mapEdges(data, (edges) => {
    if (edges !== target) return edges
    const at = edges.findIndex(isBefore)
    return at < 0 ? [...edges, added] : [...edges.slice(0, at), added, ...edges.slice(at)]
  })
}

/** The loaded pipelines with `run` as the latest run of its pipeline, unless a later one is known. */
export function mergeLatestRun(data: PipelinePages, run: RunRowFragment): PipelinePages {
  const isChanged = (edge: PipelineEdge): boolean =>
    edge.node.id === run.pipeline.id && supersedes(run, edge.node.latestRun)
  if (!data.pages.some(({ pipelines }) => pipelines.edges.some(isChanged))) return data
  const pages = data.pages.map(({ pipelines }) => ({
    pipelines: {
      ...pipelines,
      edges: pipelines.edges.map((edge) =>
        isChanged(edge) ? { ...edge, node: { ...edge.node, latestRun: run } } : edge,
      ),
    },
  }))
  return { ...data, pages }
}

function supersedes(run: RunRowFragment, latest: (Placed & { id: string }) | null): boolean {
  if (latest === null) return true
  if (latest.id === run.id) return Date.parse(latest.observedAt) <= Date.parse(run.observedAt)
  return placeInOrder(latest) <= placeInOrder(run)
}
