import { useStore } from '@/api/store'
import { Segmented } from '@/components/Segmented'
import { useMedia } from '@/components/useMedia'
import { zone } from '@/features/preferences/preferences'
import { runStates } from '@/features/runs/runState'
import { runSubject } from '@/features/runs/runWords'
import { RunStateBadge } from '@/features/runs/StateBadge'
import { Elapsed } from '@/time/Elapsed'
import { formatDuration, formatInstant } from '@/time/format'
import { Instant } from '@/time/Instant'
import { useNow } from '@/time/useNow'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { RecentRunFragment } from '@/api/generated'
import { bars, durationOf, ticks } from './durationScale'
import styles from './DurationChart.module.css'

interface Box {
  width: number
  height: number
  /** Of the part in which the bars stand */
  inner: { width: number; height: number }
}

const left = 58
const top = 10

/** Drawn about as large as it is shown, so that words stay legible on a phone. */
function boxOf(width: number, height: number): Box {
  return { width, height, inner: { width: width - left - 74, height: height - top - 22 } }
}
const wide = boxOf(760, 200)
const narrow = boxOf(344, 180)

interface DurationChartProps {
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
      {look === 'chart' ? <Bars {...props} /> : <Table runs={props.runs} />}
    </div>
  )
}

function Bars({ runs, p50, p95 }: DurationChartProps) {
  const { width, height, inner } = useMedia('(max-width: 44rem)') ? narrow : wide
  const now = useNow(1_000)
  const chosen = useStore(zone)
  const navigate = useNavigate()
  const durations = runs.map((run) => durationOf(run, run.state === 'RUNNING', now))
  const lines = ticks(Math.max(...durations.map((one) => one ?? 0), p95 ?? 0))
  const highest = lines.at(-1) ?? 1
  const heightOf = (duration: number): number => inner.height - (duration / highest) * inner.height
  const [first, last] = [runs[0], runs.at(-1)].map((run) => run?.startedAt ?? run?.queuedAt ?? null)
  const when = (at: string): string => formatInstant(Date.parse(at), now, chosen)
  return (
    <svg
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={summary(runs, durations, p50, p95)}
      className={styles.drawing}
    >
      <g transform={`translate(${left} ${top})`}>
        {lines.map((duration) => (
          <g key={duration} transform={`translate(0 ${heightOf(duration)})`}>
            <line x2={inner.width} className={styles.line} />
            <text x={-8} dy="0.32em" textAnchor="end">
              {formatDuration(duration)}
            </text>
          </g>
        ))}
        {bars(durations, highest, inner.width, inner.height).map((bar, at) => {
          const run = runs[at]
          if (!run) return null
          const duration = durations[at]
          return (
            <g
              key={run.id}
              className={styles.bar}
              data-tone={runStates[run.state].tone}
              onClick={() => void navigate({ to: '/runs/$runId', params: { runId: run.id } })}
            >
              <title>
                {`${runSubject(run) ?? run.externalId}: ${runStates[run.state].word}${duration == null ? '' : `, ${formatDuration(duration)}`}`}
              </title>
              <rect x={bar.x} y={0} width={bar.width} height={inner.height} className={styles.reach} />
              <rect {...bar} rx={Math.min(2.5, bar.width / 3)} />
            </g>
          )
        })}
        <Level name="p95" width={inner.width} duration={p95} heightOf={heightOf} />
        <Level
          name="p50"
          width={inner.width}
          duration={p50}
          heightOf={heightOf}
          isCrowded={p50 !== null && p95 !== null && heightOf(p50) - heightOf(p95) < 14}
        />
        {first && <text y={inner.height + 16}>{when(first)}</text>}
        {last && last !== first && (
          <text x={inner.width} y={inner.height + 16} textAnchor="end">
            {when(last)}
          </text>
        )}
      </g>
    </svg>
  )
}

interface LevelProps {
  name: string
  width: number
  duration: number | null
  heightOf: (duration: number) => number
  /** Another's words stand just above */
  isCrowded?: boolean
}

function Level({ name, width, duration, heightOf, isCrowded = false }: LevelProps) {
  if (duration === null) return null
  return (
    <g transform={`translate(0 ${heightOf(duration)})`} className={styles.level}>
      <line x2={width} />
      <text x={width + 6} dy={isCrowded ? '1.1em' : '0.32em'}>
        {name} {formatDuration(duration)}
      </text>
    </g>
  )
}

function summary(
  runs: RecentRunFragment[],
  durations: (number | null)[],
  p50: number | null,
  p95: number | null,
): string {
  const known = durations.filter((one) => one !== null)
  const failed = runs.filter(({ state }) => state === 'FAILED').length
  const range =
    known.length === 0
      ? ''
      : `, between ${formatDuration(Math.min(...known))} and ${formatDuration(Math.max(...known))}`
  const levels =
    p50 === null || p95 === null ? '' : `; median ${formatDuration(p50)}, 95 % within ${formatDuration(p95)}`
  return `Durations of the last ${runs.length} runs, ${failed} failed${range}${levels}`
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
