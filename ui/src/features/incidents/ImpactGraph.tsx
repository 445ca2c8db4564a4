import { ErrorNotice } from '@/components/Notice'
import { Segmented } from '@/components/Segmented'
import { Skeleton } from '@/components/Skeleton'
import { useMedia } from '@/components/useMedia'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { lazy, Suspense, useMemo, useState } from 'react'
import styles from './ImpactGraph.module.css'
import { ImpactSteps } from './ImpactSteps'
import { type IncidentDetail, mostDrawn, spreadQuery } from './incidentQueries'
import { type Spread, spreadOf } from './spread'
import { spreadNodes } from './spreadNodes'

// With it comes the layout, which nothing else on the page needs.
const Graph = lazy(() => import('@/graph/Graph'))

const label = 'From the cause to what it hurts'

/** How what is wrong spreads, from the cause on: drawn, or step by step. */
export function ImpactGraph({ incident }: { incident: IncidentDetail }) {
  const start = incident.rootCause?.node.id ?? null
  const { data: edges, error, isLoading, refetch } = useQuery(spreadQuery(start))
  const spread = useMemo(() => spreadOf(incident, edges ?? []), [incident, edges])
  if (isLoading) return <Loading />
  if (error && !edges) {
    return (
      <div className={styles.padded}>
        <ErrorNotice error={error} onRetry={() => void refetch()} />
      </div>
    )
  }
  if (spread.steps.length === 0) {
    return <p className={styles.padded}>Nothing that Podium knows comes after it.</p>
  }
  return <Shown spread={spread} start={start} />
}

function Shown({ spread, start }: { spread: Spread; start: string | null }) {
  const isNarrow = useMedia('(max-width: 44rem)')
  const [chosen, setChosen] = useState<'graph' | 'list' | null>(null)
  const nodes = useMemo(() => spreadNodes(spread), [spread])
  // More than that are not read in a picture either.
  const isMuch = nodes.length > mostDrawn
  const look = chosen ?? (isNarrow || isMuch ? 'list' : 'graph')
  return (
    <>
      <div className={styles.tools}>
        {start !== null && (
          <Link to="/lineage" search={{ node: start, selected: start, direction: 'downstream' }}>
            Open in lineage
          </Link>
        )}
        <Segmented
          label="What it hurts as"
          value={look}
          onChange={setChosen}
          options={[
            { value: 'graph', label: 'As a graph', content: 'Graph' },
            { value: 'list', label: 'As a list', content: 'List' },
          ]}
        />
      </div>
      {look === 'list' ? (
        <ImpactSteps steps={spread.steps} label={label} />
      ) : (
        <Suspense fallback={<Loading />}>
          <Graph label={label} nodes={nodes} edges={spread.edges} nodeWidth={232} />
        </Suspense>
      )}
    </>
  )
}

function Loading() {
  return (
    <div className={styles.padded}>
      <Skeleton lines={3} label="what it hurts" />
    </div>
  )
}
