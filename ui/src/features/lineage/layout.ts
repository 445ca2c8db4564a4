import type { ElkExtendedEdge, ElkNode, ELK } from 'elkjs/lib/elk-api'
import type { GraphEdge, GraphNode } from './graph'

export interface Point {
  x: number
  y: number
}
export interface Box extends Point {
  width: number
  height: number
}
/** An edge as an SVG path, its arrow's, and the box around both */
export interface Path {
  line: string
  arrow: string
  around: Box
}
export interface Layout {
  boxes: Map<string, Box>
  paths: Map<string, Path>
  width: number
  height: number
}
export type Flow = 'RIGHT' | 'DOWN'

export const nodeSize = { width: 216, height: 56 }
/** Of a column under a dataset's name */
export const rowHeight = 22
const below = 8
const corner = 10

/** Layers, so that data flows one way; edges at right angles around what lies between. */
export const options = (flow: Flow): Record<string, string> => ({
  'elk.algorithm': 'layered',
  'elk.direction': flow,
  'elk.edgeRouting': 'ORTHOGONAL',
  'elk.layered.spacing.nodeNodeBetweenLayers': flow === 'RIGHT' ? '60' : '44',
  'elk.spacing.nodeNode': '24',
  'elk.layered.spacing.edgeNodeBetweenLayers': '20',
  'elk.spacing.edgeNode': '20',
  'elk.spacing.edgeEdge': '12',
  'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX',
  'elk.layered.considerModelOrder.strategy': 'NODES_AND_EDGES',
  'elk.separateConnectedComponents': 'false',
  'elk.padding': '[top=0,left=0,bottom=0,right=0]',
})

/** What a node takes up with so many rows under its name. */
export function sizeWith(rows: number): typeof nodeSize {
  return rows === 0 ? nodeSize : { ...nodeSize, height: nodeSize.height + rows * rowHeight + below }
}

/** Asks ELK where everything stands; some nodes have rows under their names. */
export async function layOut(
  elk: ELK,
  nodes: GraphNode[],
  edges: GraphEdge[],
  flow: Flow,
  rows: ReadonlyMap<string, number> = new Map(),
): Promise<Layout> {
  const laid = await elk.layout({
    id: 'lineage',
    layoutOptions: options(flow),
    children: nodes.map(({ id }) => ({ id, ...sizeWith(rows.get(id) ?? 0) })),
    edges: edges.map(({ id, source, target }) => ({ id, sources: [source], targets: [target] })),
  })
  return fromElk(laid, flow)
}

function fromElk({ children = [], edges = [], width = 0, height = 0 }: ElkNode, flow: Flow): Layout {
  const boxes = new Map(
    children.map(({ id, x = 0, y = 0, ...size }) => [
      id,
      { x, y, ...nodeSize, height: size.height ?? nodeSize.height },
    ]),
  )
  const paths = new Map(
    edges.map((edge) => {
      const points = pointsOf(edge)
      const path = { line: roundedPath(points), arrow: arrowAt(points.at(-1), flow), around: around(points) }
      return [edge.id, path]
    }),
  )
  return { boxes, paths, width, height }
}

export function pointsOf({ sections = [] }: ElkExtendedEdge): Point[] {
  return sections.flatMap(({ startPoint, bendPoints = [], endPoint }) => [
    startPoint,
    ...bendPoints,
    endPoint,
  ])
}

/** Edges come in from where the data comes from. */
export function arrowAt(end: Point | undefined, flow: Flow): string {
  if (!end) return ''
  const wings = flow === 'RIGHT' ? [{ x: -7, y: -4 }, { x: -7, y: 4 }] : [{ x: -4, y: -7 }, { x: 4, y: -7 }] // prettier-ignore
  return `M${[end, ...wings.map(({ x, y }) => ({ x: end.x + x, y: end.y + y }))].map(spot).join('L')}Z`
}

/** Straight lines through the points, with round corners. */
export function roundedPath(points: Point[]): string {
  const [first, ...rest] = points
  if (!first) return ''
  let path = `M${spot(first)}`
  let from = first
  rest.forEach((at, place) => {
    const next = rest[place + 1]
    if (!next) {
      path += `L${spot(at)}`
      return
    }
    const radius = Math.min(corner, distance(from, at) / 2, distance(at, next) / 2)
    path += `L${spot(towards(at, from, radius))}Q${spot(at)} ${spot(towards(at, next, radius))}`
    from = at
  })
  return path
}

export function spot({ x, y }: Point): string {
  return `${Math.round(x * 10) / 10} ${Math.round(y * 10) / 10}`
}

/** The smallest box with all points in it. */
export function around(points: Point[]): Box {
  const [left, top, right, bottom] = points.reduce(
    ([x, y, w, h], point) => [
      Math.min(x, point.x),
      Math.min(y, point.y),
      Math.max(w, point.x),
      Math.max(h, point.y),
    ],
    [Infinity, Infinity, -Infinity, -Infinity],
  )
  return { x: left, y: top, width: right - left, height: bottom - top }
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y)
}

function towards(from: Point, to: Point, length: number): Point {
  const whole = distance(from, to) || 1
  return { x: from.x + ((to.x - from.x) * length) / whole, y: from.y + ((to.y - from.y) * length) / whole }
}
