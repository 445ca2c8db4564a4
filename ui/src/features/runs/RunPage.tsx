import { ErrorNotice } from '@/components/Notice'
import { ExternalLink } from '@/components/ExternalLink'
import { PageHeading } from '@/components/PageHeading'
import { Panel } from '@/components/Panel'
import { Skeleton } from '@/components/Skeleton'
import { OpenIncidentLines } from '@/features/incidents/OpenIncidentLines'
import { KindMark } from '@/features/orchestrators/KindMark'
import { OutdatedMark } from '@/features/orchestrators/OutdatedMark'
import { fullName } from '@/features/pipelines/nameContext'
import { PipelineName } from '@/features/pipelines/PipelineName'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { RunActions } from './RunActions'
import { RunFacts } from './RunFacts'
import { type RunDetail, runQuery } from './runQueries'
import styles from './RunPage.module.css'
import { runSubject } from './runWords'
import { RunStateBadge } from './StateBadge'
import { groupTaskRuns } from './taskRunGroups'
import { type SpotSearch, spotSearch } from './taskSpots'
import { TaskRuns } from './TaskRuns'

interface RunPageProps {
  runId: string
  /** The attempt whose log the address asks for */
  spot: SpotSearch
  onSpot: (spot: SpotSearch) => void
}

export function RunPage({ runId, ...spot }: RunPageProps) {
  const { data: run, error, refetch } = useQuery(runQuery(runId))
  if (run) return <RunDetails run={run} {...spot} />
  if (error) return <ErrorNotice error={error} onRetry={() => void refetch()} />
  return <Skeleton lines={5} height={4} label="run" />
}

type DetailsProps = Omit<RunPageProps, 'runId'> & { run: RunDetail }

function RunDetails({ run, spot, onSpot }: DetailsProps) {
  const { pipeline } = run
  const { orchestrator } = pipeline
  const groups = groupTaskRuns(run.taskRuns)
  const subject = runSubject(run) ?? run.externalId
  return (
    <>
      <title>{`${fullName(pipeline)} ${subject} · ${run.state.toLowerCase()} · Podium`}</title>
      <PageHeading
        title={
          <>
            <PipelineName pipeline={pipeline} /> <span className={styles.subject}>{subject}</span>
          </>
        }
        badge={
          <>
            <RunStateBadge {...run} orchestrator={orchestrator.name} />
            <OutdatedMark orchestrator={orchestrator.name} />
          </>
        }
        under={
          <>
            <KindMark kind={orchestrator.kind} size="small" /> {orchestrator.name} ·{' '}
            <Link to="/pipelines/$pipelineId" params={{ pipelineId: pipeline.id }}>
              Pipeline
            </Link>
            {run.url && (
              <>
                {' · '}
                <ExternalLink href={run.url} label={`Open in ${orchestrator.name}`} />
              </>
            )}
          </>
        }
        actions={<RunActions run={run} as="buttons" />}
      />
      <OpenIncidentLines runId={run.id} />
      <div className={styles.columns}>
        <Panel title="Task runs" aside={groups.length || undefined}>
          <TaskRuns
            {...{ run, groups, spot }}
            onSpot={(taskRun) => onSpot(taskRun ? spotSearch(taskRun) : {})}
          />
        </Panel>
        <RunFacts run={run} />
      </div>
    </>
  )
}
