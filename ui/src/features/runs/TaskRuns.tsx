import { EmptyState } from '@/components/Notice'
import { useNow } from '@/time/useNow'
import { ListTree } from 'lucide-react'
import type { RunDetail } from './runQueries'
import { isOngoing } from './runState'
import { TaskRunRow } from './TaskRunRow'
import styles from './TaskRuns.module.css'
import { TaskAxis } from './TaskTrack'
import type { TaskRun, TaskRunGroup } from './taskRunGroups'
import { spanOf } from './taskSpans'
import type { SpotSearch } from './taskSpots'
import { useOpenTasks } from './useOpenTasks'

interface TaskRunsProps {
  run: RunDetail
  groups: TaskRunGroup[]
  /** The attempt that the address names */
  spot: SpotSearch
  onSpot: (taskRun: TaskRun | null) => void
}

/** The tasks of a run; each opens to its attempts and their logs. */
export function TaskRuns(props: TaskRunsProps) {
  const { run, groups } = props
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
  return <Rows {...props} />
}

/** What has ended needs no clock. */
const seldom = 3_600_000

function Rows({ run, groups, spot, onSpot }: TaskRunsProps) {
  const isGrowing = isOngoing(run.state)
  const tick = useNow(isGrowing ? 1_000 : seldom)
  const now = isGrowing ? tick : null
  const open = useOpenTasks(run, groups, spot, onSpot)
  const span = spanOf([run, ...run.taskRuns], now)
  return (
    <div className={styles.rows}>
      {span && <TaskAxis span={span} />}
      <ul>
        {groups.map((group) => (
          <li key={group.id}>
            <TaskRunRow {...{ run, group, open, span, now }} />
          </li>
        ))}
      </ul>
    </div>
  )
}
