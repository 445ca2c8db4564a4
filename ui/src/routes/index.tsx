import { Held } from '@/components/Held'
import { Panel } from '@/components/Panel'
import { OpenIncidents } from '@/features/incidents/OpenIncidents'
import { OrchestratorCards } from '@/features/orchestrators/OrchestratorCards'
import { PipelineList } from '@/features/pipelines/PipelineList'
import { RunFilters } from '@/features/runs/RunFilters'
import { RunList } from '@/features/runs/RunList'
import { RunTotals } from '@/features/runs/RunTotals'
import { parseRunSearch, type RunSearch } from '@/features/runs/runFilter'
import { runTotalQuery } from '@/features/runs/runQueries'
import { SlasInDanger } from '@/features/slas/SlasInDanger'
import { TimelinePanel } from '@/features/timeline/TimelinePanel'
import { parseTimelineSearch, type TimelineSearch } from '@/features/timeline/timelineSearch'
import { useQuery } from '@tanstack/react-query'
import { createFileRoute, Link, useNavigate } from '@tanstack/react-router'
import { useCallback } from 'react'
import styles from './layout.module.css'

export const Route = createFileRoute('/')({
  validateSearch: (search: Record<string, unknown>): RunSearch & TimelineSearch => ({
    ...parseRunSearch(search),
    ...parseTimelineSearch(search),
  }),
  component: Overview,
})

function Overview() {
  const { span, lanes, from, to, ...search } = Route.useSearch()
  const options = parseTimelineSearch({ span, lanes, from, to })
  const navigate = useNavigate({ from: '/' })
  const go = useCallback(
    (next: RunSearch & TimelineSearch) => void navigate({ search: next, replace: true, resetScroll: false }),
    [navigate],
  )
  const setSearch = useCallback(
    (next: RunSearch) => go({ ...next, ...parseTimelineSearch({ span, lanes, from, to }) }),
    [go, span, lanes, from, to],
  )
  const { data: total } = useQuery(runTotalQuery(search))
  return (
    <>
      <title>Podium</title>
      <h1 className="visually-hidden">Overview</h1>
      <RunTotals search={search} />
      <Held name="open incidents">
        <OpenIncidents />
      </Held>
      <Held name="SLAs in danger">
        <SlasInDanger />
      </Held>
      <Held name="orchestrators">
        <OrchestratorCards />
      </Held>
      <Held name="timeline">
        <TimelinePanel
          search={search}
          onSearch={setSearch}
          options={options}
          onOptions={(chosen) => go({ ...search, ...chosen })}
        />
      </Held>
      <div className={styles.columns}>
        <Panel
          title="Latest runs"
          aside={total?.toLocaleString('en')}
          tools={
            <Link to="/runs" search={search}>
              All runs
            </Link>
          }
        >
          <RunFilters search={search} onChange={setSearch} />
          <RunList search={search} label="Latest runs" />
        </Panel>
        <PipelineList orchestrator={search.orchestrator} />
      </div>
    </>
  )
}
