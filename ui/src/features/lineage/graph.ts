import type { DrawnNodeFragment, LineageEdgeKind, LineagePartQuery, RunState } from '@/api/generated'

export type NodeType = 'Dataset' | 'LineageJob' | 'Pipeline'

export interface GraphNode {
  id: string
  type: NodeType
  name: string
  /** Where it is: a namespace, or an orchestrator */
  where: string
  orchestrator: string | null
  /** The orchestrator's kind */
  kind: string | null
  state: RunState | null
  /** The pipeline that it is, or that it is a part of */
  pipelineId: string | null
  note: 'derived' | 'dropped' | null
}

export interface GraphEdge {
  id: string
  source: string
  target: string
  kind: LineageEdgeKind
}

export interface Graph {
  nodes: Map<string, GraphNode>
  edges: Map<string, GraphEdge>
}

export type Side = 'up' | 'down'

/** Parts of one graph as one: what is in several of them is there once. */
export function merge(parts: LineagePartQuery['lineage'][]): Graph {
  const graph: Graph = { nodes: new Map(), edges: new Map() }
  for (const { nodes } of parts) {
    for (const node of nodes) if (!graph.nodes.has(node.id)) graph.nodes.set(node.id, toNode(node))
  }
  for (const { source, target, kind } of parts.flatMap(({ edges }) => edges)) {
    const id = `${source}>${target}:${kind}`
    if (graph.nodes.has(source) && graph.nodes.has(target)) graph.edges.set(id, { id, source, target, kind })
  }
  return graph
}

function toNode(node: DrawnNodeFragment): GraphNode {
  const { id, name } = node
  switch (node.__typename) {
    case 'Dataset':
      return {
        ...{
          id,
          name,
          type: 'Dataset',
          where: node.namespace,
          ...ranBy(null),
          state: null,
          pipelineId: null,
        },
        note: node.isDropped ? 'dropped' : null,
      }
    case 'Pipeline': {
      const { orchestrator, latestRun } = node
      const state = latestRun?.state ?? null
      return {
        ...{ id, name, type: 'Pipeline', where: orchestrator.name, ...ranBy(orchestrator), state },
        ...{ pipelineId: id, note: null },
      }
    }
    case 'LineageJob':
      return toJob(node)
  }
}

function toJob(job: Extract<DrawnNodeFragment, { __typename: 'LineageJob' }>): GraphNode {
  const { id, name, pipeline, namespace } = job
  const ran = ranBy(pipeline?.orchestrator ?? null)
  return {
    ...{ id, name, type: 'LineageJob', where: ran.orchestrator ?? namespace, ...ran, state: job.latestState },
    ...{ pipelineId: pipeline?.id ?? null, note: job.isDerived ? 'derived' : null },
  }
}

function ranBy(
  orchestrator: { name: string; kind: string } | null,
): Pick<GraphNode, 'orchestrator' | 'kind'> {
  return { orchestrator: orchestrator?.name ?? null, kind: orchestrator?.kind ?? null }
}

type Neighbours = Map<string, Set<string>>

/** Of each node, what lies one step before (up) and behind (down) it; who started whom is no step. */
export function neighboursOf(edges: Iterable<GraphEdge>): Record<Side, Neighbours> {
  const near: Record<Side, Neighbours> = { up: new Map(), down: new Map() }
  const add = (side: Side, from: string, to: string): void => {
    const known = near[side].get(from)
    if (known) known.add(to)
    else near[side].set(from, new Set([to]))
  }
  for (const { source, target, kind } of edges) {
    if (kind === 'PARENT' || source === target) continue
    add('down', source, target)
    add('up', target, source)
  }
  return near
}

/** Everything before or behind some nodes, with how many steps away it is; the nodes themselves are 0 away. */
export function reach(near: Neighbours, from: Iterable<string>, most: number | null): Map<string, number> {
  const found = new Map([...from].map((id) => [id, 0]))
  for (const [id, steps] of found) {
    if (most !== null && steps >= most) continue
    for (const next of near.get(id) ?? []) if (!found.has(next)) found.set(next, steps + 1)
  }
  return found
}

