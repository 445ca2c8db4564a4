import type { PipelineRowFragment } from '@/api/generated'
import { Badge } from '@/components/Badge'
import { Button } from '@/components/Button'
import { ListEnd } from '@/components/ListEnd'
import { EmptyState, ErrorNotice } from '@/components/Notice'
import { Panel } from '@/components/Panel'
import { SearchBox } from '@/components/SearchBox'
import { Skeleton } from '@/components/Skeleton'
import { KindMark } from '@/features/orchestrators/KindMark'
import { OutdatedMark } from '@/features/orchestrators/OutdatedMark'
import { RunStateBadge } from '@/features/runs/StateBadge'
import { Instant } from '@/time/Instant'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { CirclePause, Unplug, Workflow } from 'lucide-react'
import { useState } from 'react'
import { NoPipelines } from './NoPipelines'
import { PipelineActions } from './PipelineActions'
import styles from './PipelineList.module.css'
import { PipelineName } from './PipelineName'
import { pipelinesQuery } from './pipelineQueries'

/** Every pipeline with how its latest run went; narrowed to some orchestrators where the page is. */
export function PipelineList({ orchestrator }: { orchestrator?: string[] | undefined }) {
  const [q, setText] = useState('')
  const search = { ...(q && { q }), ...(orchestrator && { orchestrator }) }
  const pipelines = useInfiniteQuery({ ...pipelinesQuery(search), placeholderData: keepPreviousData })
  const { data, error, hasNextPage, isFetchingNextPage } = pipelines
  return (
    <Panel
      title="Pipelines"
      of={pipelines}
      aside={data?.pages[0]?.pipelines.totalCount.toLocaleString('en')}
      tools={
        <Link to="/pipelines" search={search}>
          All pipelines
        </Link>
      }
    >
      <div className={styles.search}>
        <SearchBox label="Find a pipeline" value={q} onChange={setText} />
      </div>
      {data ? (
        <Rows
          pipelines={data.pages.flatMap((page) => page.pipelines.edges.map(({ node }) => node))}
          isFiltered={q !== ''}
        />
      ) : (
        <div className={styles.padded}>
          {error ? (
            <ErrorNotice error={error} onRetry={() => void pipelines.refetch()} />
          ) : (
            <Skeleton lines={6} label="pipelines" />
          )}
        </div>
      )}
      {pipelines.isFetchNextPageError ? (
        <ListEnd query={pipelines} />
      ) : (
        hasNextPage && (
          <div className={styles.more}>
            <Button isPending={isFetchingNextPage} onPress={() => void pipelines.fetchNextPage()}>
              {isFetchingNextPage ? 'Loading…' : 'Show more'}
            </Button>
          </div>
        )
      )}
    </Panel>
  )
}

function Rows({ pipelines, isFiltered }: { pipelines: PipelineRowFragment[]; isFiltered: boolean }) {
  if (pipelines.length === 0) {
    return isFiltered ? (
      <EmptyState icon={Workflow} title="No pipeline of that name">
        <p>Names and keys are searched, in any part and any case.</p>
      </EmptyState>
    ) : (
      <NoPipelines />
    )
  }
  return (
    <ul className={styles.list}>
      {pipelines.map((pipeline) => (
        <PipelineRow key={pipeline.id} pipeline={pipeline} />
      ))}
    </ul>
  )
}

function PipelineRow({ pipeline }: { pipeline: PipelineRowFragment }) {
  const { id, orchestrator, latestRun, schedule, isPaused, isActive } = pipeline
  return (
    <li className={styles.row}>
      <div className={styles.main}>
        <Link to="/pipelines/$pipelineId" params={{ pipelineId: id }} className={styles.name}>
          <PipelineName pipeline={pipeline} />
        </Link>
        <span className={styles.sub}>
          <KindMark kind={orchestrator.kind} size="small" />
          <span className={styles.where}>{orchestrator.name}</span>
          <OutdatedMark orchestrator={orchestrator.name} isCompact />
          {schedule && <code className={styles.schedule}>{schedule}</code>}
        </span>
      </div>
      <div className={styles.latest}>
        {!isActive ? (
          <Badge tone="neutral" icon={Unplug} word="Gone" title={`${orchestrator.name} no longer lists it`} />
        ) : isPaused ? (
          <Badge tone="caution" icon={CirclePause} word="Paused" />
        ) : null}
        {latestRun ? (
          <>
            <RunStateBadge {...latestRun} orchestrator={orchestrator.name} />
            <span className={styles.when}>
              <Instant at={latestRun.startedAt ?? latestRun.queuedAt} show="relative" />
            </span>
          </>
        ) : (
          <span className={styles.when}>no runs yet</span>
        )}
      </div>
      <PipelineActions pipeline={pipeline} as="menu" />
    </li>
  )
}
