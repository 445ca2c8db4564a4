import { layerTasks } from '@/features/pipelines/taskLayers'
import { splitName, subjectOf } from './conditionTree'
import type { Condition, ListedDependency } from './dependencyQueries'

export interface MapNode {
  key: string
  /** bend: nothing is drawn, a way only passes by */
  what: 'pipeline' | 'dataset' | 'window' | 'dependency' | 'bend'
  name: string
  /** An orchestrator, a dataset's namespace; nothing of a window */
  where: string
  /** The pipeline's page, where that is known */
  pipelineId: string | null
  dependency: ListedDependency | null
  column: number
  row: number
}
export interface MapEdge {
  from: MapNode
  to: MapNode
  dependency: ListedDependency
}
export interface DependencyMap {
  nodes: MapNode[]
  edges: MapEdge[]
  columns: number
  rows: number
}

/** How wide a node is and how much lies between two, in pixels, so that all columns fit where that can be. */
export function sizesFor(columns: number, available: number): { width: number; between: number } {
  const widthWith = (between: number): number =>
    Math.floor((available - (columns - 1) * between) / Math.max(columns, 1))
  const between = widthWith(roomy) >= narrowest ? roomy : tight
  return { width: Math.min(Math.max(widthWith(between), narrowest), widest), between }
}

const [narrowest, widest] = [168, 208]
const [tight, roomy] = [28, 52]

/** Everything that dependencies join, from left to right: what they wait for, they themselves, what they start. */
export function mapOf(dependencies: readonly ListedDependency[]): DependencyMap {
  const nodes = new Map<string, MapNode>()
  const ways = dependencies.flatMap((dependency) => {
    const self = put(nodes, dependencyNode(dependency))
    const target = put(nodes, targetNode(dependency))
    const waits = dependency.upstream.map((condition) => put(nodes, conditionNode(condition)))
    return [
      ...[...new Set(waits)].map((from) => ({ from, to: self, dependency })),
      { from: self, to: target, dependency },
    ]
  })
  const drawn = [...nodes.values()]
  putInColumns(drawn, ways)
  const bends = new Map<string, MapNode>()
  const edges = ways.flatMap((way) => inSteps(way, bends))
  const all = [...drawn, ...bends.values()]
  const columns = Math.max(-1, ...all.map(({ column }) => column)) + 1
  for (let column = 0; column < columns; column += 1) {
    putInRows(
      all.filter((node) => node.column === column),
      edges,
    )
  }
  const rows = Math.max(-1, ...all.map(({ row }) => row)) + 1
  return { nodes: drawn, edges, columns, rows }
}

/** As far left as what comes before allows; what waits for nothing stands right before the first that needs it. */
function putInColumns(nodes: MapNode[], ways: readonly MapEdge[]): void {
  const layers = layerTasks(
    nodes,
    ways.map(({ from, to }) => ({ upstream: from.key, downstream: to.key })),
  )
  layers.forEach((layer, column) => {
    for (const node of layer) node.column = column
  })
  for (const node of layers[0] ?? []) {
    if (ways.some(({ to }) => to === node)) continue
    node.column = Math.min(...ways.filter(({ from }) => from === node).map(({ to }) => to.column)) - 1
  }
}

/** A way that passes columns by has a place of its own in each, so that it runs behind nothing. */
function inSteps(way: MapEdge, bends: Map<string, MapNode>): MapEdge[] {
  const { from, to, dependency } = way
  const steps: MapEdge[] = []
  let last = from
  for (let column = from.column + 1; column < to.column; column += 1) {
    const key = `bend ${from.key} ${dependency.name} ${column}`
    const bend = put(bends, { ...unplaced, key, what: 'bend', name: '', where: '', column })
    steps.push({ from: last, to: bend, dependency })
    last = bend
  }
  return [...steps, { from: last, to, dependency }]
}

function put(nodes: Map<string, MapNode>, node: MapNode): MapNode {
  const known = nodes.get(node.key)
  if (known) {
    known.pipelineId ??= node.pipelineId
    return known
  }
  nodes.set(node.key, node)
  return node
}

const unplaced = { pipelineId: null, dependency: null, column: 0, row: 0 }

function dependencyNode(dependency: ListedDependency): MapNode {
  const { name } = dependency
  return { ...unplaced, key: `dependency ${name}`, what: 'dependency', name, where: '', dependency }
}

function targetNode({ targetName, knownTarget }: ListedDependency): MapNode {
  const { orchestrator: where, key: name } = splitName(targetName)
  const pipelineId = knownTarget?.id ?? null
  return { ...unplaced, key: `pipeline ${targetName}`, what: 'pipeline', name, where, pipelineId }
}

function conditionNode(condition: Condition): MapNode {
  const subject = subjectOf(condition)
  if (subject.what === 'pipeline') {
    const { orchestrator: where, key } = subject
    const pipelineId = condition.pipeline?.id ?? null
    return { ...unplaced, key: `pipeline ${where}/${key}`, what: 'pipeline', name: key, where, pipelineId }
  }
  if (subject.what === 'window') {
    return {
      ...unplaced,
      key: `window ${condition.name}`,
      what: 'window',
      name: subject.cron,
      where: 'window',
    }
  }
  const { namespace: where, name } = subject
  return { ...unplaced, key: `dataset ${condition.name}`, what: 'dataset', name, where }
}

/** Each stands beside what leads to it, and below what stands there already. */
function putInRows(column: MapNode[], ways: readonly MapEdge[]): void {
  const wanted = new Map(
    column.map((node) => {
      const before = ways.filter(({ from, to }) => to === node && from.column < node.column)
      const sum = before.reduce((rows, { from }) => rows + from.row, 0)
      return [node, before.length > 0 ? sum / before.length : null]
    }),
  )
  const place = (node: MapNode): number => wanted.get(node) ?? Number.MAX_VALUE
  let free = 0
  for (const node of column.toSorted((a, b) => place(a) - place(b))) {
    node.row = Math.max(free, wanted.get(node) ?? free)
    free = node.row + 1
  }
}
