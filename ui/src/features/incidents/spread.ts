import { fullName } from '@/features/pipelines/nameContext'
import { layerTasks } from '@/features/pipelines/taskLayers'
import type { IncidentDetail, Signal } from './incidentQueries'

/** Something in the way from the cause to what is hurt. */
export interface SpreadNode {
  key: string
  what: 'orchestrator' | 'pipeline' | 'dataset' | 'sla'
  name: string
  /** Where it is: an orchestrator, a dataset's namespace, what an SLA is about */
  where: string
  orchestratorKind: string | null
  isCause: boolean
  /** What is, or was, wrong with it itself; what holds comes before what is over */
  signal: Signal | null
  /** How its promise stands, where it is one */
  standing: IncidentDetail['impact']['slas'][number]['current']
  /** Names of what it comes after, where that is known */
  after: string[]
}

interface LineageEdge {
  source: string
  target: string
}
export interface SpreadEdge extends LineageEdge {
  /** No edge is known; that the cause explains it is */
  isAssumed: boolean
}
export interface Spread {
  /** What stands in one step is hurt by what stands in those before it */
  steps: SpreadNode[][]
  edges: SpreadEdge[]
}

/** From the cause to what it hurts, step by step. */
export function spreadOf(incident: IncidentDetail, edges: readonly LineageEdge[]): Spread {
  const cause = causeNode(incident)
  const listed = listedNodes(incident)
  const nodes = cause && !listed.some(({ key }) => key === cause.key) ? [cause, ...listed] : listed
  const known = new Map(nodes.map((node) => [node.key, node]))
  const ways = [
    ...edges.map(({ source, target }) => ({ upstream: source, downstream: target })),
    ...promiseWays(incident),
  ].filter(({ upstream, downstream }) => known.has(upstream) && known.has(downstream))
  const reached = new Set(ways.map(({ downstream }) => downstream))
  const first = cause?.key
  // What no edge leads to is in the incident all the same: the cause explains it.
  const assumed = nodes
    .filter(({ key }) => first !== undefined && key !== first && !reached.has(key))
    .map(({ key }) => ({ upstream: first ?? '', downstream: key }))
  const forward = ways.filter(({ downstream }) => downstream !== first)
  const told = nodes.map((node) => ({
    ...node,
    isCause: node.key === first,
    after: forward
      .filter(({ downstream }) => downstream === node.key)
      .map(({ upstream }) => known.get(upstream)?.name ?? upstream),
  }))
  const steps = layerTasks(told, [...forward, ...assumed]).map((layer) => layer.toSorted(byTrouble))
  const drawn = [...forward.map((way) => toEdge(way, false)), ...assumed.map((way) => toEdge(way, true))]
  return { steps, edges: drawn }
}

function toEdge({ upstream, downstream }: Way, isAssumed: boolean): SpreadEdge {
  return { source: upstream, target: downstream, isAssumed }
}

function byTrouble(a: SpreadNode, b: SpreadNode): number {
  return rank(a) - rank(b)
}

function rank({ signal }: SpreadNode): number {
  if (signal === null) return 2
  return signal.endedAt === null ? 0 : 1
}

const wholly = 'the whole orchestrator'
const plain = { orchestratorKind: null, isCause: false, signal: null, standing: null, after: [] }

/** Where it began: a node of the graph, or else the whole orchestrator. */
function causeNode({ cause, rootCause }: IncidentDetail): SpreadNode | null {
  if (cause === null) return null
  const { orchestrator } = cause
  const its = { ...plain, orchestratorKind: orchestrator?.kind ?? null, signal: cause }
  if (rootCause) return { ...its, key: rootCause.node.id, ...subjectOf(cause) }
  if (!orchestrator) return null
  return { ...its, key: orchestrator.id, what: 'orchestrator', name: orchestrator.name, where: wholly }
}

/** What a signal is about, as people call it, and where that is. */
export function subjectOf(signal: Signal): Pick<SpreadNode, 'what' | 'name' | 'where'> {
  const { pipeline, dataset, sla, orchestrator, dependency, message } = signal
  const there = orchestrator?.name ?? ''
  if (sla) return { what: 'sla', name: sla.name, where: sla.targetName }
  if (pipeline) return { what: 'pipeline', name: fullName(pipeline), where: there }
  if (dataset) return { what: 'dataset', name: dataset.name, where: dataset.namespace }
  return { what: 'orchestrator', name: dependency?.name ?? orchestrator?.name ?? message, where: wholly }
}

function listedNodes({ impact, signals }: IncidentDetail): SpreadNode[] {
  const own = (isIts: (signal: Signal) => boolean): Signal | null => {
    const found = signals.filter(isIts)
    return found.find(({ endedAt }) => endedAt === null) ?? found[0] ?? null
  }
  return [
    ...impact.pipelines.map((pipeline) => ({
      ...plain,
      key: pipeline.id,
      what: 'pipeline' as const,
      name: fullName(pipeline),
      where: pipeline.orchestrator.name,
      orchestratorKind: pipeline.orchestrator.kind,
      signal: own((signal) => signal.pipeline?.id === pipeline.id && signal.sla === null),
    })),
    ...impact.datasets.map(({ id, name, namespace }) => ({
      ...plain,
      key: id,
      what: 'dataset' as const,
      name,
      where: namespace,
      signal: own((signal) => signal.dataset?.id === id && signal.sla === null),
    })),
    ...impact.slas.map(({ id, name, targetName, current }) => ({
      ...plain,
      key: id,
      what: 'sla' as const,
      name,
      where: targetName,
      standing: current,
      signal: own((signal) => signal.sla?.id === id),
    })),
  ]
}

interface Way {
  upstream: string
  downstream: string
}

function promiseWays({ impact }: IncidentDetail): Way[] {
  return impact.slas.flatMap(({ id, pipeline, dataset }) =>
    [pipeline, dataset].flatMap((target) => (target ? [{ upstream: target.id, downstream: id }] : [])),
  )
}
