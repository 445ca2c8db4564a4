import { Badge } from '@/components/Badge'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { RunState } from '@/api/generated'
import styles from './RunTotals.module.css'
import { runCountsQuery } from './runQueries'
import { runStates } from './runState'

/** What goes on now and how the last day went, each a link to the runs it counts. */
export function RunTotals() {
  const { data } = useQuery(runCountsQuery)
  return (
    <ul className={styles.totals} aria-label="Runs at a glance">
      <Total state="RUNNING" when="now" count={data?.running.totalCount} />
      <Total state="QUEUED" when="now" count={data?.queued.totalCount} />
      <Total state="FAILED" when="last 24 h" count={data?.failed.totalCount} />
      <Total state="SUCCESS" when="last 24 h" count={data?.succeeded.totalCount} />
    </ul>
  )
}

function Total({ state, when, count }: { state: RunState; when: string; count: number | undefined }) {
  return (
    <li>
      <Link to="/" search={{ state: [state] }} className={styles.total}>
        <span className={styles.count}>{count?.toLocaleString('en') ?? '–'}</span>
        <Badge {...runStates[state]} />
        <span className={styles.when}>{when}</span>
      </Link>
    </li>
  )
}
