import type { RunsQuery } from '@/api/generated'
import { ListEnd } from '@/components/ListEnd'
import { ErrorNotice } from '@/components/Notice'
import { PageHeading } from '@/components/PageHeading'
import { Panel } from '@/components/Panel'
import { Skeleton } from '@/components/Skeleton'
import { VirtualTable } from '@/components/VirtualTable'
import tables from '@/features/pipelines/PipelinesTable.module.css'
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useCallback, useMemo } from 'react'
import { NoRuns } from './NoRuns'
import { runColumns } from './runColumns'
import { RunFilters } from './RunFilters'
import { isFiltered, type RunSearch } from './runFilter'
import { sortBy, sortOf } from './runOrder'
import { runsQuery, runTotalQuery, tablePage } from './runQueries'
import styles from './RunsPage.module.css'

interface RunsPageProps {
  search: RunSearch
  onChange: (search: RunSearch) => void
}

/** All runs of all orchestrators, as they come and go. */
export function RunsPage({ search, onChange }: RunsPageProps) {
  const query = useInfiniteQuery({
    ...runsQuery(search, null, tablePage),
    placeholderData: keepPreviousData,
  })
  const { data, error, isPlaceholderData } = query
  // Counting a million runs would take from the list the time that it needs.
  const { data: total } = useQuery({
    ...runTotalQuery(search),
    enabled: data !== undefined && !isPlaceholderData,
  })
  return (
    <>
      <title>Runs · Podium</title>
      <PageHeading title="Runs" count={total} />
      <Panel title="All runs" isUntitled of={query}>
        <RunFilters search={search} onChange={onChange} isFull />
        {data ? (
          <Loaded {...{ search, onChange, total, data, query }} />
        ) : (
          <div className={tables.padded}>
            {error ? (
              <ErrorNotice error={error} onRetry={() => void query.refetch()} />
            ) : (
              <Skeleton lines={10} label="runs" />
            )}
          </div>
        )}
      </Panel>
    </>
  )
}

interface LoadedProps extends RunsPageProps {
  total: number | undefined
  data: { pages: RunsQuery[] }
  query: {
    error: Error | null
    hasNextPage: boolean
    isFetching: boolean
    isFetchNextPageError: boolean
    isFetchingNextPage: boolean
    isPlaceholderData: boolean
    fetchNextPage: () => Promise<unknown>
  }
}

function Loaded({ search, onChange, total, data, query }: LoadedProps) {
  const { hasNextPage, isFetching, isFetchNextPageError, isPlaceholderData, fetchNextPage } = query
  const canAsk = hasNextPage && !isFetching && !isPlaceholderData && !isFetchNextPageError
  const rows = useMemo(() => data.pages.flatMap(({ runs }) => runs.edges.map(({ node }) => node)), [data])
  const more = useCallback(() => void fetchNextPage(), [fetchNextPage])
  const { sort, ...filters } = search
  if (rows.length === 0) return <NoRuns isFilteredOut={isFiltered(search)} />
  return (
    <div className={isPlaceholderData ? tables.outdated : undefined} aria-busy={isPlaceholderData}>
      <VirtualTable
        label="Runs"
        rows={rows}
        columns={runColumns}
        rowId={({ id }) => id}
        total={total}
        sort={sortOf(sort)}
        onSort={(wanted) => {
          const next = sortBy(wanted)
          onChange({ ...filters, ...(next && { sort: next }) })
        }}
        cardClass={styles.card}
        cardHeight={112}
        onMore={canAsk ? more : undefined}
      />
      <ListEnd query={query} />
    </div>
  )
}
