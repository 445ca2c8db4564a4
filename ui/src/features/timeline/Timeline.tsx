import { Button } from '@/components/Button'
import { ListEnd } from '@/components/ListEnd'
import { EmptyState, ErrorNotice } from '@/components/Notice'
import { Panel } from '@/components/Panel'
import { ManyPicker } from '@/components/Picker'
import { SearchBox } from '@/components/SearchBox'
import { Segmented } from '@/components/Segmented'
import { Skeleton } from '@/components/Skeleton'
import { useMedia } from '@/components/useMedia'
import { orchestratorsQuery } from '@/features/orchestrators/orchestratorQueries'
import type { RunSearch } from '@/features/runs/runFilter'
import { useInfiniteQuery, type UseInfiniteQueryResult, useQuery } from '@tanstack/react-query'
import { ChartNoAxesGantt, SearchX } from 'lucide-react'
import { useCallback, useMemo, useState } from 'react'
import { ToggleButton } from 'react-aria-components/ToggleButton'
import { linksOf, rowsOf } from './lanes'
import { Legend } from './Legend'
import { lengthFor } from './placeInTime'
import { TimelineChart } from './TimelineChart'
import styles from './Timeline.module.css'
import { type TimelinePages, timelineQuery } from './timelineQueries'
import { type Span, spans, type TimelineSearch } from './timelineSearch'
import { useDeadlines } from './useDeadlines'

interface TimelineProps {
  /** The overview's filters, which the timeline shares */
  search: RunSearch
  onSearch: (search: RunSearch) => void
  options: TimelineSearch
  onOptions: (options: TimelineSearch) => void
}

const spanChoices = (Object.keys(spans) as Span[]).map((span) => ({
  value: span,
  label: `Last ${span === '1h' ? 'hour' : span.replace('h', ' hours')}`,
  content: span.replace('h', ' h'),
}))

/** What ran when, over all orchestrators: a lane for each pipeline, a bar for each run. */
export default function Timeline(props: TimelineProps) {
  const { search, options, onOptions } = props
  const isNarrow = useMedia('(max-width: 44rem)')
  const span = options.span ?? (isNarrow ? '6h' : '24h')
  const [reach, setReach] = useState(() => lengthFor(options, 0, Date.now()))
  const length = Math.max(spans[span], reach)
  const query = useInfiniteQuery(timelineQuery(search, length, options.lanes !== 'mixed'))
  const total = query.data?.pages.at(-1)?.timeline.totalCount
  return (
    <Panel
      title="Timeline"
      of={query}
      aside={total !== undefined && `${total.toLocaleString('en')} ${total === 1 ? 'pipeline' : 'pipelines'}`}
      tools={
        <Segmented
          label="How much of the past"
          value={span}
          onChange={(chosen) => {
            setReach(0)
            onOptions({ ...withoutStretch(options), span: chosen })
          }}
          options={spanChoices}
        />
      }
    >
      <Filters {...props} />
      <Body {...props} query={query} span={span} length={length} />
    </Panel>
  )
}

type Lanes = UseInfiniteQueryResult<TimelinePages>

interface BodyProps extends TimelineProps {
  query: Lanes
  span: Span
  /** In milliseconds: the span, or longer where a link shows something older */
  length: number
}

function Body({ query, span, length, ...props }: BodyProps) {
  const { data, error, hasNextPage, isFetching, isFetchNextPageError, fetchNextPage } = query
  const more = useCallback(() => void fetchNextPage(), [fetchNextPage])
  const links = useMemo(() => linksOf(data), [data])
  const deadlines = useDeadlines(length)
  if (!data) {
    if (error) return <ErrorNotice error={error} onRetry={() => void query.refetch()} />
    return <Skeleton lines={9} height={1.5} label="the timeline" />
  }
  const { options, onOptions } = props
  const isGrouped = options.lanes !== 'mixed'
  const rows = rowsOf(data, isGrouped)
  if (rows.length === 0) return <NoLanes {...props} span={span} />
  return (
    <div aria-busy={query.isPlaceholderData} className={styles.body}>
      <TimelineChart
        key={length}
        rows={rows}
        links={links}
        length={length}
        isGrouped={isGrouped}
        deadlines={deadlines}
        address={{
          stretch: options,
          onStretch: (stretch) => onOptions({ ...withoutStretch(options), ...stretch }),
        }}
        label="Pipelines by what matters"
        onMore={hasNextPage && !isFetching && !isFetchNextPageError ? more : undefined}
        footer={
          <>
            {isFetchNextPageError && <ListEnd query={query} />}
            <Legend data={data} deadlines={deadlines} />
          </>
        }
      />
    </div>
  )
}

function withoutStretch({ from: _from, to: _to, ...options }: TimelineSearch): TimelineSearch {
  return options
}

function Filters({ search, onSearch, options, onOptions }: TimelineProps) {
  const { data: orchestrators = [] } = useQuery(orchestratorsQuery)
  const { q: _, ...withoutText } = search
  const key = JSON.stringify(withoutText)
  const setText = useCallback(
    (q: string) => onSearch({ ...(JSON.parse(key) as RunSearch), ...(q && { q }) }),
    [key, onSearch],
  )
  const { orchestrator, ...withoutOrchestrator } = search
  const { state, ...withoutState } = search
  const isFailedOnly = state?.length === 1 && state[0] === 'FAILED'
  const isGrouped = options.lanes !== 'mixed'
  const { lanes: __, ...withoutLanes } = options
  return (
    <div className={styles.filters} role="search" aria-label="Filter the timeline">
      <SearchBox label="Find a pipeline" value={search.q ?? ''} onChange={setText} />
      <ManyPicker
        label="Orchestrator"
        all="All orchestrators"
        chosen={orchestrator ?? []}
        onChange={(names) =>
          onSearch({ ...withoutOrchestrator, ...(names.length > 0 && { orchestrator: names }) })
        }
        options={orchestrators.map(({ name }) => name)}
      />
      <ToggleButton
        className={styles.toggle ?? ''}
        isSelected={isFailedOnly}
        onChange={(isOn) => onSearch({ ...withoutState, ...(isOn && { state: ['FAILED'] }) })}
      >
        Failed only
      </ToggleButton>
      <ToggleButton
        className={styles.toggle ?? ''}
        isSelected={isGrouped}
        onChange={(isOn) => onOptions({ ...withoutLanes, ...(!isOn && { lanes: 'mixed' }) })}
      >
        Group by orchestrator
      </ToggleButton>
    </div>
  )
}

function NoLanes({ search, onSearch, span }: Pick<TimelineProps, 'search' | 'onSearch'> & { span: Span }) {
  const { state, orchestrator, q, ...others } = search
  if (state ?? orchestrator ?? q) {
    return (
      <EmptyState icon={SearchX} title="No pipeline with such runs">
        <p>Take a filter away, or look at a longer time.</p>
        <Button onPress={() => onSearch(others)}>Show all pipelines</Button>
      </EmptyState>
    )
  }
  return (
    <EmptyState icon={ChartNoAxesGantt} title={`Nothing ran in the last ${span.replace('h', ' h')}`}>
      <p>
        Each pipeline that runs gets a lane here, and each run a bar. Start one with{' '}
        <code>podium trigger ORCHESTRATOR/PIPELINE</code>, or look at a longer time.
      </p>
    </EmptyState>
  )
}
