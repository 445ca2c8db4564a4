import { Button } from '@/components/Button'
import { ListEnd } from '@/components/ListEnd'
import { ErrorNotice } from '@/components/Notice'
import { RefreshFault } from '@/components/RefreshFault'
import { Skeleton } from '@/components/Skeleton'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { NoRuns } from './NoRuns'
import styles from './RunList.module.css'
import { RunsTable } from './RunsTable'
import { isFiltered, type RunSearch } from './runFilter'
import { runsQuery } from './runQueries'

interface RunListProps {
  search: RunSearch
  /** Only this pipeline's runs */
  pipelineId?: string
  label: string
}

/** Runs page by page, with what there is to say while, instead of and after them. */
export function RunList({ search, pipelineId, label }: RunListProps) {
  const runs = useInfiniteQuery({
    ...runsQuery(search, pipelineId ?? null),
    placeholderData: keepPreviousData,
  })
  const { data, error, hasNextPage, isFetchingNextPage, isPlaceholderData } = runs
  if (!data) {
    return (
      <div className={styles.padded}>
        {error ? (
          <ErrorNotice error={error} onRetry={() => void runs.refetch()} />
        ) : (
          <Skeleton lines={8} label="runs" />
        )}
      </div>
    )
  }
  const rows = data.pages.flatMap(({ runs: page }) => page.edges.map(({ node }) => node))
  if (rows.length === 0) return <NoRuns isFilteredOut={isFiltered(search)} />
  return (
    <div className={isPlaceholderData ? styles.outdated : undefined} aria-busy={isPlaceholderData}>
      <RefreshFault of={runs} />
      <RunsTable runs={rows} label={label} isOnePipeline={pipelineId !== undefined} />
      {runs.isFetchNextPageError ? (
        <ListEnd query={runs} />
      ) : (
        hasNextPage && (
          <div className={styles.more}>
            <Button isPending={isFetchingNextPage} onPress={() => void runs.fetchNextPage()}>
              {isFetchingNextPage ? 'Loading…' : 'Show older runs'}
            </Button>
          </div>
        )
      )}
    </div>
  )
}
