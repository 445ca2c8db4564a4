import { ErrorNotice } from '@/components/Notice'
import { ExternalLink } from '@/components/ExternalLink'
import { Facts } from '@/components/Facts'
import { PageHeading } from '@/components/PageHeading'
import { Panel } from '@/components/Panel'
import { Skeleton } from '@/components/Skeleton'
import { KindMark } from '@/features/orchestrators/KindMark'
import { fullName } from '@/features/pipelines/nameContext'
import { PipelineName } from '@/features/pipelines/PipelineName'
import { Elapsed } from '@/time/Elapsed'
import { Instant } from '@/time/Instant'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { RunActions } from './RunActions'
import { type RunDetail, runQuery } from './runQueries'
import styles from './RunPage.module.css'
import { runSubject, triggerWords } from './runWords'
import { RunStateBadge } from './StateBadge'
import { TaskRuns } from './TaskRuns'

export function RunPage({ runId }: { runId: string }) {
  const { data: run, error, refetch } = useQuery(runQuery(runId))
  if (run) return <RunDetails run={run} />
  if (error) return <ErrorNotice error={error} onRetry={() => void refetch()} />
  return <Skeleton lines={5} height={4} label="run" />
}

function RunDetails({ run }: { run: RunDetail }) {
  const { pipeline } = run
  const { orchestrator } = pipeline
  return (
    <>
      <title>{`${fullName(pipeline)} · ${run.state.toLowerCase()} · Podium`}</title>
      <PageHeading
        title={<PipelineName pipeline={pipeline} />}
        badge={<RunStateBadge state={run.state} nativeState={run.nativeState} />}
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
      <div className={styles.columns}>
        <Panel title="Task runs" aside={run.taskRuns.length || undefined}>
          <TaskRuns run={run} />
        </Panel>
        <RunFacts run={run} />
      </div>
    </>
  )
}

function RunFacts({ run }: { run: RunDetail }) {
  return (
    <Panel title="Run">
      <Facts
        facts={[
          ['Duration', <Elapsed key="duration" {...run} isRunning={run.state === 'RUNNING'} />],
          ['Queued', <Instant key="queued" at={run.queuedAt} />],
          ['Started', <Instant key="started" at={run.startedAt} />],
          ['Ended', <Instant key="ended" at={run.endedAt} />],
          ['Stands for', runSubject(run)],
          ['Trigger', triggerWords[run.trigger]],
          ['Attempt', run.attempt],
          ['Reported as', run.nativeState],
          ['Run id', <code key="id">{run.externalId}</code>],
          [
            'Retry of',
            run.parent && (
              <Link key="parent" to="/runs/$runId" params={{ runId: run.parent.id }}>
                {run.parent.externalId}
              </Link>
            ),
          ],
          ['Seen by Podium', <Instant key="observed" at={run.observedAt} />],
        ]}
      />
      <StateHistory run={run} />
      {hasContent(run.parameters) && (
        <div className={styles.part}>
          <h3>Parameters</h3>
          <pre tabIndex={0} role="region" aria-label="Parameters">
            {JSON.stringify(run.parameters, null, 2)}
          </pre>
        </div>
      )}
    </Panel>
  )
}

/** Every state that Podium has seen the run in, the latest first. */
function StateHistory({ run }: { run: RunDetail }) {
  if (run.history.length === 0) return null
  return (
    <div className={styles.part}>
      <h3>States seen</h3>
      <ol className={styles.history}>
        {run.history.toReversed().map(({ attempt, state, nativeState, observedAt }) => (
          <li key={`${attempt} ${observedAt} ${state}`}>
            <RunStateBadge state={state} nativeState={nativeState} />
            <Instant at={observedAt} show="absolute" />
            {attempt > 1 && <span className={styles.attempt}>attempt {attempt}</span>}
          </li>
        ))}
      </ol>
    </div>
  )
}

function hasContent(parameters: unknown): boolean {
  return parameters !== null && typeof parameters === 'object' && Object.keys(parameters).length > 0
}
