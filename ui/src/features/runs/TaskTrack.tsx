import { formatDuration } from '@/time/format'
import { taskRunStates } from './runState'
import styles from './TaskTrack.module.css'
import type { TaskRun } from './taskRunGroups'
import { placeOf, type Span, ticksOf } from './taskSpans'

/** How much time has passed since the run began, above the tracks. */
export function TaskAxis({ span }: { span: Span }) {
  const { ticks } = ticksOf(span)
  return (
    <div className={styles.head} aria-hidden>
      <span className={styles.axis}>
        {ticks.map(({ left, word }) => (
          <span key={word} className={styles.tick} style={{ left: `${left}%` }}>
            {word}
          </span>
        ))}
      </span>
    </div>
  )
}

interface TaskTrackProps {
  attempts: TaskRun[]
  span: Span
  now: number | null
}

/** When a task ran, each attempt a bar; beside it stand its state and duration in words. */
export function TaskTrack({ attempts, span, now }: TaskTrackProps) {
  const { step } = ticksOf(span)
  return (
    <span className={styles.track} style={{ '--step': `${step}%` } as React.CSSProperties} aria-hidden>
      {attempts.map((taskRun) => {
        const place = placeOf(taskRun, span, now)
        const { word, tone } = taskRunStates[taskRun.state]
        return (
          place && (
            <span
              key={taskRun.attempt}
              className={styles.bar}
              data-tone={taskRun.state === 'UP_FOR_RETRY' ? 'bad' : tone}
              data-open={taskRun.state === 'RUNNING'}
              title={`Attempt ${taskRun.attempt}: ${word}, ${sinceBegin(taskRun, span)} into the run`}
              style={{ left: `${place.left}%`, width: `${place.width}%` }}
            />
          )
        )
      })}
    </span>
  )
}

function sinceBegin({ startedAt }: TaskRun, { begin }: Span): string {
  return formatDuration(startedAt === null ? 0 : Date.parse(startedAt) - begin)
}
