import { useStore } from '@/api/store'
import { Button } from '@/components/Button'
import { EmptyState, ErrorNotice } from '@/components/Notice'
import { Panel } from '@/components/Panel'
import { Segmented } from '@/components/Segmented'
import { Skeleton } from '@/components/Skeleton'
import { zone } from '@/features/preferences/preferences'
import runStyles from '@/features/runs/RunList.module.css'
import { saveCsv } from '@/features/slas/csv'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ArrowDown, ArrowUp, ChartNoAxesColumn, Download } from 'lucide-react'
import { useState } from 'react'
import { type Figure, figures, format } from './figures'
import { groupsQuery, type KpiRow } from './kpiQueries'
import { csvRows, sortRows } from './kpiRows'
import { type Grouping, type KpiSearch } from './kpiSearch'
import styles from './KpiTable.module.css'

interface KpiTableProps {
  search: KpiSearch
  onChange: (search: KpiSearch) => void
}

const groupings: { value: Grouping; label: string; content: string }[] = [
  { value: 'pipeline', label: 'By pipeline', content: 'Pipeline' },
  { value: 'owner', label: 'By owner', content: 'Owner' },
  { value: 'orchestrator', label: 'By orchestrator', content: 'Orchestrator' },
]
const shownAtOnce = 50

/** Whose figures they are, in any order. */
export function KpiTable({ search, onChange }: KpiTableProps) {
  const { by: _, sort, ...rest } = search
  const by: Grouping = search.by ?? 'pipeline'
  const query = useInfiniteQuery(groupsQuery(search, by, useStore(zone)))
  const rows = sortRows(
    query.data?.pages.flatMap(({ kpis }) => kpis.edges.map(({ node }) => node)) ?? [],
    sort,
  )
  const total = query.data?.pages[0]?.kpis.totalCount
  const group = (value: Grouping): void =>
    onChange({ ...rest, ...(sort && { sort }), ...(value !== 'pipeline' && { by: value }) })
  return (
    <Panel
      title="In detail"
      aside={countWords(rows.length, total)}
      tools={
        <>
          <Segmented label="Group" value={by} onChange={group} options={groupings} />
          <Button
            look="quiet"
            isDisabled={rows.length === 0}
            onPress={() => saveCsv(`kpis-by-${by}.csv`, csvRows(rows, by))}
          >
            <Download aria-hidden size={15} /> CSV
          </Button>
        </>
      }
    >
      {query.data ? (
        <div
          className={query.isPlaceholderData ? runStyles.outdated : undefined}
          aria-busy={query.isPlaceholderData}
        >
          <Rows
            rows={rows}
            by={by}
            rest={rest}
            sort={sort}
            onSort={(next) => onChange({ ...search, sort: next })}
          />
          {query.hasNextPage && (
            <div className={runStyles.more}>
              <Button isPending={query.isFetchingNextPage} onPress={() => void query.fetchNextPage()}>
                Count {((total ?? 0) - rows.length).toLocaleString('en')} more
              </Button>
            </div>
          )}
        </div>
      ) : (
        <div className={runStyles.padded}>
          <NotYet error={query.error} onRetry={() => void query.refetch()} />
        </div>
      )}
    </Panel>
  )
}

function NotYet({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  return error ? <ErrorNotice error={error} onRetry={onRetry} /> : <Skeleton lines={6} label="figures" />
}

function countWords(shown: number, total: number | undefined): string | undefined {
  if (total === undefined) return undefined
  return shown < total
    ? `${shown.toLocaleString('en')} of ${total.toLocaleString('en')}`
    : total.toLocaleString('en')
}

interface RowsProps {
  rows: KpiRow[]
  by: Grouping
  /** What the page shows besides */
  rest: KpiSearch
  sort: string | undefined
  onSort: (sort: string) => void
}

function Rows({ rows, by, rest, sort, onSort }: RowsProps) {
  const [shown, setShown] = useState(shownAtOnce)
  if (rows.length === 0) {
    return (
      <EmptyState icon={ChartNoAxesColumn} title="Nothing to count">
        <p>
          No pipeline is listed that these filters let through. Take one back, or connect an orchestrator.
        </p>
      </EmptyState>
    )
  }
  return (
    <>
      <table className={styles.table} aria-label={`Key figures by ${by}`}>
        <thead>
          <tr>
            <Head id="name" name={by} sort={sort} onSort={onSort} />
            <Head id="runs" name="Runs" sort={sort} onSort={onSort} isWide />
            {figures.map((figure) => (
              <Head
                key={figure.id}
                id={figure.id}
                name={figure.short}
                means={figure.means}
                sort={sort}
                onSort={onSort}
                isWide={!essential.has(figure.id)}
              />
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, shown).map((row) => (
            <tr key={row.name ?? ''}>
              <th scope="row">
                <RowName row={row} by={by} rest={rest} />
              </th>
              <td className={styles.wide}>{row.runs.toLocaleString('en')}</td>
              {figures.map((figure) => (
                <Value key={figure.id} figure={figure} row={row} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > shown && (
        <div className={runStyles.more}>
          <Button onPress={() => setShown(shown + 200)}>
            Show {Math.min(rows.length - shown, 200).toLocaleString('en')} more
          </Button>
        </div>
      )}
    </>
  )
}

/** What a phone has room for. */
const essential = new Set(['success', 'slas', 'resolve'])

function Value({ figure: { id, unit, of }, row }: { figure: Figure; row: KpiRow }) {
  const value = of(row)
  const isLow = unit === 'share' && id !== 'efficiency' && value !== null && value < 0.9
  return (
    <td
      className={essential.has(id) ? undefined : styles.wide}
      data-low={isLow || undefined}
      data-none={value === null || undefined}
    >
      {format(unit, value)}
    </td>
  )
}

function RowName({ row, by, rest }: { row: KpiRow; by: Grouping; rest: KpiSearch }) {
  if (row.name === null) return <span className={styles.none}>{by === 'owner' ? 'Nobody' : 'None'}</span>
  if (row.pipeline) {
    return (
      <Link to="/pipelines/$pipelineId" params={{ pipelineId: row.pipeline.id }} className={styles.name}>
        {row.name}
      </Link>
    )
  }
  const search = { ...rest, ...(by === 'owner' ? { owner: row.name } : { orchestrator: row.name }) }
  return (
    <Link to="/kpis" search={search} className={styles.name}>
      {row.name}
    </Link>
  )
}

interface HeadProps {
  id: string
  name: string
  means?: string
  sort: string | undefined
  onSort: (sort: string) => void
  isWide?: boolean
}

function Head({ id, name, means, sort = 'name', onSort, isWide = false }: HeadProps) {
  const isSorted = sort.replace(/^-/, '') === id
  const isDescending = sort.startsWith('-')
  const Arrow = isDescending ? ArrowDown : ArrowUp
  return (
    <th
      scope="col"
      className={isWide ? styles.wide : undefined}
      aria-sort={!isSorted ? 'none' : isDescending ? 'descending' : 'ascending'}
    >
      <button
        type="button"
        className={styles.sort}
        title={means}
        onClick={() => onSort(isSorted && !isDescending ? `-${id}` : id)}
      >
        {name}
        {isSorted && <Arrow aria-hidden size={13} />}
      </button>
    </th>
  )
}
