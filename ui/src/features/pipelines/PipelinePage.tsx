import { Badge } from '@/components/Badge'
import { ExternalLink } from '@/components/ExternalLink'
import { Facts } from '@/components/Facts'
import { ErrorNotice } from '@/components/Notice'
import { PageHeading } from '@/components/PageHeading'
import { Panel } from '@/components/Panel'
import { Skeleton } from '@/components/Skeleton'
import { KindMark } from '@/features/orchestrators/KindMark'
import { OutdatedMark } from '@/features/orchestrators/OutdatedMark'
import { RunList } from '@/features/runs/RunList'
import { runStates } from '@/features/runs/runState'
import { RunStateBadge } from '@/features/runs/StateBadge'
import { formatDuration, parseDuration } from '@/time/format'
import { Instant } from '@/time/Instant'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { CirclePause, Unplug } from 'lucide-react'
import { DurationChart } from './DurationChart'
import { fullName } from './nameContext'
import { IncidentBadge, OpenIncident } from './OpenIncident'
import { PipelineActions } from './PipelineActions'
import { PipelineFigures } from './PipelineFigures'
import { PipelineName } from './PipelineName'
import { recentRunsQuery } from './pipelineParts'
import { type PipelineDetail, pipelineQuery } from './pipelineQueries'
import styles from './PipelinePage.module.css'
import { RunGrid } from './RunGrid'
import { scheduleWords } from './scheduleWords'
import { PipelineSurroundings } from './Surroundings'
import { TaskPanel } from './TaskPanel'

export function PipelinePage({ pipelineId }: { pipelineId: string }) {
  const { data: pipeline, error, refetch } = useQuery(pipelineQuery(pipelineId))
  if (pipeline) return <PipelineDetails pipeline={pipeline} />
  if (error) return <ErrorNotice error={error} onRetry={() => void refetch()} />
  return <Skeleton lines={5} height={4} label="pipeline" />
}

function PipelineDetails({ pipeline }: { pipeline: PipelineDetail }) {
  const { orchestrator } = pipeline
  return (
    <>
      <title>{`${fullName(pipeline)} · Podium`}</title>
      <PageHeading
        title={<PipelineName pipeline={pipeline} />}
        badge={
          <>
            <Badges pipeline={pipeline} />
            <OutdatedMark orchestrator={orchestrator.name} />
          </>
        }
        under={
          <>
            <KindMark kind={orchestrator.kind} size="small" /> {orchestrator.name}
            {pipeline.url && (
              <>
                {' · '}
                <ExternalLink href={pipeline.url} label={`Open in ${orchestrator.name}`} />
              </>
            )}
            {' · '}
            <Link to="/lineage" search={{ node: pipeline.id, selected: pipeline.id }}>
              Lineage
            </Link>
          </>
        }
        actions={<PipelineActions pipeline={pipeline} as="buttons" />}
      />
      {pipeline.description && <p className={styles.description}>{pipeline.description}</p>}
      <OpenIncident pipelineId={pipeline.id} />
      <PipelineFigures pipelineId={pipeline.id} />
      <div className={styles.columns}>
        <div className={styles.side}>
          <RecentRuns pipeline={pipeline} />
        </div>
        <div className={`${styles.side ?? ''} ${styles.about ?? ''}`}>
          <Panel title="Pipeline">
            <PipelineFacts pipeline={pipeline} />
          </Panel>
          <PipelineSurroundings pipelineId={pipeline.id} />
        </div>
        <Panel title="Runs">
          <RunList search={{}} pipelineId={pipeline.id} label={`Runs of ${fullName(pipeline)}`} />
        </Panel>
      </div>
    </>
  )
}

/** The last runs at a glance: task by task, and how long they took. */
function RecentRuns({ pipeline }: { pipeline: PipelineDetail }) {
  const { data, error, refetch } = useQuery(recentRunsQuery(pipeline.id))
  const { durationP50, durationP95 } = pipeline.stats
  return (
    <>
      <Panel title="Last runs by task" aside={data?.grid.length}>
        {data ? (
          <RunGrid runs={data.grid} tasks={pipeline.tasks} edges={pipeline.taskEdges} />
        ) : (
          <div className={styles.padded}>
            {error ? (
              <ErrorNotice error={error} onRetry={() => void refetch()} />
            ) : (
              <Skeleton lines={4} label="runs" />
            )}
          </div>
        )}
      </Panel>
      <TaskPanel pipeline={pipeline} />
      {data && data.chart.length > 0 && (
        <Panel
          title="Durations"
          aside={`last ${data.chart.length} ${data.chart.length === 1 ? 'run' : 'runs'}`}
        >
          <DurationChart
            runs={data.chart}
            p50={durationP50 === null ? null : parseDuration(durationP50)}
            p95={durationP95 === null ? null : parseDuration(durationP95)}
          />
        </Panel>
      )}
    </>
  )
}

/** How it stands: its latest run, what is wrong with it, and whether it is to run at all. */
function Badges({ pipeline }: { pipeline: PipelineDetail }) {
  const { latestRun } = pipeline
  return (
    <>
      {latestRun && (
        <Link
          to="/runs/$runId"
          params={{ runId: latestRun.id }}
          aria-label={`Latest run: ${runStates[latestRun.state].word}`}
        >
          <RunStateBadge {...latestRun} orchestrator={pipeline.orchestrator.name} />
        </Link>
      )}
      <IncidentBadge pipelineId={pipeline.id} />
      <Standing pipeline={pipeline} />
    </>
  )
}

function Standing({ pipeline }: { pipeline: PipelineDetail }) {
  if (!pipeline.isActive) return <Badge tone="neutral" icon={Unplug} word="No longer listed" />
  return pipeline.isPaused ? <Badge tone="caution" icon={CirclePause} word="Paused" /> : null
}

function PipelineFacts({ pipeline }: { pipeline: PipelineDetail }) {
  const { stats, schedule, timezone } = pipeline
  return (
    <Facts
      facts={[
        ['Schedule', schedule && <Schedule key="schedule" schedule={schedule} />],
        ['Time zone', timezone],
        ['Next run', pipeline.nextRunAt && <Instant key="next" at={pipeline.nextRunAt} />],
        ['Owners', pipeline.owners.join(', ')],
        ['Tags', pipeline.tags.join(', ')],
        ['Key', <code key="key">{pipeline.key}</code>],
        ['Median', durationWords(stats.durationP50)],
        ['95% within', durationWords(stats.durationP95)],
      ]}
    />
  )
}

function Schedule({ schedule }: { schedule: string }) {
  const words = scheduleWords(schedule)
  return (
    <>
      {words !== null && <span className={styles.words}>{words}</span>}
      <code>{schedule}</code>
    </>
  )
}

function durationWords(iso: string | null): string | null {
  const milliseconds = iso === null ? null : parseDuration(iso)
  return milliseconds === null ? null : formatDuration(milliseconds)
}
