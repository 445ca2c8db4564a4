import type { PipelineRowFragment } from '@/api/generated'
import { Badge } from '@/components/Badge'
import type { Column } from '@/components/VirtualTable'
import { KindMark } from '@/features/orchestrators/KindMark'
import { OutdatedMark } from '@/features/orchestrators/OutdatedMark'
import { RunStateBadge } from '@/features/runs/StateBadge'
import { Instant } from '@/time/Instant'
import { Link } from '@tanstack/react-router'
import { CirclePause, Siren } from 'lucide-react'
import { lazy, Suspense } from 'react'
import { PipelineActions } from './PipelineActions'
import { PipelineName } from './PipelineName'
import styles from './PipelinesTable.module.css'

const ScheduleText = lazy(() => import('./ScheduleText'))

/** A pipeline with the incident that is open about it. */
export interface TabledPipeline {
  pipeline: PipelineRowFragment
  incident: { id: string; title: string } | undefined
}

export const pipelineColumns: Column<TabledPipeline>[] = [
  {
    id: 'name',
    header: 'Pipeline',
    size: 2.4,
    minSize: 14,
    glimpse: ({ pipeline }) => pipeline.name,
    cell: ({ row }) => <Name {...row.original} />,
  },
  {
    id: 'orchestrator',
    header: 'Orchestrator',
    size: 1.2,
    minSize: 8,
    glimpse: ({ pipeline }) => pipeline.orchestrator.name,
    cell: ({ row: { original } }) => (
      <span className={styles.where}>
        <KindMark kind={original.pipeline.orchestrator.kind} size="small" />
        <span className={styles.clipped}>{original.pipeline.orchestrator.name}</span>
        <OutdatedMark orchestrator={original.pipeline.orchestrator.name} isCompact />
      </span>
    ),
  },
  {
    id: 'owners',
    header: 'Owners',
    size: 1,
    minSize: 5,
    cell: ({ row }) => <Words words={row.original.pipeline.owners} />,
  },
  {
    id: 'tags',
    header: 'Tags',
    size: 0.8,
    minSize: 4,
    cell: ({ row }) => <Words words={row.original.pipeline.tags} />,
  },
  {
    id: 'schedule',
    header: 'Schedule',
    size: 1,
    minSize: 7,
    cell: ({ row }) => <Schedule {...row.original} />,
  },
  {
    id: 'next',
    header: 'Next run',
    size: 0.6,
    minSize: 5.5,
    cell: ({ row: { original } }) =>
      original.pipeline.isPaused ? (
        <Badge tone="caution" icon={CirclePause} word="Paused" />
      ) : (
        original.pipeline.nextRunAt && <Instant at={original.pipeline.nextRunAt} show="relative" />
      ),
  },
  {
    id: 'state',
    header: 'Latest run',
    size: 0.6,
    minSize: 6.5,
    cell: ({ row }) => <Latest {...row.original} />,
  },
  {
    id: 'latest',
    header: 'Started',
    size: 0.6,
    minSize: 6,
    cell: ({ row: { original } }) => <When run={original.pipeline.latestRun} />,
  },
  {
    id: 'actions',
    header: 'Actions',
    size: 0.01,
    minSize: 2.25,
    cell: ({ row }) => <PipelineActions pipeline={row.original.pipeline} as="menu" />,
  },
]
for (const column of pipelineColumns) column.enableSorting = column.id !== 'tags' && column.id !== 'actions'

function Name({ pipeline, incident }: TabledPipeline) {
  return (
    <span className={styles.named}>
      <Link to="/pipelines/$pipelineId" params={{ pipelineId: pipeline.id }} className={styles.name}>
        <PipelineName pipeline={pipeline} />
      </Link>
      {incident && (
        <Link
          to="/incidents/$incidentId"
          params={{ incidentId: incident.id }}
          className={styles.incident}
          title={incident.title}
        >
          <Badge tone="bad" icon={Siren} word="Incident" />
        </Link>
      )}
    </span>
  )
}

/** In words where it can be told so; as its orchestrator has it on hover. */
function Schedule({ pipeline: { schedule } }: TabledPipeline) {
  return (
    <span className={styles.clipped} title={schedule ?? undefined}>
      {schedule !== null && (
        <Suspense fallback={<code>{schedule}</code>}>
          <ScheduleText schedule={schedule} />
        </Suspense>
      )}
    </span>
  )
}

function Words({ words }: { words: string[] }) {
  const all = words.join(', ')
  return (
    <span className={styles.words} title={all}>
      {all}
    </span>
  )
}

function Latest({ pipeline: { latestRun, orchestrator } }: TabledPipeline) {
  if (!latestRun) return <span className={styles.words}>no runs yet</span>
  return (
    <Link to="/runs/$runId" params={{ runId: latestRun.id }} className={styles.latest}>
      <RunStateBadge {...latestRun} orchestrator={orchestrator.name} />
    </Link>
  )
}

function When({ run }: { run: PipelineRowFragment['latestRun'] }) {
  return run && <Instant at={run.startedAt ?? run.queuedAt} show="relative" />
}
