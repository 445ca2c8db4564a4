import type { RecentRunFragment } from '@/api/generated'
import { useStore } from '@/api/store'
import chart from '@/charts/Chart.module.css'
import { ticksTo } from '@/charts/ticks'
import { zone } from '@/features/preferences/preferences'
import { runStates } from '@/features/runs/runState'
import { runSubject } from '@/features/runs/runWords'
import { formatDuration, formatInstant } from '@/time/format'
import { useNow } from '@/time/useNow'
import { useNavigate } from '@tanstack/react-router'
import { type KeyboardEvent, useEffect, useRef } from 'react'
import {
  Bar,
  BarChart,
  type BarShapeProps,
  CartesianGrid,
  Rectangle,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts'
import type { DurationChartProps } from './DurationChart'
import styles from './DurationChart.module.css'
import { durationOf } from './durationScale'

interface Timed {
  run: RecentRunFragment
  /** What the axis tells it by */
  id: string
  duration: number | null
}

/** How long each run took, against what is usual; a run is opened by a click or, where the arrows have led, by Enter. */
export default function DurationBars({ runs, p50, p95 }: DurationChartProps) {
  const now = useNow(1_000)
  const navigate = useNavigate()
  const chosen = useStore(zone)
  const pointedAt = useRef<RecentRunFragment | null>(null)
  const timed = runs.map((run) => ({
    run,
    id: run.id,
    duration: durationOf(run, run.state === 'RUNNING', now),
  }))
  const lines = ticksTo(Math.max(...timed.map(({ duration }) => duration ?? 0), p95 ?? 0), 'milliseconds')
  const ends = [timed[0], timed.at(-1)].flatMap((one) => one?.id ?? [])
  const when = (id: string): string => {
    const run = runs.find((one) => one.id === id)
    const at = run?.startedAt ?? run?.queuedAt
    return at ? formatInstant(Date.parse(at), now, chosen) : ''
  }
  const open = (run: RecentRunFragment | null | undefined): void => {
    if (run) void navigate({ to: '/runs/$runId', params: { runId: run.id } })
  }
  const onKeyDown = ({ key }: KeyboardEvent): void => {
    if (key === 'Enter') open(pointedAt.current)
  }
  return (
    <div className={`${chart.chart ?? ''} ${styles.drawing ?? ''}`} onKeyDown={onKeyDown}>
      <ResponsiveContainer width="100%" height={220} initialDimension={{ width: 320, height: 220 }}>
        <BarChart
          data={timed}
          role="img"
          aria-label={summary(timed, p50, p95)}
          margin={{ top: 10, right: 74, bottom: 0, left: 0 }}
          barCategoryGap="14%"
          onClick={({ activeTooltipIndex }) => open(runs[Number(activeTooltipIndex)])}
        >
          <CartesianGrid vertical={false} />
          <XAxis
            dataKey="id"
            ticks={[...new Set(ends)]}
            interval={0}
            tickLine={false}
            axisLine={false}
            tick={({ x, y, index, payload }: TickProps) => (
              <text
                x={x}
                y={Number(y) + 12}
                textAnchor={index === 0 ? 'start' : 'end'}
                className="recharts-cartesian-axis-tick-value"
              >
                {when(payload.value)}
              </text>
            )}
          />
          <YAxis
            width={60}
            ticks={lines}
            domain={[0, lines.at(-1) ?? 1]}
            tickLine={false}
            axisLine={false}
            tickFormatter={(value: number) => formatDuration(value)}
          />
          <Tooltip
            isAnimationActive={false}
            cursor={{ fill: 'var(--surface-hover)' }}
            content={({ active, payload }) => {
              const one = active ? (payload[0]?.payload as Timed | undefined) : undefined
              return one ? <Tip {...one} onPoint={(run) => (pointedAt.current = run)} /> : null
            }}
          />
          <Bar dataKey="duration" minPointSize={2} maxBarSize={44} isAnimationActive={false} shape={Shape} />
          {level('p95', p95, false)}
          {level('p50', p50, p95 !== null && isNear(p50, p95, lines.at(-1) ?? 1))}
        </BarChart>
      </ResponsiveContainer>
    </div>
  )
}

interface TickProps {
  x: number | string
  y: number | string
  index: number
  payload: { value: string }
}

function Shape({ payload, ...box }: BarShapeProps) {
  const { run } = payload as Timed
  return (
    <Rectangle
      x={box.x}
      y={box.y}
      width={box.width}
      height={box.height}
      radius={Math.min(2.5, box.width / 3)}
      className={styles.bar ?? ''}
      data-tone={runStates[run.state].tone}
    />
  )
}

function Tip({ run, duration, onPoint }: Timed & { onPoint: (run: RecentRunFragment | null) => void }) {
  useEffect(() => {
    onPoint(run)
    return () => onPoint(null)
  })
  return (
    <div className={chart.tip}>
      <strong>{runSubject(run) ?? run.externalId}</strong>
      <span>
        {runStates[run.state].word}
        {duration === null ? '' : `, ${formatDuration(duration)}`}
      </span>
    </div>
  )
}

/** What is usual, as a line with its words at the right. */
function level(name: string, duration: number | null, isBelow: boolean) {
  if (duration === null) return null
  return (
    <ReferenceLine
      y={duration}
      stroke="var(--accent-text)"
      strokeDasharray="4 3"
      strokeWidth={1.25}
      label={({ viewBox }: { viewBox: { x: number; y: number; width: number } }) => (
        <text
          x={viewBox.x + viewBox.width + 6}
          y={viewBox.y}
          dy={isBelow ? '1.1em' : '0.32em'}
          className={styles.level}
        >
          {name} {formatDuration(duration)}
        </text>
      )}
    />
  )
}

/** Whether words at both lines would overlap. */
function isNear(one: number | null, other: number, highest: number): boolean {
  return one !== null && Math.abs(one - other) / highest < 0.08
}

function summary(timed: Timed[], p50: number | null, p95: number | null): string {
  const known = timed.flatMap(({ duration }) => duration ?? [])
  const failed = timed.filter(({ run }) => run.state === 'FAILED').length
  const range =
    known.length === 0
      ? ''
      : `, between ${formatDuration(Math.min(...known))} and ${formatDuration(Math.max(...known))}`
  const levels =
    p50 === null || p95 === null ? '' : `; median ${formatDuration(p50)}, 95% within ${formatDuration(p95)}`
  return `Durations of the last ${timed.length} runs, ${failed} failed${range}${levels}`
}
