import { Badge } from '@/components/Badge'
import { slaStates } from '@/features/slas/slaStates'
import { Link } from '@tanstack/react-router'
import { SpreadMark } from './ImpactMark'
import styles from './ImpactSteps.module.css'
import { SignalBadge } from './IncidentBadges'
import type { SpreadNode } from './spread'
import { linkOf } from './spreadNodes'

/** Of one step, so many are listed; the lists below have them all. */
const mostInStep = 9
const mostSteps = 12

/** What stands in one step comes after something above it. */
export function ImpactSteps({ steps, label }: { steps: SpreadNode[][]; label: string }) {
  return (
    <ol className={styles.steps} aria-label={label}>
      {steps.slice(0, mostSteps).map((nodes, depth) => (
        <Step key={depth} nodes={nodes} />
      ))}
      {steps.length > mostSteps && (
        <li className={styles.step}>
          <p className={styles.more}>and {steps.length - mostSteps} more steps</p>
        </li>
      )}
    </ol>
  )
}

function Step({ nodes }: { nodes: SpreadNode[] }) {
  const more = nodes.length - mostInStep
  return (
    <li className={styles.step} data-cause={nodes.some(({ isCause }) => isCause) || undefined}>
      <ul className={styles.nodes}>
        {nodes.slice(0, mostInStep).map((node) => (
          <Node key={node.key} node={node} />
        ))}
        {more > 0 && <li className={styles.more}>and {more.toLocaleString('en')} more</li>}
      </ul>
    </li>
  )
}

function Node({ node }: { node: SpreadNode }) {
  const { what, isCause, where, after } = node
  return (
    <li className={styles.node} data-cause={isCause || undefined} data-what={what}>
      <SpreadMark node={node} />
      <div className={styles.name}>
        <Link {...linkOf(node)}>{node.name}</Link>
      </div>
      <Standing node={node} />
      <p className={styles.where} title={where}>
        {what === 'sla' ? `SLA on ${where}` : where}
      </p>
      {after.length > 0 && <p className={styles.after}>after {after.join(', ')}</p>}
    </li>
  )
}

function Standing({ node: { signal, standing } }: { node: SpreadNode }) {
  if (signal) {
    return (
      <span className={styles.standing}>
        <SignalBadge signal={signal} />
      </span>
    )
  }
  if (!standing) return null
  return (
    <span className={styles.standing}>
      <Badge {...slaStates[standing.state]} />
    </span>
  )
}
