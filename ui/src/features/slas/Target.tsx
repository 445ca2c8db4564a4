import { recordSub } from '@/components/CardTable'
import { KindMark } from '@/features/orchestrators/KindMark'
import { PipelineName } from '@/features/pipelines/PipelineName'
import { Link } from '@tanstack/react-router'
import { Database } from 'lucide-react'
import type { SlaLine } from './slaQueries'
import styles from './SlaTable.module.css'

/** What it is about, with the mark of where it is. */
export function Target({ sla }: { sla: SlaLine }) {
  const { pipeline, dataset, targetName } = sla
  if (!pipeline) {
    return (
      <span className={recordSub} title={targetName}>
        {dataset && <Database aria-hidden size={13} className={styles.mark} />}
        <span className={styles.target}>{dataset?.name ?? targetName}</span>
      </span>
    )
  }
  const { orchestrator } = pipeline
  return (
    <span className={recordSub}>
      <KindMark kind={orchestrator.kind} size="small" />
      <span className={styles.target}>
        <span>{orchestrator.name} /</span>
        <Link to="/pipelines/$pipelineId" params={{ pipelineId: pipeline.id }}>
          <PipelineName pipeline={pipeline} />
        </Link>
      </span>
    </span>
  )
}
