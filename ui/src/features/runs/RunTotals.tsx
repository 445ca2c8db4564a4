import { asApiError } from '@/api/errors'
import type { RunState } from '@/api/generated'
import { Badge } from '@/components/Badge'
import { Button } from '@/components/Button'
import { parseTimelineSearch } from '@/features/timeline/timelineSearch'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import styles from './RunTotals.module.css'
import type { RunSearch } from './runFilter'
import { runCountsQuery } from './runQueries'
import { runStates } from './runState'
import { type TotalName, totalSearches, withoutTotals } from './runTotals'

const totals: { name: TotalName; state: RunState; when: string }[] = [
  { name: 'running', state: 'RUNNING', when: 'now' },
  { name: 'queued', state: 'QUEUED', when: 'now' },
  { name: 'failed', state: 'FAILED', when: 'last 24 h' },
  { name: 'succeeded', state: 'SUCCESS', when: 'last 24 h' },
]

/** What goes on now and how the last day went, each a link to the runs it counts; narrowed as the page is. */
export function RunTotals({ search }: { search: RunSearch }) {
  const { data, error, refetch } = useQuery(runCountsQuery(search))
  const searches = totalSearches(withoutTotals(search))
  return (
    <div>
      <ul className={styles.totals} aria-label="Runs at a glance">
        {totals.map((total) => (
          <Total
            key={total.name}
            {...total}
            count={data?.[total.name].totalCount}
            search={searches[total.name]}
          />
        ))}
      </ul>
      {error && (
        <p className={styles.failed} role="alert">
          These numbers could not be read: {asApiError(error).message}
          <Button look="quiet" onPress={() => void refetch()}>
            Retry
          </Button>
        </p>
      )}
    </div>
  )
}

interface TotalProps {
  state: RunState
  when: string
  count: number | undefined
  /** Lists what it counts */
  search: RunSearch
}

function Total({ state, when, count, search }: TotalProps) {
  return (
    <li>
      <Link
        from="/"
        to="/"
        search={(now) => ({ ...search, ...parseTimelineSearch({ ...now }) })}
        className={styles.total}
      >
        <span className={styles.count}>{count?.toLocaleString('en') ?? '–'}</span>
        <Badge {...runStates[state]} />
        <span className={styles.when}>{when}</span>
      </Link>
    </li>
  )
}
