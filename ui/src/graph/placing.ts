import {
  arrowAt,
  around,
  type Box,
  type Layout,
  options,
  type Path,
  pointsOf,
  roundedPath,
} from '@/features/lineage/layout'
import type { Size } from '@/features/lineage/viewport'
import type { ELK, ElkExtendedEdge, ElkNode } from 'elkjs/lib/elk-api'

export interface Placeable {
  id: string
  /** Nodes of one group stand in one frame */
  group: string | null
}
export interface Edge {
  source: string
  target: string
}
export interface Frame {
  name: string
  box: Box
}
export interface Placed extends Layout {
  frames: Frame[]
}

const height = 52
const frameMark = 'frame '

/** Closer together than in the lineage explorer: there is no room for the whole window. */
const closer = {
  'elk.layered.spacing.nodeNodeBetweenLayers': '44',
  'elk.layered.spacing.edgeNodeBetweenLayers': '16',
  'elk.spacing.nodeNode': '16',
}
const spacing: Record<string, string> = { ...options('RIGHT'), ...closer }
const inFrames: Record<string, string> = {
  ...spacing,
  // ELK fails where the order of nodes within frames is to be kept.
  'elk.layered.considerModelOrder.strategy': 'NONE',
  'elk.hierarchyHandling': 'INCLUDE_CHILDREN',
  'elk.json.shapeCoords': 'ROOT',
  'elk.json.edgeCoords': 'ROOT',
}
/** With more nodes than these in frames, a finer drawing would take many seconds. */
const mostFine = 60
const coarser = { 'elk.layered.nodePlacement.strategy': 'BRANDES_KOEPF', 'elk.layered.thoroughness': '1' }
const frame: Record<string, string> = { ...inFrames, 'elk.padding': '[top=30,left=12,bottom=12,right=12]' }

export function edgeId({ source, target }: Edge): string {
  return `${source}>${target}`
}

/** Each edge once, between two different nodes that are there. */
export function drawable<Given extends Edge>(nodes: { id: string }[], edges: Given[]): Given[] {
  const known = new Set(nodes.map(({ id }) => id))
  const found = new Map<string, Given>()
  for (const edge of edges) {
    const { source, target } = edge
    if (source !== target && known.has(source) && known.has(target)) found.set(edgeId(edge), edge)
  }
  return [...found.values()]
}

/** Asks ELK where everything stands, from left to right, with a frame around each group. */
export async function place(elk: ELK, nodes: Placeable[], edges: Edge[], width: number): Promise<Placed> {
  const laid: ElkNode = await elk.layout({
    id: 'graph',
    layoutOptions: optionsFor(nodes),
    children: nested(nodes, { width, height }),
    edges: edges.map((edge) => ({ id: edgeId(edge), sources: [edge.source], targets: [edge.target] })),
  })
  const { edges: drawn = [], children = [] } = laid
  const isFrame = ({ id }: ElkNode): boolean => id.startsWith(frameMark)
  return {
    boxes: new Map(
      children
        .flatMap((one) => (isFrame(one) ? (one.children ?? []) : [one]))
        .map((one) => [one.id, boxOf(one)]),
    ),
    paths: new Map(drawn.map((edge) => [edge.id, pathOf(edge)])),
    frames: children
      .filter(isFrame)
      .map((one) => ({ name: one.id.slice(frameMark.length), box: boxOf(one) })),
    width: laid.width ?? 0,
    height: laid.height ?? 0,
  }
}

function optionsFor(nodes: Placeable[]): Record<string, string> {
  if (nodes.every(({ group }) => group === null)) return spacing
  return nodes.length > mostFine ? { ...inFrames, ...coarser } : inFrames
}

/** Groups where the first of each stands. */
function nested(nodes: Placeable[], size: Size): ElkNode[] {
  const groups = new Map<string, ElkNode[]>()
  const found: ElkNode[] = []
  for (const { id, group } of nodes) {
    const node = { id, ...size }
    if (group === null) {
      found.push(node)
      continue
    }
    const known = groups.get(group)
    if (known) {
      known.push(node)
      continue
    }
    const children = [node]
    groups.set(group, children)
    found.push({ id: frameMark + group, layoutOptions: frame, children })
  }
  return found
}

function boxOf({ x = 0, y = 0, width = 0, height = 0 }: ElkNode): Box {
  return { x, y, width, height }
}

function pathOf(edge: ElkExtendedEdge): Path {
  const points = pointsOf(edge)
  return { line: roundedPath(points), arrow: arrowAt(points.at(-1), 'RIGHT'), around: around(points) }
}
