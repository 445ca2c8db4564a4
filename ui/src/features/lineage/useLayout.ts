import { useQuery, keepPreviousData } from '@tanstack/react-query'
import { elk } from './elkWorker'
import type { GraphEdge, Shown } from './graph'
import { type Flow, type Layout, layOut, sizeWith } from './layout'
import { layOutAside } from './wideWorker'

/** ELK finds the finer drawing, in seconds for a thousand nodes; with more than these it is not asked. */
export const mostFine = 300

export interface Laid {
  layout: Layout
  /** What was laid out: while another layout is made, this is what stands on the page */
  shown: Shown
}

type Rows = ReadonlyMap<string, number>

/** Where everything stands. New states of the same nodes and edges need no new layout. */
export function useLayout(shown: Shown | null, flow: Flow, rows: Rows) {
  const nodes = shown?.nodes.map(({ id }) => id) ?? []
  const edges = shown?.edges.map(({ id }) => id) ?? []
  // The ids say all that a layout depends on; hashing whole nodes would lay them out anew with each new state.
  // eslint-disable-next-line @tanstack/query/exhaustive-deps
  return useQuery({
    queryKey: ['lineage', 'layout', flow, nodes, edges, [...rows]],
    queryFn: (): Promise<Layout | null> => layOutShown(shown, flow, rows),
    enabled: nodes.length > 0,
    placeholderData: keepPreviousData,
    staleTime: Infinity,
    refetchInterval: false,
    retry: false,
  })
}

async function layOutShown(shown: Shown | null, flow: Flow, rows: Rows): Promise<Layout | null> {
  if (!shown) return null
  const { nodes, edges } = shown
  if (nodes.length <= mostFine) return layOut(elk(), nodes, edges, flow, rows)
  const ends = edges.map(({ id, source, target }: GraphEdge) => ({ id, source, target }))
  const { boxes, paths, ...size } = await layOutAside({ nodes: nodes.map(({ id }) => id), edges: ends, flow })
  // Among so many nodes no room is made for rows: they stand over what is below.
  const grown = boxes.map(([id, box]) => [id, { ...box, ...sizeWith(rows.get(id) ?? 0) }] as const)
  return { boxes: new Map(grown), paths: new Map(paths), ...size }
}
