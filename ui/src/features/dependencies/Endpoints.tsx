import { KindMark } from '@/features/orchestrators/KindMark'
import { orchestratorsQuery } from '@/features/orchestrators/orchestratorQueries'
import { useQuery } from '@tanstack/react-query'
import { CalendarClock, Database } from 'lucide-react'
import { type Subject, splitName, subjectOf } from './conditionTree'
import type { Condition } from './dependencyQueries'
import styles from './Endpoints.module.css'

interface MarkProps {
  what: Subject['what']
  orchestrator: string
}

/** Of whose kind a pipeline is; a dataset and a window have marks of their own. */
export function EndpointMark({ what, orchestrator }: MarkProps) {
  const { data: orchestrators = [] } = useQuery(orchestratorsQuery)
  if (what === 'pipeline') {
    return (
      <KindMark kind={orchestrators.find(({ name }) => name === orchestrator)?.kind ?? ''} size="small" />
    )
  }
  const Icon = what === 'dataset' ? Database : CalendarClock
  return (
    <span className={styles.mark} aria-hidden>
      <Icon size={14} />
    </span>
  )
}

/** What a condition looks at: its mark, and where it is in a quieter voice. */
export function ConditionName({ condition }: { condition: Condition }) {
  const subject = subjectOf(condition)
  if (subject.what === 'window') {
    return (
      <span className={styles.endpoint}>
        <EndpointMark what="window" orchestrator="" />
        <span className={styles.name}>
          <code>{subject.cron}</code>
        </span>
      </span>
    )
  }
  if (subject.what === 'dataset') {
    return (
      <span className={styles.endpoint} title={subject.namespace}>
        <EndpointMark what="dataset" orchestrator="" />
        <span className={styles.name}>{subject.name}</span>
      </span>
    )
  }
  return <PipelineEndpoint name={`${subject.orchestrator}/${subject.key}`} task={condition.task} />
}

/** A pipeline by orchestrator/key, known or not. */
export function PipelineEndpoint({ name, task = null }: { name: string; task?: string | null }) {
  const { orchestrator, key } = splitName(name)
  return (
    <span className={styles.endpoint}>
      <EndpointMark what="pipeline" orchestrator={orchestrator} />
      <span className={styles.name}>
        <span className={styles.where}>{orchestrator}/</span>
        {key}
        {task !== null && <span className={styles.where}> · {task}</span>}
      </span>
    </span>
  )
}
