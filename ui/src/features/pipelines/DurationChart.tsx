import { Segmented } from '@/components/Segmented'
import { Skeleton } from '@/components/Skeleton'
import { runSubject } from '@/features/runs/runWords'
import { RunStateBadge } from '@/features/runs/StateBadge'
import { Elapsed } from '@/time/Elapsed'
import { Instant } from '@/time/Instant'
import { Link } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import type { RecentRunFragment } from '@/api/generated'
import styles from './DurationChart.module.css'

// With it comes the charting library, which nothing else on the page needs.
const DurationBars = lazy(() => import('./DurationBars'))

export interface DurationChartProps {
  /** The oldest first */
  runs: RecentRunFragment[]
  /** Milliseconds; null where no run has succeeded */
  p50: number | null
  p95: number | null
}

/** How long the last runs took, as bars or as a table. */
export function DurationChart(props: DurationChartProps) {
  const [look, setLook] = useState<'chart' | 'table'>('chart')
  return (
    <div className={styles.chart}>
      <div className={styles.look}>
        <Segmented
          label="Durations as"
          value={look}
          onChange={setLook}
          options={[
            { value: 'chart', label: 'As a chart', content: 'Chart' },
            { value: 'table', label: 'As a table', content: 'Table' },
          ]}
        />
      </div>
      {look === 'chart' ? (
        <Suspense fallback={<Skeleton lines={1} height={13.75} label="chart" />}>
          <DurationBars {...props} />
        </Suspense>
      ) : (
        <Table runs={props.runs} />
      )}
    </div>
  )
}

function Table({ runs }: { runs: RecentRunFragment[] }) {
  return (
    <div className={styles.scroller} tabIndex={0} role="region" aria-label="Durations">
      <table className={styles.table} aria-label="Durations of the last runs">
        <thead>
          <tr>
            <th scope="col">Run</th>
            <th scope="col">State</th>
            <th scope="col">Started</th>
            <th scope="col">Duration</th>
          </tr>
        </thead>
        <tbody>
          {runs.toReversed().map((run) => (
            <tr key={run.id}>
              <td>
                <Link to="/runs/$runId" params={{ runId: run.id }}>
                  {runSubject(run) ?? run.externalId}
                </Link>
              </td>
              <td>
                <RunStateBadge state={run.state} nativeState={run.nativeState} />
              </td>
              <td>
                <Instant at={run.startedAt} show="absolute" />
              </td>
              <td>
                <Elapsed {...run} isRunning={run.state === 'RUNNING'} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
