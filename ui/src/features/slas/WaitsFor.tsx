import { Badge } from '@/components/Badge'
import { incidentsByPipelineQuery } from '@/features/incidents/incidentsByPipeline'
import { KindMark } from '@/features/orchestrators/KindMark'
import { PipelineName } from '@/features/pipelines/PipelineName'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Siren } from 'lucide-react'
import { type Step, stepsAfter, waitingOf } from './waiting'
import styles from './WaitsFor.module.css'

/** The first step of the critical path: how it stands, what is open about it, and how many come after it. */
export function WaitsFor({ path }: { path: readonly Step[] }) {
  const [first] = path
  if (!first) return null
  const { pipeline } = first
  return (
    <>
      <span className={styles.first}>
        <KindMark kind={pipeline.orchestrator.kind} size="small" />
        <Link to="/pipelines/$pipelineId" params={{ pipelineId: pipeline.id }} className={styles.name}>
          <PipelineName pipeline={pipeline} />
        </Link>
        <OpenIncident pipelineId={pipeline.id} />
      </span>
      <span className={styles.small}>
        <HowItStands step={first} />
        {stepsAfter(path)}
      </span>
    </>
  )
}

function HowItStands({ step }: { step: Step }) {
  const { words, isBad, runId } = waitingOf(step)
  if (!isBad || runId === null) return <>{words}</>
  return (
    <Link to="/runs/$runId" params={{ runId }} className={styles.bad}>
      {words}
    </Link>
  )
}

function OpenIncident({ pipelineId }: { pipelineId: string }) {
  const { data } = useQuery(incidentsByPipelineQuery)
  const incident = data?.get(pipelineId)
  if (!incident) return null
  return (
    <Link to="/incidents/$incidentId" params={{ incidentId: incident.id }} title={incident.title}>
      <Badge tone="bad" icon={Siren} word="Incident" />
    </Link>
  )
}
