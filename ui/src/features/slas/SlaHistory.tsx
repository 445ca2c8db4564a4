import type { SlaKind } from '@/api/generated'
import { Button } from '@/components/Button'
import { ErrorNotice } from '@/components/Notice'
import { Panel } from '@/components/Panel'
import { Skeleton } from '@/components/Skeleton'
import runStyles from '@/features/runs/RunList.module.css'
import { Instant } from '@/time/Instant'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { SlaBadge } from './SlaBadge'
import styles from './SlaHistory.module.css'
import { evaluationsQuery, type Judged } from './slaQueries'
import { lateWords, percent, reasonWords } from './slaWords'

interface SlaHistoryProps {
  name: string
  kind: SlaKind
  timezone: string
}

/** How it was judged, page by page. */
export function SlaHistory({ name, ...rest }: SlaHistoryProps) {
  const evaluations = useInfiniteQuery(evaluationsQuery(name))
  const { data, error, hasNextPage, isFetchingNextPage } = evaluations
  if (!data) {
    return (
      <Panel title="History">
        <div className={runStyles.padded}>
          {error ? (
            <ErrorNotice error={error} onRetry={() => void evaluations.refetch()} />
          ) : (
            <Skeleton lines={3} label="history" />
          )}
        </div>
      </Panel>
    )
  }
  const rows = data.pages.flatMap(({ edges }) => edges.map(({ node }) => node))
  return (
    <Panel title="History" aside={data.pages[0]?.totalCount.toLocaleString('en')}>
      {rows.length === 0 ? (
        <p className={runStyles.padded}>It has not been judged yet.</p>
      ) : (
        <HistoryTable rows={rows} {...rest} />
      )}
      {hasNextPage && (
        <div className={runStyles.more}>
          <Button isPending={isFetchingNextPage} onPress={() => void evaluations.fetchNextPage()}>
            {isFetchingNextPage ? 'Loading…' : 'Show older ones'}
          </Button>
        </div>
      )}
    </Panel>
  )
}

function HistoryTable({ rows, ...rest }: { rows: Judged[] } & Omit<SlaHistoryProps, 'name'>) {
  return (
    <table className={styles.table} role="table" aria-label="History">
      <thead role="rowgroup" className={styles.head}>
        <tr role="row">
          {['Key', 'State', 'Why', 'Due', 'Done', 'Late by'].map((title) => (
            <th key={title} role="columnheader" scope="col">
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {rows.map((row) => (
          <HistoryRow key={row.id} row={row} {...rest} />
        ))}
      </tbody>
    </table>
  )
}

function HistoryRow({ row, kind, timezone }: { row: Judged } & Omit<SlaHistoryProps, 'name'>) {
  const { key, state, reason, dueAt, completedAt, lateBy, measured, run, actions } = row
  return (
    <tr role="row" className={styles.row}>
      <td role="cell" className={styles.key}>
        {key}
      </td>
      <td role="cell" className={styles.state}>
        <SlaBadge state={state} />
      </td>
      <td role="cell" className={styles.why}>
        {reasonWords(reason)}
        {kind === 'SUCCESS_RATE' && measured !== null && `: ${percent(measured)}`}
        <span className={styles.under}>
          {run && (
            <Link to="/runs/$runId" params={{ runId: run.id }}>
              run {run.externalId}
            </Link>
          )}
          {actions.length > 0 && <span>{`${actions.length} done about it`}</span>}
        </span>
      </td>
      <td role="cell" className={styles.due} data-label="due">
        <Instant at={dueAt} show="absolute" meantIn={timezone} />
      </td>
      <td role="cell" className={styles.done} data-label="done">
        <Instant at={completedAt} show="absolute" />
      </td>
      <td role="cell" className={styles.late}>
        {lateBy === null ? '–' : lateWords(lateBy)}
      </td>
    </tr>
  )
}
