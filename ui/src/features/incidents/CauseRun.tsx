import { LogOnDemand } from '@/features/runs/LogTail'
import { runQuery } from '@/features/runs/runQueries'
import { groupTaskRuns, type TaskRunGroup } from '@/features/runs/taskRunGroups'
import { firstFailed, spotSearch } from '@/features/runs/taskSpots'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { countWords } from './incidentWords'
import styles from './SignalList.module.css'

/** Why a run failed: the task that failed first, and its log. */
export function CauseRun({ runId }: { runId: string }) {
  const { data: run } = useQuery(runQuery(runId))
  const groups = groupTaskRuns(run?.taskRuns ?? [])
  const failed = firstFailed(groups)
  if (!run || !failed) return null
  const more = groups.filter(({ latest }) => latest.state === 'FAILED').length - 1
  return (
    <div className={styles.why}>
      <p>
        Task{' '}
        <Link to="/runs/$runId" params={{ runId }} search={spotSearch(failed.latest)}>
          {taskName(failed)}
        </Link>{' '}
        failed{failed.attempts.length > 1 && ` after ${failed.attempts.length} attempts`}
        {more > 0 && `, and ${countWords(more, 'more task')}`}.
      </p>
      {run.pipeline.orchestrator.capabilities.includes('LOGS') && (
        <LogOnDemand runId={runId} attempt={failed.latest} isRunning={false} />
      )}
    </div>
  )
}

function taskName({ task, mapIndex }: TaskRunGroup): string {
  return mapIndex === null ? task : `${task}[${mapIndex}]`
}
