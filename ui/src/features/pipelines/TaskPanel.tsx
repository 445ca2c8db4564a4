import { Panel } from '@/components/Panel'
import { Segmented } from '@/components/Segmented'
import { Skeleton } from '@/components/Skeleton'
import { useMedia } from '@/components/useMedia'
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useMemo, useState } from 'react'
import type { GridRun } from './gridRows'
import { recentRunsQuery } from './pipelineParts'
import type { PipelineDetail } from './pipelineQueries'
import styles from './TaskPanel.module.css'
import { TaskList } from './TaskList'
import { taskNodes } from './taskNodes'

// With it comes the layout, which nothing else on the page needs.
const Graph = lazy(() => import('@/graph/Graph'))

/** What the pipeline does, step by step, and how far its latest run has come: drawn, or as a list. */
export function TaskPanel({ pipeline }: { pipeline: PipelineDetail }) {
  const isNarrow = useMedia('(max-width: 44rem)')
  const [chosen, setChosen] = useState<'graph' | 'list' | null>(null)
  const look = chosen ?? (isNarrow ? 'list' : 'graph')
  const { data } = useQuery(recentRunsQuery(pipeline.id))
  const latest = data?.grid.at(-1)
  const { tasks } = pipeline
  if (tasks.length === 0) {
    return (
      <Panel title="Tasks">
        <p className={styles.none}>
          Its orchestrator tells the tasks once they are known, often with the first run.
        </p>
      </Panel>
    )
  }
  return (
    <Panel
      title="Tasks"
      aside={tasks.length.toLocaleString('en')}
      tools={
        <Segmented
          label="Tasks as"
          value={look}
          onChange={setChosen}
          options={[
            { value: 'graph', label: 'As a graph', content: 'Graph' },
            { value: 'list', label: 'As a list', content: 'List' },
          ]}
        />
      }
    >
      {look === 'list' ? <TaskList {...{ pipeline, latest }} /> : <TaskGraph {...{ pipeline, latest }} />}
    </Panel>
  )
}

function TaskGraph({ pipeline, latest }: { pipeline: PipelineDetail; latest: GridRun | undefined }) {
  const nodes = useMemo(() => taskNodes(pipeline, latest), [pipeline, latest])
  const edges = useMemo(
    () => pipeline.taskEdges.map(({ upstream, downstream }) => ({ source: upstream, target: downstream })),
    [pipeline],
  )
  return (
    <Suspense
      fallback={
        <div className={styles.padded}>
          <Skeleton lines={1} height={9} label="graph" />
        </div>
      }
    >
      <Graph label="Task graph" nodes={nodes} edges={edges} nodeWidth={192} />
    </Suspense>
  )
}
