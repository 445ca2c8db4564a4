import { coordGreedy, decrossTwoLayer, graph, layeringLongestPath, sugiyama } from 'd3-dag'
import { arrowAt, around, type Box, type Flow, nodeSize, type Path, type Point, spot } from './layout'

/** What a worker is asked, in what can be handed over to it. */
export interface WideAsked {
  nodes: string[]
  edges: { id: string; source: string; target: string }[]
  flow: Flow
}
export interface WideLaid {
  boxes: [string, Box][]
  paths: [string, Path][]
  width: number
  height: number
}

const between = 84
const beside = 24

/** Layers for thousands of nodes, in a tenth of ELK's time: edges are curves, which need no lanes of their own. */
export function layOutWide({ nodes, edges, flow }: WideAsked): WideLaid {
  const isRight = flow === 'RIGHT'
  const [along, across] = isRight ? [nodeSize.width, nodeSize.height] : [nodeSize.height, nodeSize.width]
  const made = graph<string, string>()
  const known = new Map(nodes.map((id) => [id, made.node(id)]))
  const ways = new Map<string, Point[]>()
  for (const { source, target } of edges) {
    const [from, to] = [known.get(source), known.get(target)]
    const way = `${source}>${target}`
    if (from === undefined || to === undefined || ways.has(way)) continue
    ways.set(way, [])
    made.link(from, to, way)
  }
  const lay = sugiyama()
    .layering(layeringLongestPath())
    .decross(decrossTwoLayer().passes(2))
    .coord(coordGreedy())
    .nodeSize([across, along])
    .gap([beside, between])
  const { width, height } = nodes.length > 0 ? lay(made) : { width: 0, height: 0 }
  const turned = (x: number, y: number): Point => (isRight ? { x: y, y: x } : { x, y })
  for (const { data, points } of made.links())
    ways.set(
      data,
      points.map(([x, y]) => turned(x, y)),
    )
  const boxes = [...made.nodes()].map(({ data, x, y }): [string, Box] => {
    const middle = turned(x, y)
    return [data, { x: middle.x - nodeSize.width / 2, y: middle.y - nodeSize.height / 2, ...nodeSize }]
  })
  const paths = edges.map(({ id, source, target }): [string, Path] => [
    id,
    curve(ways.get(`${source}>${target}`) ?? [], flow),
  ])
  return { boxes, paths, ...(isRight ? { width: height, height: width } : { width, height }) }
}

/** From the end of one node through what lies between to the beginning of another. */
function curve(middles: Point[], flow: Flow): Path {
  const isRight = flow === 'RIGHT'
  const half = (isRight ? nodeSize.width : nodeSize.height) / 2
  const moved = (point: Point, by: number): Point =>
    isRight ? { x: point.x + by, y: point.y } : { x: point.x, y: point.y + by }
  const last = middles.length - 1
  const points = middles.map((point, place) =>
    place === 0 ? moved(point, half) : place === last ? moved(point, -half) : point,
  )
  let line = points[0] ? `M${spot(points[0])}` : ''
  points.slice(1).forEach((to, place) => {
    const from = points[place] ?? to
    const [x, y] = [(from.x + to.x) / 2, (from.y + to.y) / 2]
    const turns = isRight ? [{ x, y: from.y }, { x, y: to.y }] : [{ x: from.x, y }, { x: to.x, y }] // prettier-ignore
    line += `C${[...turns, to].map(spot).join(' ')}`
  })
  return { line, arrow: arrowAt(points.at(-1), flow), around: around(points) }
}
