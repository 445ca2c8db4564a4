import type { RunState } from '@/api/generated'
import type { Tone } from '@/components/Badge'
import { severities } from '@/features/incidents/incidentWords'
import { kindName } from '@/features/orchestrators/orchestratorStatus'
import { runStates } from '@/features/runs/runState'
import type { GraphNode, NodeType, Shown } from './graph'
import type { Trouble } from './lineageQueries'

export const typeWords: Record<NodeType, string> = {
  Dataset: 'dataset',
  LineageJob: 'job',
  Pipeline: 'pipeline',
}

/** As many hues as the style sheet has. */
const hues = 10

/** A hue for each orchestrator in sight, by name, so that it stays while the graph grows on the same systems. */
export function huesOf(nodes: GraphNode[]): Map<string, number> {
  const names = new Set(nodes.map(({ orchestrator }) => orchestrator).filter((name) => name !== null))
  return new Map([...names].sort().map((name, place) => [name, place % hues]))
}

export interface Health {
  tone: Tone
  word: string
}

/** An open incident says more than how the last run ended; a dataset is as well as what writes it. */
export function healthOf(node: GraphNode, shown: Shown, troubles: Map<string, Trouble>): Health | null {
  const trouble = troubles.get(node.id) ?? troubles.get(node.pipelineId ?? '')
  if (trouble) {
    const { tone, word } = severities[trouble.severity]
    return { tone, word: `${word} incident` }
  }
  if (node.type !== 'Dataset') return node.state === null ? null : runHealth(node.state)
  const writers = [...(shown.near.up.get(node.id) ?? [])]
  const states = writers.map((id) => shown.byId.get(id)?.state ?? null)
  if (states.includes('FAILED')) return { tone: 'bad', word: 'Its writer failed' }
  return states.length > 0 && states.every((state) => state === 'SUCCESS')
    ? { tone: 'good', word: 'Up to date' }
    : null
}

function runHealth(state: RunState): Health {
  const { tone, word } = runStates[state]
  return { tone, word }
}

/** Signs in sight that not everybody knows: that something failed, and that an incident is open. */
export function signsOf(healths: Iterable<Health | null>): { word: string; health: Health }[] {
  const found = new Map<string, Health>()
  for (const health of healths) {
    if (!health) continue
    if (health.word.endsWith(' incident'))
      found.set('Open incident', worse(found.get('Open incident'), health))
    else if (health.tone === 'bad' || health.tone === 'worst') found.set('Failed, or its writer did', health)
  }
  return [...found].map(([word, health]) => ({ word, health }))
}

const worst: Tone[] = ['worst', 'bad', 'caution']

function worse(known: Health | undefined, other: Health): Health {
  const rank = ({ tone }: Health): number => (worst.includes(tone) ? worst.indexOf(tone) : worst.length)
  return known && rank(known) <= rank(other) ? known : other
}

/** Two letters that tell what runs a node. */
export function letters({ kind, name }: GraphNode): string {
  return (kind === null ? name : kindName(kind)).slice(0, 2)
}

/** What a node is, for those who do not see it. */
export function nodeLabel(node: GraphNode, shown: Shown, health: Health | null): string {
  const { up, down } = shown.hidden.get(node.id) ?? { up: 0, down: 0 }
  const count = (side: 'up' | 'down'): number => shown.near[side].get(node.id)?.size ?? 0
  return [
    `${node.name}, ${typeWords[node.type]}`,
    node.where,
    health?.word,
    node.note,
    `${count('up')} before`,
    `${count('down')} after`,
    up + down > 0 && `${up + down} not shown`,
  ]
    .filter(Boolean)
    .join(', ')
}

/** A text that fits into so many letters, its end kept: names of tables differ there. */
export function shorten(text: string, most: number): string {
  if (text.length <= most) return text
  const head = Math.ceil((most - 1) / 3)
  return `${text.slice(0, head)}…${text.slice(text.length - (most - 1 - head))}`
}
