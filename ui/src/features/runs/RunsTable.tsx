import type { RunRowFragment } from '@/api/generated'
import { CardTable, Cell, recordName, recordSub, Row, Rows } from '@/components/CardTable'
import { Changed } from '@/components/Changed'
import { ExternalLink } from '@/components/ExternalLink'
import { KindMark } from '@/features/orchestrators/KindMark'
import { OutdatedMark } from '@/features/orchestrators/OutdatedMark'
import { PipelineName } from '@/features/pipelines/PipelineName'
import { Instant } from '@/time/Instant'
import { Link } from '@tanstack/react-router'
import { RunActions } from './RunActions'
import { RunElapsed } from './RunElapsed'
import styles from './RunsTable.module.css'
import { RunStateBadge } from './StateBadge'
import { isOngoing } from './runState'
import { runSubject, triggerWords } from './runWords'

const headings = [
  'State',
  'Run',
  'Trigger',
  'Started',
  { title: 'Duration', isAtEnd: true },
  { title: 'Actions', isHidden: true },
]
const card = `
  'run run actions' auto
  'state started duration' auto / auto 1fr auto`

interface RunsTableProps {
  runs: RunRowFragment[]
  label: string
  /** All are of one pipeline, whose name need not be repeated */
  isOnePipeline: boolean
}

/** Runs, newest first. */
export function RunsTable({ runs, label, isOnePipeline }: RunsTableProps) {
  return (
    <CardTable label={label} headings={headings} cardsBelow={44} card={card} className={styles.table}>
      <Rows>
        {runs.map((run) => (
          <RunRow key={run.id} run={run} isOnePipeline={isOnePipeline} />
        ))}
      </Rows>
    </CardTable>
  )
}

function RunRow({ run, isOnePipeline }: { run: RunRowFragment; isOnePipeline: boolean }) {
  const { pipeline, state, startedAt, queuedAt } = run
  return (
    <Row data-state={state} data-run={run.id}>
      <Cell area="state">
        <Changed of={state}>
          <RunStateBadge
            state={state}
            nativeState={run.nativeState}
            orchestrator={pipeline.orchestrator.name}
          />
        </Changed>
      </Cell>
      <Cell area="run" className={styles.run}>
        {isOnePipeline ? <RunOfPipeline run={run} /> : <RunOfAny run={run} />}
      </Cell>
      <Cell area="trigger" className={styles.trigger}>
        {triggerWords[run.trigger]}
        {run.attempt > 1 && <span className={styles.attempt}>attempt {run.attempt}</span>}
      </Cell>
      <Cell area="started" className={styles.started}>
        <Instant at={startedAt ?? queuedAt} />
      </Cell>
      <Cell area="duration" isAtEnd>
        <RunElapsed run={run} orchestrator={pipeline.orchestrator.name} />
      </Cell>
      <Cell area="actions" className={styles.actions} isAtEnd>
        {run.url && <ExternalLink href={run.url} label={`Open in ${pipeline.orchestrator.name}`} isCompact />}
        <RunActions run={run} as="menu" />
      </Cell>
    </Row>
  )
}

function RunOfAny({ run }: { run: RunRowFragment }) {
  const { orchestrator } = run.pipeline
  const subject = runSubject(run)
  return (
    <>
      <Link
        to="/runs/$runId"
        params={{ runId: run.id }}
        className={`${recordName ?? ''} ${styles.name ?? ''}`}
      >
        <PipelineName pipeline={run.pipeline} />
      </Link>
      <span className={`${recordSub ?? ''} ${styles.sub ?? ''}`}>
        <KindMark kind={orchestrator.kind} size="small" />
        {orchestrator.name}
        {isOngoing(run.state) && <OutdatedMark orchestrator={orchestrator.name} isCompact />}
        {subject && <span className={styles.subject}>· {subject}</span>}
      </span>
    </>
  )
}

function RunOfPipeline({ run }: { run: RunRowFragment }) {
  const subject = runSubject(run)
  return (
    <>
      <Link
        to="/runs/$runId"
        params={{ runId: run.id }}
        className={`${recordName ?? ''} ${styles.name ?? ''}`}
      >
        {subject ?? run.externalId}
      </Link>
      {subject && <span className={`${recordSub ?? ''} ${styles.sub ?? ''}`}>{run.externalId}</span>}
    </>
  )
}
