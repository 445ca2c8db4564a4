import type { RunRowFragment } from '@/api/generated'
import { ExternalLink } from '@/components/ExternalLink'
import { KindMark } from '@/features/orchestrators/KindMark'
import { PipelineName } from '@/features/pipelines/PipelineName'
import { Elapsed } from '@/time/Elapsed'
import { Instant } from '@/time/Instant'
import { Link } from '@tanstack/react-router'
import { RunActions } from './RunActions'
import styles from './RunsTable.module.css'
import { RunStateBadge } from './StateBadge'
import { runSubject, triggerWords } from './runWords'

// The roles repeat what the elements are: on a phone the rows are laid out as cards, and without roles a table that is
// not displayed as a table is none for a screen reader.

interface RunsTableProps {
  runs: RunRowFragment[]
  label: string
  /** All are of one pipeline, whose name need not be repeated */
  isOnePipeline: boolean
}

/** Runs, newest first. */
export function RunsTable({ runs, label, isOnePipeline }: RunsTableProps) {
  return (
    <table className={styles.table} role="table" aria-label={label}>
      <thead role="rowgroup" className={styles.head}>
        <tr role="row">
          <th role="columnheader" scope="col">
            State
          </th>
          <th role="columnheader" scope="col">
            Run
          </th>
          <th role="columnheader" scope="col">
            Trigger
          </th>
          <th role="columnheader" scope="col">
            Started
          </th>
          <th role="columnheader" scope="col" className={styles.end}>
            Duration
          </th>
          <th role="columnheader" scope="col">
            <span className="visually-hidden">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody role="rowgroup">
        {runs.map((run) => (
          <RunRow key={run.id} run={run} isOnePipeline={isOnePipeline} />
        ))}
      </tbody>
    </table>
  )
}

function RunRow({ run, isOnePipeline }: { run: RunRowFragment; isOnePipeline: boolean }) {
  const { pipeline, state, startedAt, endedAt, queuedAt } = run
  return (
    <tr role="row" className={styles.row} data-state={state} data-run={run.id}>
      <td role="cell" className={styles.state}>
        {/* A new key for a new state lets the change light up once. */}
        <span key={state} className={styles.changed}>
          <RunStateBadge state={state} nativeState={run.nativeState} />
        </span>
      </td>
      <td role="cell" className={styles.run}>
        {isOnePipeline ? <RunOfPipeline run={run} /> : <RunOfAny run={run} />}
      </td>
      <td role="cell" className={styles.trigger}>
        {triggerWords[run.trigger]}
        {run.attempt > 1 && <span className={styles.attempt}>attempt {run.attempt}</span>}
      </td>
      <td role="cell" className={styles.started}>
        <Instant at={startedAt ?? queuedAt} />
      </td>
      <td role="cell" className={styles.duration}>
        <Elapsed startedAt={startedAt} endedAt={endedAt} isRunning={state === 'RUNNING'} />
      </td>
      <td role="cell" className={styles.actions}>
        {run.url && <ExternalLink href={run.url} label={`Open in ${pipeline.orchestrator.name}`} isCompact />}
        <RunActions run={run} as="menu" />
      </td>
    </tr>
  )
}

function RunOfAny({ run }: { run: RunRowFragment }) {
  const { orchestrator } = run.pipeline
  const subject = runSubject(run)
  return (
    <>
      <Link to="/runs/$runId" params={{ runId: run.id }} className={styles.name}>
        <PipelineName pipeline={run.pipeline} />
      </Link>
      <span className={styles.sub}>
        <KindMark kind={orchestrator.kind} size="small" />
        {orchestrator.name}
        {subject && <span className={styles.subject}>· {subject}</span>}
      </span>
    </>
  )
}

function RunOfPipeline({ run }: { run: RunRowFragment }) {
  const subject = runSubject(run)
  return (
    <>
      <Link to="/runs/$runId" params={{ runId: run.id }} className={styles.name}>
        {subject ?? run.externalId}
      </Link>
      {subject && <span className={styles.sub}>{run.externalId}</span>}
    </>
  )
}
