import { Instant } from '@/time/Instant'
import { Link } from '@tanstack/react-router'
import styles from './JudgedTimes.module.css'
import type { JudgedDay } from './slaQueries'

interface JudgedTimesProps {
  of: Pick<JudgedDay, 'dueAt' | 'completedAt' | 'run'>
  timezone: string
  /** One below the other, by the clock only */
  isNarrow?: boolean
}

/** When something was due and when it was done, with its run. */
export function JudgedTimes({ of, timezone, isNarrow = false }: JudgedTimesProps) {
  const { dueAt, completedAt, run } = of
  const show = isNarrow ? 'absolute' : 'both'
  return (
    <dl className={styles.times} data-narrow={isNarrow || undefined}>
      {dueAt !== null && (
        <div>
          <dt>Due</dt>
          <dd>
            <Instant at={dueAt} show={show} meantIn={timezone} />
          </dd>
        </div>
      )}
      {completedAt !== null && (
        <div>
          <dt>Done</dt>
          <dd>
            <Instant at={completedAt} show={show} />
          </dd>
        </div>
      )}
      {run && (
        <div>
          <dt>Run</dt>
          <dd>
            <Link to="/runs/$runId" params={{ runId: run.id }}>
              {run.externalId}
            </Link>
          </dd>
        </div>
      )}
    </dl>
  )
}
