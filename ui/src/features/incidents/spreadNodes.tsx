import { slaStates } from '@/features/slas/slaStates'
import type { DrawnNode } from '@/graph/drawn'
import type { LinkProps } from '@tanstack/react-router'
import { SpreadMark } from './ImpactMark'
import { signalKinds } from './incidentWords'
import type { Spread, SpreadNode } from './spread'

/** What the spread is made of, as it is drawn. */
export function spreadNodes({ steps }: Spread): DrawnNode[] {
  return steps.flat().map((node) => {
    const { key, name, isCause, what, where } = node
    const standing = standingOf(node)
    return {
      id: key,
      name,
      under: [standing?.word, what === 'sla' ? `SLA on ${where}` : where].filter(Boolean).join(' · '),
      label: labelOf(node, standing?.word),
      group: null,
      state: standing && { tone: standing.tone, icon: standing.icon },
      mark: <SpreadMark node={node} />,
      isMarked: isCause,
      ...(isCause && { tag: 'Root cause' }),
      link: linkOf(node),
    }
  })
}

/** What is wrong with it, or how its promise stands; in a quiet tone once it is over. */
function standingOf({ signal, standing }: SpreadNode) {
  if (signal) {
    const look = signalKinds[signal.kind]
    return signal.endedAt === null
      ? look
      : { ...look, tone: 'neutral' as const, word: `${look.word}, no longer` }
  }
  return standing ? slaStates[standing.state] : null
}

const kinds: Record<SpreadNode['what'], string> = {
  orchestrator: 'orchestrator',
  pipeline: 'pipeline in',
  dataset: 'dataset in',
  sla: 'SLA on',
}

function labelOf({ name, what, where, isCause, after }: SpreadNode, standing: string | undefined): string {
  return [
    name,
    isCause && 'root cause',
    what === 'orchestrator' ? kinds[what] : `${kinds[what]} ${where}`,
    standing,
    after.length > 0 && `after ${after.join(' and ')}`,
  ]
    .filter(Boolean)
    .join(', ')
}

/** The page of what is hurt. */
export function linkOf({ what, key, name }: Pick<SpreadNode, 'what' | 'key' | 'name'>): LinkProps {
  switch (what) {
    case 'pipeline':
      return { to: '/pipelines/$pipelineId', params: { pipelineId: key } }
    case 'dataset':
      return { to: '/lineage', search: { node: key, selected: key } }
    case 'sla':
      return { to: '/slas/$slaName', params: { slaName: name } }
    case 'orchestrator':
      return { to: '/', search: { orchestrator: [name] } }
  }
}
