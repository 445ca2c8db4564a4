import type { IncidentState } from '@/api/generated'
import { Button } from '@/components/Button'
import { ErrorNotice } from '@/components/Notice'
import { Panel } from '@/components/Panel'
import { Skeleton } from '@/components/Skeleton'
import runStyles from '@/features/runs/RunList.module.css'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { incidentsQuery } from './incidentQueries'
import type { IncidentSearch } from './incidentSearch'
import { IncidentTable } from './IncidentTable'
import { byUrgency } from './urgency'

interface IncidentListProps {
  states: IncidentState[]
  search: IncidentSearch
  title: string
  /** What there is to say where there is none */
  empty: ReactNode
}

/** Incidents page by page, the most urgent first where all that go on are shown, with what there is to say while, instead of and after them. */
export function IncidentList({ states, search, title, empty }: IncidentListProps) {
  const incidents = useInfiniteQuery({
    ...incidentsQuery(states, search),
    placeholderData: keepPreviousData,
  })
  const { data, error, hasNextPage, isFetchingNextPage, isPlaceholderData } = incidents
  if (!data) {
    return (
      <Panel title={title}>
        <div className={runStyles.padded}>
          {error ? (
            <ErrorNotice error={error} onRetry={() => void incidents.refetch()} />
          ) : (
            <Skeleton lines={3} label="incidents" />
          )}
        </div>
      </Panel>
    )
  }
  const latest = data.pages.flatMap(({ incidents: page }) => page.edges.map(({ node }) => node))
  // A page that comes later would mix with what is shown.
  const rows = states.includes('RESOLVED') || hasNextPage ? latest : byUrgency(latest)
  return (
    <Panel title={title} aside={data.pages[0]?.incidents.totalCount.toLocaleString('en')}>
      <div className={isPlaceholderData ? runStyles.outdated : undefined} aria-busy={isPlaceholderData}>
        {rows.length === 0 ? empty : <IncidentTable incidents={rows} label={title} />}
        {hasNextPage && (
          <div className={runStyles.more}>
            <Button isPending={isFetchingNextPage} onPress={() => void incidents.fetchNextPage()}>
              {isFetchingNextPage ? 'Loading…' : 'Show older incidents'}
            </Button>
          </div>
        )}
      </div>
    </Panel>
  )
}
