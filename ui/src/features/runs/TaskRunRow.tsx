import { ExternalLink } from '@/components/ExternalLink'
import { Instant } from '@/time/Instant'
import { ChevronRight } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { Button } from 'react-aria-components/Button'
import { Disclosure, DisclosurePanel } from 'react-aria-components/Disclosure'
import { Heading } from 'react-aria-components/Heading'
import { LogTail, ShowLog } from './LogTail'
import { RunElapsed } from './RunElapsed'
import type { RunDetail } from './runQueries'
import { TaskRunStateBadge } from './StateBadge'
import styles from './TaskRuns.module.css'
import { TaskTrack } from './TaskTrack'
import type { TaskRun, TaskRunGroup } from './taskRunGroups'
import type { Span } from './taskSpans'
import type { OpenTasks } from './useOpenTasks'

interface TaskRunRowProps {
  run: RunDetail
  group: TaskRunGroup
  open: OpenTasks
  span: Span | null
  now: number | null
}

/** A task with its times; it opens to its attempts and their logs. */
export function TaskRunRow({ run, group, open, span, now }: TaskRunRowProps) {
  const { latest, attempts, task, mapIndex } = group
  const row = useRef<HTMLDivElement>(null)
  const isLead = open.lead === group.id
  useEffect(() => {
    if (isLead) row.current?.scrollIntoView({ block: 'nearest' })
  }, [isLead])
  return (
    <Disclosure
      ref={row}
      className={styles.task ?? ''}
      isExpanded={open.isOpen(group)}
      onExpandedChange={(isExpanded) => open.toggle(group, isExpanded)}
    >
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
                <RunElapsed run={latest} orchestrator={run.pipeline.orchestrator.name} />
              </span>
            </Button>
          </Heading>
          <DisclosurePanel className={styles.panel ?? ''}>
            {isExpanded &&
              attempts.map((taskRun) => (
                <AttemptDetail key={taskRun.attempt} {...{ run, group, open, taskRun }} />
              ))}
          </DisclosurePanel>
        </>
      )}
    </Disclosure>
  )
}

interface AttemptProps {
  run: RunDetail
  group: TaskRunGroup
  open: OpenTasks
  taskRun: TaskRun
}

function AttemptDetail({ run, group, open, taskRun }: AttemptProps) {
  const { orchestrator } = run.pipeline
  const hasLog = orchestrator.capabilities.includes('LOGS')
  const isRunning = taskRun.state === 'RUNNING'
  return (
    <section className={styles.attempt} aria-label={`Attempt ${taskRun.attempt}`}>
      <p className={styles.facts}>
        <strong>Attempt {taskRun.attempt}</strong>
        <TaskRunStateBadge state={taskRun.state} nativeState={taskRun.nativeState} />
        <Instant at={taskRun.startedAt} show="absolute" />
        <RunElapsed run={taskRun} orchestrator={orchestrator.name} />
        {taskRun.url && <ExternalLink href={taskRun.url} label={`Open in ${orchestrator.name}`} />}
      </p>
      {hasLog && open.isLogShown(taskRun) && (
        <LogTail runId={run.id} attempt={taskRun} isRunning={isRunning} />
      )}
      {hasLog && !open.isLogShown(taskRun) && <ShowLog onPress={() => open.showLog(group, taskRun)} />}
    </section>
  )
}
