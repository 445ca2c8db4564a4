import { ExternalLink } from '@/components/ExternalLink'
import { EmptyState } from '@/components/Notice'
import { Elapsed } from '@/time/Elapsed'
import { Instant } from '@/time/Instant'
import { useNow } from '@/time/useNow'
import { ChevronRight, ListTree } from 'lucide-react'
import { Button } from 'react-aria-components/Button'
import { Disclosure, DisclosurePanel } from 'react-aria-components/Disclosure'
import { Heading } from 'react-aria-components/Heading'
import { LogTail } from './LogTail'
import type { RunDetail } from './runQueries'
import { isOngoing } from './runState'
import { TaskRunStateBadge } from './StateBadge'
import styles from './TaskRuns.module.css'
import { TaskAxis, TaskTrack } from './TaskTrack'
import { groupTaskRuns, type TaskRun, type TaskRunGroup } from './taskRunGroups'
import { type Span, spanOf } from './taskSpans'

/** The tasks of a run; each opens to its attempts and their logs. */
export function TaskRuns({ run }: { run: RunDetail }) {
  const groups = groupTaskRuns(run.taskRuns)
  if (groups.length === 0) {
    return (
      <EmptyState icon={ListTree} title="No task runs yet">
        <p>
          {isOngoing(run.state)
            ? 'They appear as tasks start.'
            : `${run.pipeline.orchestrator.name} reported none for this run.`}
        </p>
      </EmptyState>
    )
  }
  return isOngoing(run.state) ? (
    <Growing run={run} groups={groups} />
  ) : (
    <Rows {...{ run, groups }} now={null} />
  )
}

interface RowsProps {
  run: RunDetail
  groups: TaskRunGroup[]
  /** Null where the run is over */
  now: number | null
}

function Growing(props: Omit<RowsProps, 'now'>) {
  return <Rows {...props} now={useNow(1_000)} />
}

function Rows({ run, groups, now }: RowsProps) {
  const span = spanOf([run, ...run.taskRuns], now)
  return (
    <div className={styles.rows}>
      {span && <TaskAxis span={span} />}
      <ul>
        {groups.map((group) => (
          <li key={group.id}>
            <TaskRunRow {...{ run, group, span, now }} />
          </li>
        ))}
      </ul>
    </div>
  )
}

interface TaskRunRowProps {
  run: RunDetail
  group: TaskRunGroup
  span: Span | null
  now: number | null
}

function TaskRunRow({ run, group, span, now }: TaskRunRowProps) {
  const { latest, attempts, task, mapIndex } = group
  return (
    <Disclosure className={styles.task ?? ''}>
      {({ isExpanded }) => (
        <>
          <Heading level={3} className={styles.heading ?? ''}>
            <Button slot="trigger" className={styles.trigger ?? ''}>
              <ChevronRight aria-hidden size={16} className={styles.chevron} data-open={isExpanded} />
              <span className={styles.name}>
                {task}
                {mapIndex !== null && <span className={styles.index}>[{mapIndex}]</span>}
                {attempts.length > 1 && <span className={styles.tries}> {attempts.length} attempts</span>}
              </span>
              {span && <TaskTrack {...{ attempts, span, now }} />}
              <span className={styles.state}>
                <TaskRunStateBadge state={latest.state} nativeState={latest.nativeState} />
              </span>
              <span className={styles.duration}>
                <Elapsed {...latest} isRunning={latest.state === 'RUNNING'} />
              </span>
            </Button>
          </Heading>
          <DisclosurePanel className={styles.panel ?? ''}>
            {isExpanded &&
              attempts.map((taskRun) => <AttemptDetail key={taskRun.attempt} run={run} taskRun={taskRun} />)}
          </DisclosurePanel>
        </>
      )}
    </Disclosure>
  )
}

function AttemptDetail({ run, taskRun }: { run: RunDetail; taskRun: TaskRun }) {
  const { orchestrator } = run.pipeline
  return (
    <section className={styles.attempt} aria-label={`Attempt ${taskRun.attempt}`}>
      <p className={styles.facts}>
        <strong>Attempt {taskRun.attempt}</strong>
        <TaskRunStateBadge state={taskRun.state} nativeState={taskRun.nativeState} />
        <Instant at={taskRun.startedAt} show="absolute" />
        <Elapsed {...taskRun} isRunning={taskRun.state === 'RUNNING'} />
        {taskRun.url && <ExternalLink href={taskRun.url} label={`Open in ${orchestrator.name}`} />}
      </p>
      {orchestrator.capabilities.includes('LOGS') && <LogTail runId={run.id} attempt={taskRun} />}
    </section>
  )
}