export interface Wanted {
  starts: string[]
  sides: Side[]
  depth: number | null
  opened: string[]
}

export interface Shown {
  nodes: GraphNode[]
  byId: Map<string, GraphNode>
  edges: GraphEdge[]
  near: Record<Side, Neighbours>
  /** Of each node, how many neighbours are known and not shown */
  hidden: Map<string, Record<Side, number>>
  /** Steps behind the start; negative: before it */
  steps: Map<string, number>
}

/** Before there is an answer. */
export const nothing: Shown = shownOf(merge([]), { starts: [], sides: [], depth: null, opened: [] })

/** Of all that is known, what is within the depth, and the neighbours of what has been opened. */
export function shownOf(graph: Graph, { starts, sides, depth, opened }: Wanted): Shown {
  const near = neighboursOf(graph.edges.values())
  const begin = starts.filter((id) => graph.nodes.has(id))
  const steps = new Map<string, number>()
  for (const side of sides) {
    for (const [id, away] of reach(near[side], begin, depth)) {
      if (!steps.has(id)) steps.set(id, side === 'up' ? -away : away)
    }
  }
  for (const id of opened) openNode(id, near, sides, steps)
  const nodes = [...graph.nodes.values()].filter(({ id }) => steps.has(id))
  const edges = [...graph.edges.values()].filter(
    ({ source, target }) => source !== target && steps.has(source) && steps.has(target),
  )
  const missing = (id: string, side: Side): number =>
    sides.includes(side) ? [...(near[side].get(id) ?? [])].filter((other) => !steps.has(other)).length : 0
  const hidden = new Map(nodes.map(({ id }) => [id, { up: missing(id, 'up'), down: missing(id, 'down') }]))
  const byId = new Map(nodes.map((node) => [node.id, node]))
  return { nodes, byId, edges, near: neighboursOf(edges), hidden, steps }
}

function openNode(
  id: string,
  near: Record<Side, Neighbours>,
  sides: Side[],
  steps: Map<string, number>,
): void {
  const own = steps.get(id)
  if (own === undefined) return
  for (const side of sides) {
    for (const other of near[side].get(id) ?? []) {
      if (!steps.has(other)) steps.set(other, own + (side === 'up' ? -1 : 1))
    }
  }
}

export type Role = 'selected' | 'cause' | 'up' | 'down' | 'aside'

/**
 * What each shown node is to the selected one: what it is made from, what it goes into, or neither. Of what lies before
 * it, all on a way from a root cause is marked as such.
 */
export function rolesOf(shown: Shown, selected: string | null, causes: string[]): Map<string, Role> {
  const roles = new Map<string, Role>()
  if (selected === null || !shown.steps.has(selected)) return roles
  const before = reach(shown.near.up, [selected], null)
  const behind = reach(shown.near.down, [selected], null)
  const guilty = reach(
    shown.near.down,
    causes.filter((id) => id === selected || before.has(id)),
    null,
  )
  for (const { id } of shown.nodes) {
    if (id === selected) roles.set(id, 'selected')
    else if (before.has(id)) roles.set(id, guilty.has(id) ? 'cause' : 'up')
    else roles.set(id, behind.has(id) ? 'down' : 'aside')
  }
  return roles
}

const before = new Set<Role | undefined>(['up', 'cause', 'selected'])
const behind = new Set<Role | undefined>(['down', 'selected'])

/** What an edge is to the selected node. */
export function edgeRole(edge: GraphEdge, roles: Map<string, Role>): Role | null {
  const [from, to] = [roles.get(edge.source), roles.get(edge.target)]
  if (roles.size === 0) return null
  if (from === 'cause' && (to === 'cause' || to === 'selected')) return 'cause'
  if (from !== 'selected' && before.has(from) && before.has(to)) return 'up'
  return behind.has(from) && to === 'down' ? 'down' : 'aside'
}
