import { elk } from '@/features/lineage/elkWorker'
import { mostFine } from '@/features/lineage/useLayout'
import { layOutAside } from '@/features/lineage/wideWorker'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { type Edge, edgeId, place, type Placeable, type Placed } from './placing'

/** Where everything stands. New states of the same nodes and edges need no new layout. */
export function usePlaced(nodes: Placeable[], edges: Edge[], width: number) {
  const asked = nodes.map(({ id, group }) => [id, group])
  // The ids say all that a layout depends on.
  // eslint-disable-next-line @tanstack/query/exhaustive-deps
  return useQuery({
    queryKey: ['graph', 'placed', width, asked, edges.map(edgeId)],
    queryFn: () => placed(nodes, edges, width),
    placeholderData: keepPreviousData,
    staleTime: Infinity,
    refetchInterval: false,
    retry: false,
  })
}

/** Many nodes stand without frames, in a layout that is made in a tenth of the time. */
async function placed(nodes: Placeable[], edges: Edge[], width: number): Promise<Placed> {
  if (nodes.length <= mostFine) return place(elk(), nodes, edges, width)
  const wide = {
    nodes: nodes.map(({ id }) => id),
    edges: edges.map((edge) => ({ id: edgeId(edge), ...edge })),
  }
  const { boxes, paths, ...size } = await layOutAside({ ...wide, flow: 'RIGHT' })
  return { boxes: new Map(boxes), paths: new Map(paths), frames: [], ...size }
}
