import { beside, nearest } from '@/features/lineage/viewport'
import type { Edge, Placed } from './placing'

/** Where a key leads from a node: along an edge, or to what stands above or below; null where it leads nowhere. */
export function stepFrom(key: string, id: string, edges: Edge[], placed: Placed): string | null {
  switch (key) {
    case 'ArrowRight':
      return nearest(id, behind(id, edges), placed)
    case 'ArrowLeft':
      return nearest(id, before(id, edges), placed)
    case 'ArrowUp':
      return nextTo(id, placed, -1)
    case 'ArrowDown':
      return nextTo(id, placed, 1)
    case 'Home':
      return inOrder(placed)[0] ?? null
    case 'End':
      return inOrder(placed).at(-1) ?? null
    default:
      return null
  }
}

/** The nodes from left to right, and from top to bottom. */
export function inOrder({ boxes }: Placed): string[] {
  return [...boxes].toSorted(([, a], [, b]) => a.x - b.x || a.y - b.y).map(([id]) => id)
}

function behind(id: string, edges: Edge[]): string[] {
  return edges.filter(({ source }) => source === id).map(({ target }) => target)
}

function before(id: string, edges: Edge[]): string[] {
  return edges.filter(({ target }) => target === id).map(({ source }) => source)
}

/** In its own layer, or where that ends, the nearest of all. */
function nextTo(id: string, placed: Placed, sign: 1 | -1): string | null {
  const own = nearest(id, beside(id, placed, 'y', sign), placed)
  if (own !== null) return own
  const from = placed.boxes.get(id)
  const others = [...placed.boxes].filter(([, box]) => from && (box.y - from.y) * sign > from.height / 2)
  return nearest(
    id,
    others.map(([other]) => other),
    placed,
  )
}
