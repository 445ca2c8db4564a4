import type { RunRowFragment } from '@/api/generated'
import { Changed } from '@/components/Changed'
import type { Column } from '@/components/VirtualTable'
import { ExternalLink } from '@/components/ExternalLink'
import { KindMark } from '@/features/orchestrators/KindMark'
import { OutdatedMark } from '@/features/orchestrators/OutdatedMark'
import { PipelineName } from '@/features/pipelines/PipelineName'
import tables from '@/features/pipelines/PipelinesTable.module.css'
import { Instant } from '@/time/Instant'
import { Link } from '@tanstack/react-router'
import { RunActions } from './RunActions'
import { RunElapsed } from './RunElapsed'
import styles from './RunsPage.module.css'
import { isOngoing } from './runState'
import { runSubject, triggerWords } from './runWords'
import { RunStateBadge } from './StateBadge'

export const runColumns: Column<RunRowFragment>[] = [
  { id: 'state', header: 'State', size: 0.4, minSize: 6.5, cell: ({ row }) => <State run={row.original} /> },
  {
    id: 'run',
    header: 'Run',
    size: 2,
    minSize: 12,
    glimpse: ({ pipeline }) => pipeline.name,
    cell: ({ row }) => <Name run={row.original} />,
  },
  {
    id: 'orchestrator',
    header: 'Orchestrator',
    size: 1,
    minSize: 8,
    glimpse: ({ pipeline }) => pipeline.orchestrator.name,
    cell: ({ row: { original } }) => (
      <span className={tables.where}>
        <KindMark kind={original.pipeline.orchestrator.kind} size="small" />
        <span className={tables.clipped}>{original.pipeline.orchestrator.name}</span>
        {isOngoing(original.state) && (
          <OutdatedMark orchestrator={original.pipeline.orchestrator.name} isCompact />
        )}
      </span>
    ),
  },
  {
    id: 'id',
    header: 'Run id',
    size: 1.4,
    minSize: 8,
    glimpse: ({ externalId }) => externalId,
    cell: ({ row }) => <RunId run={row.original} />,
  },
  {
    id: 'trigger',
    header: 'Trigger',
    size: 0.5,
    minSize: 5.5,
    cell: ({ row: { original } }) => (
      <span className={tables.words}>
        {triggerWords[original.trigger]}
        {original.attempt > 1 && <span className={styles.attempt}>attempt {original.attempt}</span>}
      </span>
    ),
  },
  {
    id: 'started',
    header: 'Started',
    size: 0.6,
    minSize: 6.5,
    enableSorting: true,
    sortDescFirst: true,
    cell: ({ row: { original } }) => <Instant at={original.startedAt ?? original.queuedAt} />,
  },
  {
    id: 'duration',
    header: 'Duration',
    size: 0.4,
    minSize: 6,
    enableSorting: true,
    sortDescFirst: true,
    cell: ({ row: { original } }) => (
      <RunElapsed run={original} orchestrator={original.pipeline.orchestrator.name} />
    ),
  },
  {
    id: 'actions',
    header: 'Actions',
    size: 0.01,
    minSize: 4.5,
    cell: ({ row: { original } }) => (
      <span className={styles.actions}>
        {original.url && (
          <ExternalLink
            href={original.url}
            label={`Open in ${original.pipeline.orchestrator.name}`}
            isCompact
          />
        )}
        <RunActions run={original} as="menu" />
      </span>
    ),
  },
]
for (const column of runColumns) column.enableSorting ??= false

function State({ run }: { run: RunRowFragment }) {
  return (
    <Changed of={run.state}>
      <RunStateBadge
        state={run.state}
        nativeState={run.nativeState}
        orchestrator={run.pipeline.orchestrator.name}
      />
    </Changed>
  )
}

function Name({ run }: { run: RunRowFragment }) {
  const subject = runSubject(run)
  return (
    <span className={styles.named}>
      <Link to="/runs/$runId" params={{ runId: run.id }} className={tables.name}>
        <PipelineName pipeline={run.pipeline} />
      </Link>
      {subject && <span className={styles.subject}>{subject}</span>}
    </span>
  )
}

function RunId({ run }: { run: RunRowFragment }) {
  return (
    <code className={styles.id} title={run.externalId}>
      {run.externalId}
    </code>
  )
}
