import type { SlaKind } from '@/api/generated'
import { Button } from '@/components/Button'
import { CardTable, Cell, Row, Rows } from '@/components/CardTable'
import { ErrorNotice } from '@/components/Notice'
import { Panel } from '@/components/Panel'
import { Skeleton } from '@/components/Skeleton'
import runStyles from '@/features/runs/RunList.module.css'
import { Instant } from '@/time/Instant'
import { useInfiniteQuery, useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Download } from 'lucide-react'
import { percent } from '@/words'
import { saveCsv } from './csv'
import { SlaBadge } from './SlaBadge'
import styles from './SlaHistory.module.css'
import { allEvaluations, evaluationsQuery, type Judged } from './slaQueries'
import { historyRows } from './slaRows'
import { lateWords, reasonWords } from './slaWords'

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
    <Panel
      title="History"
      aside={data.pages[0]?.totalCount.toLocaleString('en')}
      tools={rows.length > 0 && <SaveHistory name={name} />}
    >
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

/** All of it as a file, not only what is shown. */
function SaveHistory({ name }: { name: string }) {
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => allEvaluations(name),
    onSuccess: (found) => saveCsv(`${name}-history.csv`, historyRows(found)),
  })
  return (
    <>
      {error && (
        <span role="alert" className={styles.fault}>
          {error.message}
        </span>
      )}
      <Button look="quiet" isPending={isPending} onPress={() => mutate()}>
        <Download aria-hidden size={15} /> CSV
      </Button>
    </>
  )
}

const headings = ['Key', 'State', 'Why', 'Due', 'Done', { title: 'Late by', isAtEnd: true }]
const card = `'key state late' auto 'why why why' auto 'due done done' auto / 1fr auto auto`

function HistoryTable({ rows, ...rest }: { rows: Judged[] } & Omit<SlaHistoryProps, 'name'>) {
  return (
    <CardTable label="History" headings={headings} cardsBelow={62} card={card} className={styles.table}>
      <Rows>
        {rows.map((row) => (
          <HistoryRow key={row.id} row={row} {...rest} />
        ))}
      </Rows>
    </CardTable>
  )
}

function HistoryRow({ row, kind, timezone }: { row: Judged } & Omit<SlaHistoryProps, 'name'>) {
  const { key, state, reason, dueAt, completedAt, lateBy, measured, run, actions } = row
  return (
    <Row>
      <Cell area="key" className={styles.key}>
        {key}
      </Cell>
      <Cell area="state">
        <SlaBadge state={state} />
      </Cell>
      <Cell area="why" className={styles.why}>
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
      </Cell>
      <Cell area="due" className={styles.time} data-label="due">
        <Instant at={dueAt} show="absolute" meantIn={timezone} />
      </Cell>
      <Cell area="done" className={styles.time} data-label="done">
        <Instant at={completedAt} show="absolute" />
      </Cell>
      <Cell area="late" className={styles.late} isAtEnd>
        {lateBy === null ? '–' : lateWords(lateBy)}
      </Cell>
    </Row>
  )
}
