import { useQuery, keepPreviousData } from '@tanstack/react-query'
import { elk } from './elkWorker'
import type { Shown } from './graph'
import { type Flow, type Layout, layOut } from './layout'

export interface Laid {
  layout: Layout
  /** What was laid out: while another layout is made, this is what stands on the page */
  shown: Shown
}

/** Where everything stands. New states of the same nodes and edges need no new layout. */
export function useLayout(shown: Shown | null, flow: Flow) {
  const nodes = shown?.nodes.map(({ id }) => id) ?? []
  const edges = shown?.edges.map(({ id }) => id) ?? []
  // The ids say all that a layout depends on; hashing whole nodes would lay them out anew with each new state.
  // eslint-disable-next-line @tanstack/query/exhaustive-deps
  return useQuery({
    queryKey: ['lineage', 'layout', flow, nodes, edges],
    queryFn: async (): Promise<Layout | null> => shown && layOut(elk(), shown.nodes, shown.edges, flow),
    enabled: nodes.length > 0,
    placeholderData: keepPreviousData,
    staleTime: Infinity,
    refetchInterval: false,
    retry: false,
  })
}
