import { Badge } from '@/components/Badge'
import { Skeleton } from '@/components/Skeleton'
import { KindMark } from '@/features/orchestrators/KindMark'
import { slaStates } from '@/features/slas/slaStates'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Database, Handshake, type LucideIcon } from 'lucide-react'
import styles from './ImpactGraph.module.css'
import { SignalBadge } from './IncidentBadges'
import { type IncidentDetail, spreadQuery } from './incidentQueries'
import { type SpreadNode, spreadOf } from './spread'

/** Of one step, so many are drawn; the lists below the graph have them all. */
const mostInStep = 9
const mostSteps = 12

/** From the cause to what it hurts, step by step: what stands in one step comes after something above it. */
export function ImpactGraph({ incident }: { incident: IncidentDetail }) {
  const { data: edges = [], isLoading } = useQuery(spreadQuery(incident.rootCause?.node.id ?? null))
  if (isLoading) {
    return (
      <div className={styles.padded}>
        <Skeleton lines={3} label="what it hurts" />
      </div>
    )
  }
  const steps = spreadOf(incident, edges)
  if (steps.length === 0) return <p className={styles.padded}>Nothing that Podium knows comes after it.</p>
  return (
    <ol className={styles.steps} aria-label="From the cause to what it hurts">
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
      <Mark node={node} />
      <p className={styles.name}>
        <Name node={node} />
      </p>
      <Standing node={node} />
      <p className={styles.where} title={where}>
        {what === 'sla' ? `SLA on ${where}` : where}
      </p>
      {after.length > 0 && <p className={styles.after}>after {after.join(', ')}</p>}
    </li>
  )
}

const marks: Partial<Record<SpreadNode['what'], LucideIcon>> = { dataset: Database, sla: Handshake }

function Mark({ node }: { node: SpreadNode }) {
  const Icon = marks[node.what]
  if (!Icon) return <KindMark kind={node.orchestratorKind ?? ''} size="small" />
  return (
    <span className={styles.mark} aria-hidden>
      <Icon size={14} />
    </span>
  )
}

function Name({ node: { what, key, name } }: { node: SpreadNode }) {
  if (what === 'pipeline') {
    return (
      <Link to="/pipelines/$pipelineId" params={{ pipelineId: key }}>
        {name}
      </Link>
    )
  }
  if (what === 'orchestrator') {
    return (
      <Link to="/" search={{ orchestrator: name }}>
        {name}
      </Link>
    )
  }
  return name
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
