import type { PipelineRowFragment } from '@/api/generated'
import { ListEnd } from '@/components/ListEnd'
import { EmptyState, ErrorNotice } from '@/components/Notice'
import { PageHeading } from '@/components/PageHeading'
import { Panel } from '@/components/Panel'
import { Skeleton } from '@/components/Skeleton'
import { VirtualTable } from '@/components/VirtualTable'
import { incidentsByPipelineQuery } from '@/features/incidents/incidentsByPipeline'
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { SearchX } from 'lucide-react'
import { type ComponentProps, useCallback, useMemo } from 'react'
import { NoPipelines } from './NoPipelines'
import { pipelineColumns } from './pipelineColumns'
import { PipelineFilters } from './PipelineFilters'
import { pipelinesQuery, tablePage } from './pipelineQueries'
import { isFiltered, type PipelineSearch, sortOf, withSort } from './pipelineSearch'
import styles from './PipelinesTable.module.css'

interface PipelinesPageProps {
  search: PipelineSearch
  onChange: (search: PipelineSearch) => void
}

/** All pipelines of all orchestrators. */
export function PipelinesPage({ search, onChange }: PipelinesPageProps) {
  const { pipelines, total, query, onMore } = usePipelines(search)
  return (
    <>
      <title>Pipelines · Podium</title>
      <PageHeading title="Pipelines" count={total} />
      <Panel title="All pipelines" isUntitled of={query}>
        <PipelineFilters
          search={search}
          onChange={onChange}
          owners={useWords(pipelines, 'owners')}
          tags={useWords(pipelines, 'tags')}
        />
        {query.data ? (
          <Loaded {...{ search, onChange, pipelines, total, onMore, query }} />
        ) : (
          <div className={styles.padded}>
            {query.error ? (
              <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />
            ) : (
              <Skeleton lines={10} label="pipelines" />
            )}
          </div>
        )}
      </Panel>
    </>
  )
}

/** The pipelines as far as they are read. */
function usePipelines(search: PipelineSearch) {
  const query = useInfiniteQuery({ ...pipelinesQuery(search, tablePage), placeholderData: keepPreviousData })
  const { data, hasNextPage, isFetching, isFetchNextPageError, isPlaceholderData, fetchNextPage } = query
  const pipelines = useMemo(
    () => data?.pages.flatMap((page) => page.pipelines.edges.map(({ node }) => node)) ?? [],
    [data],
  )
  const canAsk = hasNextPage && !isFetching && !isPlaceholderData && !isFetchNextPageError
  const more = useCallback(() => void fetchNextPage(), [fetchNextPage])
  const total = data?.pages[0]?.pipelines.totalCount
  return { pipelines, total, query, onMore: canAsk ? more : undefined }
}

interface LoadedProps extends TableProps {
  query: ComponentProps<typeof ListEnd>['query'] & { isPlaceholderData: boolean }
}

function Loaded({ query, ...table }: LoadedProps) {
  const { pipelines, search } = table
  if (pipelines.length === 0) return isFiltered(search) ? <NoMatch /> : <NoPipelines isWholePage />
  const { isPlaceholderData } = query
  return (
    <div className={isPlaceholderData ? styles.outdated : undefined} aria-busy={isPlaceholderData}>
      <Table {...table} />
      <ListEnd query={query} />
    </div>
  )
}

interface TableProps extends PipelinesPageProps {
  pipelines: PipelineRowFragment[]
  total: number | undefined
  onMore: (() => void) | undefined
}

function Table({ pipelines, total, search, onChange, onMore }: TableProps) {
  const { data: incidents } = useQuery(incidentsByPipelineQuery)
  const rows = useMemo(
    () => pipelines.map((pipeline) => ({ pipeline, incident: incidents?.get(pipeline.id) })),
    [pipelines, incidents],
  )
  return (
    <VirtualTable
      label="Pipelines"
      rows={rows}
      columns={pipelineColumns}
      rowId={({ pipeline }) => pipeline.id}
      total={total}
      sort={sortOf(search)}
      onSort={(sort) => onChange(withSort(search, sort))}
      cardClass={styles.card}
      cardHeight={132}
      onMore={onMore}
    />
  )
}

function useWords(pipelines: PipelineRowFragment[], what: 'owners' | 'tags'): string[] {
  return useMemo(
    () => [...new Set(pipelines.flatMap((pipeline) => pipeline[what]))].sort().slice(0, 200),
    [pipelines, what],
  )
}

function NoMatch() {
  return (
    <EmptyState icon={SearchX} title="No pipeline matches these filters">
      <p>Owners and tags match as a whole, names and keys in any part and any case.</p>
    </EmptyState>
  )
}
