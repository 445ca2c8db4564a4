import { Button } from '@/components/Button'
import { ErrorNotice } from '@/components/Notice'
import { Panel } from '@/components/Panel'
import { Skeleton } from '@/components/Skeleton'
import runStyles from '@/features/runs/RunList.module.css'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import styles from './FiringList.module.css'
import { type Dependency, firingsQuery } from './dependencyQueries'
import type { FiringSearch } from './dependencySearch'
import { firingStateOrder, firingStates } from './dependencyWords'
import { FiringTable } from './FiringTable'
import { Toggles } from './Toggles'

interface FiringListProps {
  dependency: Dependency
  search: FiringSearch
  onChange: (search: FiringSearch) => void
}

/** Its firings page by page, newest first. */
export function FiringList({ dependency, search, onChange }: FiringListProps) {
  const firings = useFirings(dependency.name, search)
  return (
    <Panel title="Firings">
      <div className={styles.filters} role="search" aria-label="Filter firings">
        <Toggles
          label="State"
          order={firingStateOrder}
          looks={firingStates}
          chosen={search.state ?? []}
          onChange={(state) => onChange(state.length > 0 ? { state } : {})}
        />
      </div>
      {firings.data ? (
        <Pages dependency={dependency} firings={firings} isNarrowed={search.state !== undefined} />
      ) : (
        <div className={runStyles.padded}>
          {firings.error ? (
            <ErrorNotice error={firings.error} onRetry={() => void firings.refetch()} />
          ) : (
            <Skeleton lines={4} label="firings" />
          )}
        </div>
      )}
    </Panel>
  )
}

interface PagesProps {
  dependency: Dependency
  firings: ReturnType<typeof useFirings>
  isNarrowed: boolean
}

function useFirings(name: string, { state }: FiringSearch) {
  return useInfiniteQuery({ ...firingsQuery(name, state ?? null), placeholderData: keepPreviousData })
}

function Pages({ dependency, firings, isNarrowed }: PagesProps) {
  const { data, hasNextPage, isFetchingNextPage, isPlaceholderData } = firings
  const rows = data?.pages.flatMap(({ edges }) => edges.map(({ node }) => node)) ?? []
  return (
    <div className={isPlaceholderData ? runStyles.outdated : undefined} aria-busy={isPlaceholderData}>
      {rows.length === 0 ? (
        <p className={styles.none}>{isNarrowed ? 'No firing is in these states.' : noneWords(dependency)}</p>
      ) : (
        <FiringTable dependency={dependency} firings={rows} />
      )}
      {hasNextPage && (
        <div className={runStyles.more}>
          <Button isPending={isFetchingNextPage} onPress={() => void firings.fetchNextPage()}>
            {isFetchingNextPage ? 'Loading…' : 'Show older firings'}
          </Button>
        </div>
      )}
    </div>
  )
}

function noneWords({ isEnabled, isPaused }: Dependency): string {
  if (!isEnabled || isPaused) return 'There has been none, and none begins while it is off or paused.'
  return 'There has been none yet. One begins, and appears here, when something that it waits for is done.'
}
